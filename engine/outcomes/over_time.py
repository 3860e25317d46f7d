"""First reports in times with a court order, or after a first session, and in times without. Pure.

A case counts on both sides, each date where it belongs, so that no time before service counts for an order
and none before the first session for an intervention (no immortal time). Reports are most frequent soon after
the decision, when few orders are served and few sessions held: so only times of the same month after it are
compared (Mantel and Haenszel's ratio of rates, which is near Cox's with a covariate that changes with time).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, sqrt

import numpy as np
from scipy.stats import norm

from engine.domain.outcomes.comparisons import ComparedBy, OverTime
from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.observed import ObservedCase
from engine.outcomes.cluster_variance import Floats, between_persons
from engine.outcomes.followed_cases import is_within, times_with, verdict_of
from engine.outcomes.observed.answering import first_ending
from engine.outcomes.statistics.risk_table import EVENT

_STRATUM_DAYS = 30


def over_time(
    cases: Sequence[ObservedCase], by: ComparedBy, level: str, confidence: float, limit: int
) -> OverTime | None:
    """Return the range of the ratio; None where a side has fewer cases than the limit with or without.

    None also where a feature does not change with time, such as the year.
    """
    if by not in (ComparedBy.ORDER, ComparedBy.INTERVENTION):
        return None
    followed = [
        (end, times, case.person)
        for case in cases
        if (times := times_with(by, case, level)) is not None
        and (end := first_ending(case, Measure.REPORTED)) is not None
    ]
    if not followed:
        return None
    days = np.array([float(end.days) for end, _, _ in followed])
    had = np.array([end.ending == EVENT for end, _, _ in followed])
    strata = int(days.max() // _STRATUM_DAYS) + 1
    inside = np.array([is_within(times, end.days) for end, times, _ in followed])
    place = (days // _STRATUM_DAYS).astype(int)
    time = _times_in_strata(days, strata)
    with_it = np.zeros_like(time)
    for row, (end, spans, _) in enumerate(followed):
        for begin, until in spans:
            last = end.days if until is None else min(until, end.days)
            ends = np.array([float(min(begin, end.days)), float(last)])
            first_part, whole = _times_in_strata(ends, strata)
            with_it[row] += np.maximum(whole - first_part, 0)
    at_risk_times = (with_it, time - with_it)
    events = tuple(np.where((had & side)[:, None], np.eye(strata)[place], 0.0) for side in (inside, ~inside))
    for side, at_risk in zip((inside, ~inside), at_risk_times, strict=True):
        with_report = int((had & side).sum())
        others = int(((at_risk.sum(axis=1) > 0) & ~(had & side)).sum())
        if min(with_report, others) < limit:
            return None
    persons = [person for _, _, person in followed]
    return _ratio(events[0], events[1], with_it, time - with_it, persons, confidence)


def _times_in_strata(days: Floats, strata: int) -> Floats:
    """Return how many of the first so many days are in each stratum."""
    begins = np.arange(strata) * _STRATUM_DAYS
    found: Floats = np.clip(days[:, None] - begins[None, :], 0, _STRATUM_DAYS)
    return found


def _ratio(
    events: Floats,
    others: Floats,
    times: Floats,
    other_times: Floats,
    persons: Sequence[str],
    confidence: float,
) -> OverTime | None:
    """Return the ratio of rates within strata, with its variance between persons or of independent events."""
    e1, e0 = events.sum(axis=0), others.sum(axis=0)
    t1, t0 = times.sum(axis=0), other_times.sum(axis=0)
    both = (t1 > 0) & (t0 > 0)
    e1, e0, t1, t0 = e1[both], e0[both], t1[both], t0[both]
    total = t1 + t0
    above, below = float((e1 * t0 / total).sum()), float((e0 * t1 / total).sum())
    if above <= 0 or below <= 0:
        return None
    influences = ((events[:, both] - times[:, both] * (e1 / t1)) * (t0 / total)).sum(axis=1) / above
    influences -= ((others[:, both] - other_times[:, both] * (e0 / t0)) * (t1 / total)).sum(axis=1) / below
    independent = float((t1 * t0 * (e1 + e0) / total**2).sum()) / (above * below)
    variance = max(independent, between_persons(influences, persons))
    half = float(norm.ppf(0.5 + confidence / 2)) * sqrt(variance)
    middle = log(above / below)
    low, high = exp(middle - half), exp(middle + half)
    return OverTime(low=round(low, 2), high=round(high, 2), verdict=verdict_of(low - 1, high - 1))
