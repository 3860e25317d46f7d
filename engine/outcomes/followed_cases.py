"""Cases that are compared: those followed at a landmark, their levels, and the share of a group. Pure.

Only cases that are still followed at the landmark, without a report before it, are compared: what came later
does not put a case into a group (no immortal time).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.stats import norm

from engine.domain.outcomes.comparisons import ComparedBy, Verdict
from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.observed import ObservedCase
from engine.outcomes.cluster_variance import Bools, Floats, share_influences
from engine.outcomes.observed.answering import first_ending
from engine.outcomes.statistics.risk_table import EVENT, risk_table

LANDMARK_DAYS = 92
"""The first date after 3 months, where a step of a published curve can end."""
_NOT_RECORDED = "not recorded"
AN_ORDER = "an order applies and was served"
Times = tuple[tuple[int, int | None], ...]


@dataclass(frozen=True)
class Followed:
    """The cases that are compared: days since the landmark, and whether a report ended them."""

    cases: tuple[ObservedCase, ...]
    days: Floats
    had: Bools


def followed_from(cases: Sequence[ObservedCase], landmark: int) -> Followed:
    """Return the cases still followed at the landmark without a report before it."""
    ends = [(case, first_ending(case, Measure.REPORTED)) for case in cases]
    chosen = [(case, end) for case, end in ends if end is not None and end.days >= landmark]
    return Followed(
        cases=tuple(case for case, _ in chosen),
        days=np.array([float(end.days - landmark) for _, end in chosen]),
        had=np.array([end.ending == EVENT for _, end in chosen], dtype=np.bool_),
    )


def features(
    by: ComparedBy, cases: Sequence[ObservedCase], landmark: int = LANDMARK_DAYS
) -> dict[str, Callable[[ObservedCase], bool]]:
    """Return each level with the test of whether a case has it. "Not recorded" is left out."""
    levels: set[str] = set()
    for case in cases:
        levels |= levels_of(by, case, landmark)
    return {
        level: (lambda case, level=level: level in levels_of(by, case, landmark))  # type: ignore[misc]
        for level in sorted(levels)
    }


def share_by(followed: Followed, chosen: Bools, horizon: int) -> tuple[float, float]:
    """Return the estimated share with a report by the horizon, and its variance (Greenwood)."""
    table = risk_table(followed.days[chosen], np.where(followed.had[chosen], EVENT, 0).astype(np.int64))
    now = (table.times <= horizon) & (table.events > 0)
    at_risk, events = table.at_risk[now].astype(float), table.events[now].astype(float)
    left = float(np.prod((at_risk - events) / at_risk)) if len(at_risk) else 1.0
    inner = events / (at_risk * np.maximum(at_risk - events, 0.5))
    return 1 - left, left**2 * float(inner.sum())


def influences_on_share(followed: Followed, chosen: Bools, horizon: int) -> Floats:
    return share_influences(followed.days[chosen], followed.had[chosen], horizon)


def persons_of(followed: Followed) -> list[str]:
    return [case.person for case in followed.cases]


def difference_range(difference: float, variance: float, confidence: float) -> tuple[float, float]:
    """Return the ends of a difference for every 100 people."""
    half = float(norm.ppf(0.5 + confidence / 2)) * sqrt(variance)
    return round(100 * (difference - half), 1), round(100 * (difference + half), 1)


def verdict_of(low: float, high: float) -> Verdict:
    """Return what a range says: both ends on one side of 0, otherwise inconclusive."""
    if high < 0:
        return Verdict.FEWER
    return Verdict.MORE if low > 0 else Verdict.INCONCLUSIVE


def times_with(by: ComparedBy, case: ObservedCase, level: str) -> Times | None:
    """Return when an order applied, or from the first session of an intervention on; None: not read."""
    if by is ComparedBy.ORDER:
        return case.orders
    first = case.first_sessions.get(level)
    return () if first is None else ((first, None),)


def is_within(times: Times, day: int) -> bool:
    """Return whether it is in one of these times, each from its beginning until before its end."""
    return any(begin <= day and (end is None or day < end) for begin, end in times)


def levels_of(by: ComparedBy, case: ObservedCase, landmark: int = LANDMARK_DAYS) -> frozenset[str]:
    if by is ComparedBy.ORDER:
        return frozenset({AN_ORDER}) if is_within(case.orders or (), landmark) else frozenset()
    if by is ComparedBy.INTERVENTION:
        return case.interventions
    if by is ComparedBy.PERIOD:
        return frozenset({str(case.anchor.year)})
    level = case.typology if by is ComparedBy.TYPOLOGY else case.borough
    return frozenset() if level is None else frozenset({level})


def stratum_of(of: ComparedBy, case: ObservedCase) -> str:
    return next(iter(levels_of(of, case)), _NOT_RECORDED)
