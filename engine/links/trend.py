"""Tests of a trend over a few dates, with their exact probabilities. Knows numbers and no case.

The Laplace test in its event-truncated form: with t(1) ... t(n) the days of n events since the observation
began, the statistic is the mean of t(1) ... t(n-1) divided by t(n). Without a trend those are spread evenly
over the time until the last, and the mean of n-1 even numbers has the Irwin-Hall distribution (Cox and Lewis
1966, The Statistical Analysis of Series of Events, chapter 3). Near 1 the events crowd at the end.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise, permutations

import numpy as np

SHUFFLES = 1_999
_MOST_EXACT = 7
"""Up to so many values every order is looked at; beyond, SHUFFLES of them."""
_EVEN = 1e-9


def laplace_statistic(days: Sequence[float]) -> float | None:
    """The mean of all but the last, as a part of the last; None if all lie on the first day."""
    if len(days) < 2 or days[-1] <= 0:
        return None
    return float(sum(days[:-1]) / (len(days) - 1) / days[-1])


def laplace_probability(statistic: float, events: int) -> float:
    """How often a mean of ``events`` even numbers is at least so large, exactly (Irwin and Hall 1927)."""
    if events > 20:
        return 0.5 * math.erfc((statistic - 0.5) * math.sqrt(12 * events) / math.sqrt(2))
    # with fractions: the sum alternates, and floats would cancel
    total = Fraction(statistic).limit_denominator(10**9) * events
    below = sum(
        (-1) ** k * math.comb(events, k) * (total - k) ** events for k in range(math.floor(total) + 1)
    )
    return float(min(Fraction(1), max(Fraction(0), 1 - below / math.factorial(events))))


def gap_probability(gaps: Sequence[float], statistic: float) -> float:
    """How many orders of the same gaps give a statistic at least as large: bursts alone raise no alarm.

    Every order of up to seven gaps; else shuffles that begin from a seed made of the gaps, so that the answer
    is the same every time.
    """
    orders = _orders(gaps)
    days = np.cumsum(orders, axis=1)
    found = days[:, :-1].mean(axis=1) / days[:, -1]
    as_large = int((found >= statistic - _EVEN).sum())
    return as_large / len(orders) if len(gaps) <= _MOST_EXACT else (as_large + 1) / (len(orders) + 1)


def rise_probability(values: Sequence[float]) -> tuple[int, float]:
    """Mann and Kendall's sum over pairs (later minus earlier, by sign), and how many orders give as much."""
    orders = _orders(values)
    sums = np.zeros(len(orders))
    for place in range(orders.shape[1] - 1):
        sums += np.sign(orders[:, place + 1 :] - orders[:, place : place + 1]).sum(axis=1)
    given = np.asarray(values, dtype=float)
    total = int(sum(np.sign(given[place + 1 :] - given[place]).sum() for place in range(len(given) - 1)))
    as_large = int((sums >= total).sum())
    exact = len(values) <= _MOST_EXACT
    return total, as_large / len(orders) if exact else (as_large + 1) / (len(orders) + 1)


def gaps_between(days: Sequence[float]) -> list[float]:
    """The time before each event since the one before it, the first since the observation began."""
    return [later - earlier for earlier, later in pairwise([0.0, *days])]


def least_probability(gaps: int) -> float:
    """The least that ``gap_probability`` can say about so many gaps."""
    return 1 / math.factorial(gaps) if gaps <= _MOST_EXACT else 1 / (SHUFFLES + 1)


def _orders(values: Sequence[float]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    given = np.asarray(values, dtype=float)
    if len(given) <= _MOST_EXACT:
        return np.array(list(permutations(given)), dtype=float).reshape(-1, len(given))
    digest = hashlib.sha256(given.tobytes()).digest()
    random = np.random.default_rng(int.from_bytes(digest[:8], "little"))
    return random.permuted(np.tile(given, (SHUFFLES, 1)), axis=1)
