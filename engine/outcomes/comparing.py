"""Comparison of cases with and without a feature that is fixed at a landmark: differences as ranges. Pure.

Only cases that are still followed at the landmark, without a report before it, are compared: what came
later does not put a case into a group (no immortal time). Ranges are corrected for the number of comparisons
(Bonferroni). No comparison shows a cause.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from engine.domain.outcomes.comparisons import (
    Arm,
    Balance,
    ComparedBy,
    Comparison,
    Comparisons,
    Standardised,
    Verdict,
)
from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.observed import ObservedCase
from engine.outcomes.observed.answering import first_ending
from engine.outcomes.statistics.risk_table import EVENT, risk_table

LANDMARK_DAYS = 90
HORIZON_DAYS = 365
ALL_HOLD = 0.95
FEWEST_IN_STRATUM = 5
ENOUGH_OVERLAP = 0.8
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_NOT_RECORDED = "not recorded"


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


def features(by: ComparedBy, cases: Sequence[ObservedCase]) -> dict[str, Callable[[ObservedCase], bool]]:
    """Return each level with the test of whether a case has it. "Not recorded" is left out."""
    levels: set[str] = set()
    for case in cases:
        levels |= _levels_of(by, case)
    return {level: (lambda case, level=level: level in _levels_of(by, case)) for level in sorted(levels)}  # type: ignore[misc]


def compare(
    cases: Sequence[ObservedCase],
    by: ComparedBy,
    *,
    as_of: date,
    limit: int,
    before: Sequence[Comparison] = (),
    landmark: int = LANDMARK_DAYS,
    horizon: int = HORIZON_DAYS,
) -> Comparisons:
    """Return the comparisons by a feature. A side that counts fewer than the limit hides its comparison.

    ``before`` are those of earlier releases, the oldest first. Where fewer than the limit have changed since
    the newest of a level, it is repeated.
    """
    followed = followed_from(cases, landmark)
    levels = features(by, followed.cases)
    confidence = 1 - (1 - ALL_HOLD) / max(len(levels), 1)
    last = {each.level: each for each in before if each.by is by}
    shown = []
    for level, has in levels.items():
        inside = np.array([has(case) for case in followed.cases], dtype=np.bool_)
        compared = _compared(followed, inside, horizon, confidence, limit)
        then = last.get(level)
        if then is not None and (compared is None or _changed_little(then, compared, limit)):
            shown.append(then)
        elif compared is not None:
            with_it, without, low, high = compared
            shown.append(
                Comparison(
                    by=by,
                    level=level,
                    as_of=as_of,
                    landmark_days=landmark,
                    horizon_days=horizon,
                    with_it=with_it,
                    without=without,
                    low=low,
                    high=high,
                    verdict=verdict_of(low, high),
                    standardised=standardise(followed, inside, horizon, confidence, by),
                )
            )
    if by is not ComparedBy.INTERVENTION:
        shown = _without_the_rest_given_away(followed, by, shown, horizon, limit)
    return Comparisons(
        by=by,
        counted=len(levels),
        confidence=confidence,
        shown=tuple(shown),
        hidden=len(levels) - len(shown),
    )


def _without_the_rest_given_away(
    followed: Followed, by: ComparedBy, shown: list[Comparison], horizon: int, limit: int
) -> list[Comparison]:
    """Hide the smallest level too where the levels that are hidden could be worked out from all others.

    Each case has one level, so what is hidden adds up to a known number: it must be of two levels, and large.
    """
    of = np.array([_stratum(by, case) for case in followed.cases])
    had = followed.had & (followed.days <= horizon)
    while shown:
        hidden = sorted(set(of.tolist()) - {each.level for each in shown})
        rest = np.isin(of, hidden)
        events, others = int((rest & had).sum()), int((rest & ~had).sum())
        if not hidden or (len(hidden) > 1 and min(events, others) >= limit):
            return sorted(shown, key=lambda each: each.level)
        shown = sorted(shown, key=lambda each: (each.with_it.cases, each.level))[1:]
    return []


def verdict_of(low: float, high: float) -> Verdict:
    """Return what a range says: both ends on one side of 0, otherwise inconclusive."""
    if high < 0:
        return Verdict.FEWER
    return Verdict.MORE if low > 0 else Verdict.INCONCLUSIVE


def standardise(
    followed: Followed, inside: Bools, horizon: int, confidence: float, by: ComparedBy
) -> Standardised:
    """Return the comparison within strata, weighted by all cases in them, with balance and overlap.

    Strata are types of stalking; a comparison of those is within boroughs.
    """
    of = ComparedBy.BOROUGH if by is ComparedBy.TYPOLOGY else ComparedBy.TYPOLOGY
    strata = np.array([_stratum(of, case) for case in followed.cases])
    weights: dict[str, int] = {}
    for stratum in sorted(set(strata.tolist())):
        here = strata == stratum
        if min(int((here & inside).sum()), int((here & ~inside).sum())) >= FEWEST_IN_STRATUM:
            weights[stratum] = int(here.sum())
    overlap = sum(weights.values()) / len(strata) if len(strata) else 0.0
    if overlap < ENOUGH_OVERLAP:
        return Standardised(
            covariate=of.value,
            refused="The groups are too different to compare.",
            in_overlap=round(overlap, 2),
        )
    total = sum(weights.values())
    shares, variances = [0.0, 0.0], [0.0, 0.0]
    for stratum, weight in weights.items():
        for side, chosen in enumerate((inside, ~inside)):
            share, variance = share_by(followed, chosen & (strata == stratum), horizon)
            shares[side] += share * weight / total
            variances[side] += variance * (weight / total) ** 2
    low, high = _range(shares[0] - shares[1], sum(variances), confidence)
    return Standardised(
        covariate=of.value,
        with_share=round(shares[0], 3),
        without_share=round(shares[1], 3),
        low=low,
        high=high,
        verdict=verdict_of(low, high),
        balance=_balance(followed, inside, strata, weights, by),
        in_overlap=round(overlap, 2),
        e_value=_e_value(shares[0], shares[1]),
    )


def share_by(followed: Followed, chosen: Bools, horizon: int) -> tuple[float, float]:
    """Return the estimated share with a report by the horizon, and its variance (Greenwood)."""
    table = risk_table(followed.days[chosen], np.where(followed.had[chosen], EVENT, 0).astype(np.int64))
    now = (table.times <= horizon) & (table.events > 0)
    at_risk, events = table.at_risk[now].astype(float), table.events[now].astype(float)
    left = float(np.prod((at_risk - events) / at_risk)) if len(at_risk) else 1.0
    inner = events / (at_risk * np.maximum(at_risk - events, 0.5))
    return 1 - left, left**2 * float(inner.sum())


def _compared(
    followed: Followed, inside: Bools, horizon: int, confidence: float, limit: int
) -> tuple[Arm, Arm, float, float] | None:
    arms, variances = [], []
    for chosen in (inside, ~inside):
        cases = int(chosen.sum())
        events = int((followed.had & chosen & (followed.days <= horizon)).sum())
        if events < limit or cases - events < limit:
            return None
        share, variance = share_by(followed, chosen, horizon)
        arms.append(Arm(cases=cases, events=events, share=round(share, 3)))
        variances.append((share, variance))
    low, high = _range(variances[0][0] - variances[1][0], variances[0][1] + variances[1][1], confidence)
    return arms[0], arms[1], low, high


def _range(difference: float, variance: float, confidence: float) -> tuple[float, float]:
    """Return the ends of a difference for every 100 people."""
    half = float(norm.ppf(0.5 + confidence / 2)) * sqrt(variance)
    return round(100 * (difference - half), 1), round(100 * (difference + half), 1)


def _changed_little(then: Comparison, now: tuple[Arm, Arm, float, float], limit: int) -> bool:
    differences = [
        abs(after - before)
        for one, other in ((then.with_it, now[0]), (then.without, now[1]))
        for before, after in (
            (one.events, other.events),
            (one.cases - one.events, other.cases - other.events),
        )
    ]
    return not any(differences) or any(0 < each < limit for each in differences)


def _levels_of(by: ComparedBy, case: ObservedCase) -> frozenset[str]:
    if by is ComparedBy.INTERVENTION:
        return case.interventions
    if by is ComparedBy.PERIOD:
        return frozenset({str(case.anchor.year)})
    level = case.typology if by is ComparedBy.TYPOLOGY else case.borough
    return frozenset() if level is None else frozenset({level})


def _stratum(of: ComparedBy, case: ObservedCase) -> str:
    return next(iter(_levels_of(of, case)), _NOT_RECORDED)


def _balance(
    followed: Followed, inside: Bools, strata: npt.NDArray[np.str_], weights: dict[str, int], by: ComparedBy
) -> tuple[Balance, ...]:
    """Return standardised differences of types, boroughs and years, the largest of each."""
    used = np.isin(strata, list(weights))
    weight = np.zeros(len(strata))
    for stratum, size in weights.items():
        for chosen in (inside, ~inside):
            here = chosen & (strata == stratum)
            weight[here] = size / here.sum()
    found = []
    for name in (ComparedBy.TYPOLOGY, ComparedBy.BOROUGH, ComparedBy.PERIOD):
        if name is by:
            continue
        of = np.array([_stratum(name, case) for case in followed.cases])
        pairs = []
        for level in sorted(set(of.tolist())):
            has = (of == level).astype(float)
            before = _difference(has[inside], has[~inside], None, None)
            after = _difference(
                has[inside & used], has[~inside & used], weight[inside & used], weight[~inside & used]
            )
            pairs.append((abs(before), abs(after)))
        found.append(
            Balance(
                name=name.value,
                before=round(max(before for before, _ in pairs), 2),
                after=round(max(after for _, after in pairs), 2),
            )
        )
    return tuple(found)


def _difference(one: Floats, other: Floats, weights: Floats | None, others: Floats | None) -> float:
    a, b = float(np.average(one, weights=weights)), float(np.average(other, weights=others))
    spread = sqrt((a * (1 - a) + b * (1 - b)) / 2)
    return (a - b) / spread if spread > 0 else 0.0


def _e_value(one: float, other: float) -> float | None:
    """Return the E-value of a ratio of two shares (VanderWeele and Ding 2017)."""
    if one <= 0 or other <= 0:
        return None
    ratio = max(one / other, other / one)
    return round(ratio + sqrt(ratio * (ratio - 1)), 1)
