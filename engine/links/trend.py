"""Tests of a trend over a few dates, with their exact probabilities. Knows numbers and no case.

The Laplace test in its event-truncated form: with t(1) ... t(n) the days of n events since the observation
began, the statistic is the mean of t(1) ... t(n-1) divided by t(n). Without a trend those are spread evenly
over the time until the last, and the mean of n-1 even numbers has the Irwin-Hall distribution (Cox and Lewis
1966, The Statistical Analysis of Series of Events, chapter 3). Near 1 the events crowd at the end.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import operator
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise, permutations
from random import Random

SHUFFLES = 1_999
_MOST_EXACT = 7
"""Up to so many values every order is tried; beyond, SHUFFLES of them."""
_MOST_SHUFFLED = 60
_MOST_GAPS_SHUFFLED = 400
_EVEN = 1e-9


def laplace_statistic(days: Sequence[float]) -> float | None:
    """Return the mean of all but the last, as a part of the last; None if all are on the first day."""
    if len(days) < 2 or days[-1] <= 0:
        return None
    return float(sum(days[:-1]) / (len(days) - 1) / days[-1])


def laplace_probability(statistic: float, events: int) -> float:
    """Return how often a mean of ``events`` even numbers is at least so large,
    exactly (Irwin and Hall 1927).
    """
    if events > 20:
        return 0.5 * math.erfc((statistic - 0.5) * math.sqrt(12 * events) / math.sqrt(2))
    # with fractions: the sum alternates, and floats would cancel
    total = Fraction(statistic).limit_denominator(10**9) * events
    below = sum(
        (-1) ** k * math.comb(events, k) * (total - k) ** events for k in range(math.floor(total) + 1)
    )
    return float(1 - below / math.factorial(events))


def gap_probability(gaps: Sequence[float], statistic: float) -> float:
    """Return how many orders of the same gaps give a statistic at least as large:
    a burst is not enough for an alarm.

    Every order of up to seven gaps; else shuffles that begin from a seed made of the gaps, so that the answer
    is the same every time; of more than 400 by the normal form, which is as good there.
    """
    whole = sum(gaps) * (len(gaps) - 1)
    # a gap that comes first is in the day of every event after it
    shares = [len(gaps) - 1 - place for place in range(len(gaps))]
    if len(gaps) > _MOST_GAPS_SHUFFLED:
        middle = sum(gaps) * sum(shares) / len(gaps)
        spread = math.sqrt(_squares(gaps) * _squares(shares) / (len(gaps) - 1))
        return 0.5 * math.erfc((statistic * whole - middle) / spread / math.sqrt(2)) if spread else 1.0
    as_large = number = 0
    for order in _orders(gaps):
        found = sum(map(operator.mul, order, shares)) / whole
        as_large += found >= statistic - _EVEN
        number += 1
    return as_large / number if len(gaps) <= _MOST_EXACT else (as_large + 1) / (number + 1)


def is_rarer(gaps: Sequence[float], statistic: float, *, than: float) -> bool:
    """Return whether ``gap_probability`` is at most so much; of what is frequent few orders are tried.

    Remembered for the last few thousand: lists ask the same of their cases each time that they are read.
    """
    return _is_rarer(tuple(gaps), statistic, than)


@lru_cache(maxsize=4_096)
def _is_rarer(gaps: tuple[float, ...], statistic: float, than: float) -> bool:
    if len(gaps) > _MOST_GAPS_SHUFFLED:
        return gap_probability(gaps, statistic) <= than
    whole = sum(gaps) * (len(gaps) - 1)
    shares = [len(gaps) - 1 - place for place in range(len(gaps))]
    least = (statistic - _EVEN) * whole
    is_exact = len(gaps) <= _MOST_EXACT
    most = than * math.factorial(len(gaps)) if is_exact else than * (SHUFFLES + 1) - 1
    as_large = 0
    for order in _orders(gaps):
        as_large += sum(map(operator.mul, order, shares)) >= least
        if as_large > most:
            return False
    return True


def rise_tails(totals: Sequence[int], values: Sequence[float]) -> tuple[float, ...]:
    """Return how many orders of these values give at least each sum of ``rises``; their own does not matter.

    Of more than 60 values by the normal form, with its correction for equal ones: it is as good there.
    """
    if len(values) > _MOST_SHUFFLED:
        return tuple(_kendall_tail(total, values) for total in totals)
    as_large, number = [0] * len(totals), 0
    for order in _orders(sorted(values)):
        found = rises(order)
        as_large = [count + (found >= total) for count, total in zip(as_large, totals, strict=True)]
        number += 1
    if len(values) <= _MOST_EXACT:
        return tuple(count / number for count in as_large)
    return tuple((count + 1) / (number + 1) for count in as_large)


def _squares(values: Sequence[float]) -> float:
    middle = math.fsum(values) / len(values)
    return math.fsum((value - middle) ** 2 for value in values)


def rises(values: Sequence[float]) -> int:
    """Return Mann and Kendall's sum: of every two values how often the later is larger,
    less how often smaller.
    """
    before: list[float] = []
    total = 0
    for value in values:
        total += bisect_left(before, value) - (len(before) - bisect_right(before, value))
        insort(before, value)
    return total


def _kendall_tail(total: int, values: Sequence[float]) -> float:
    number, ties = len(values), Counter(values).values()
    spread = number * (number - 1) * (2 * number + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)
    if spread <= 0:
        return 1.0
    return 0.5 * math.erfc((total - 1) / math.sqrt(spread / 18) / math.sqrt(2))


def gaps_between(days: Sequence[float]) -> list[float]:
    """Return the time before each event since the one before it, the first since the observation began."""
    return [later - earlier for earlier, later in pairwise([0.0, *days])]


def least_probability(gaps: Sequence[float], *, only: float | None = None) -> float:
    """Return the least that ``gap_probability`` can say of these gaps:
    equal ones have fewer orders among them.

    ``only`` takes for equal only those gaps that are of this length.
    """
    alike = [same for gap, same in Counter(gaps).items() if only is None or gap == only]
    orders = math.lgamma(len(gaps) + 1) - sum(math.lgamma(same + 1) for same in alike)
    least = math.exp(-orders)
    return least if len(gaps) <= _MOST_EXACT else max(least, 1 / (SHUFFLES + 1))


def fewest_gaps(at_most: float) -> int:
    """Return how many gaps there must be before any order of them can be so rare."""
    return next(number for number in itertools.count(2) if 1 / math.factorial(number) <= at_most)


def _orders(values: Sequence[float]) -> Iterator[Sequence[float]]:
    """Yield every order of few values, or shuffles of many."""
    if len(values) <= _MOST_EXACT:
        yield from permutations(values)
        return
    order = list(values)
    # no secret depends on these shuffles, and they must be the same every time
    bits = Random(hashlib.sha256(repr(order).encode()).digest()).getrandbits  # noqa: S311
    places = [(place, place + 1, (place + 1).bit_length()) for place in range(len(order) - 1, 0, -1)]
    for _ in range(SHUFFLES):
        for place, number, length in places:  # what Random.shuffle does, in a third of its time
            while (other := bits(length)) >= number:
                pass
            order[place], order[other] = order[other], order[place]
        yield order
