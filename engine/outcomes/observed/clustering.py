"""Intervals of shares and rates over cases, some of the same person. Pure.

Cases of one person say less than cases of different people: the variance is that between persons. An
interval is as wide as one over independent cases would be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import exp, sqrt

from engine.domain.outcomes.analysis import Rate
from engine.domain.outcomes.answers import Share
from engine.outcomes.statistics.curves import Z_95
from engine.outcomes.statistics.rates import exact_rate


def clustered_share(had: Sequence[bool], persons: Sequence[str]) -> Share:
    """Return the share of cases that had it, with Wilson's interval at the effective number of cases.

    That number is the cases divided by the design effect: the variance of the ratio between persons
    divided by that of independent cases (Kish 1965). It is the cases at most.
    """
    cases = len(had)
    if not cases:
        return Share(None, None, None)
    share = sum(had) / cases
    effective = cases / _design_effect(had, persons, share)
    spread = Z_95**2 / effective
    middle = (share + spread / 2) / (1 + spread)
    half = Z_95 / (1 + spread) * sqrt(share * (1 - share) / effective + spread / (4 * effective))
    low = 0.0 if share == 0 else max(middle - half, 0.0)
    return Share(share, low, 1.0 if share == 1 else min(middle + half, 1.0))


def _design_effect(had: Sequence[bool], persons: Sequence[str], share: float) -> float:
    cases = len(had)
    sizes: dict[str, int] = defaultdict(int)
    above: dict[str, float] = defaultdict(float)
    for one, person in zip(had, persons, strict=True):
        sizes[person] += 1
        above[person] += one - share
    if len(sizes) == cases:
        return 1.0
    if not 0 < share < 1:  # no variance to compare: as if all cases of a person were one
        return sum(size**2 for size in sizes.values()) / cases
    between = sum(each**2 for each in above.values()) / cases
    return max(between / (share * (1 - share)), 1.0)


def clustered_rate(numbers: Sequence[int], times: Sequence[float], persons: Sequence[str]) -> Rate:
    """Return events by person-time; its interval is the wider of the exact one and one from between persons.

    The first supposes that an act makes no other one more likely, which is not so for stalking. The second is
    the variance of a ratio of sums over persons, on the scale of the logarithm.
    """
    events, total = sum(numbers), sum(times)
    exact = exact_rate(events, total)
    if exact.estimate is None or exact.low is None or exact.high is None or not events:
        return exact
    residuals: dict[str, float] = defaultdict(float)
    for number, time, person in zip(numbers, times, persons, strict=True):
        residuals[person] += number - exact.estimate * time
    persons_seen = len(residuals)
    if persons_seen < 2:
        return exact
    variance = persons_seen / (persons_seen - 1) * sum(each**2 for each in residuals.values()) / events**2
    factor = exp(Z_95 * sqrt(variance))
    return Rate(
        exact.estimate, min(exact.low, exact.estimate / factor), max(exact.high, exact.estimate * factor)
    )
