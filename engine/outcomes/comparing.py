"""Comparison of cases with and without a feature that is fixed at a landmark: differences as ranges. Pure.

Ranges are corrected for the number of comparisons (Bonferroni), and are between persons: cases of one person
say less than cases of several. No comparison shows a cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from engine.domain.outcomes.comparisons import Arm, ComparedBy, Comparison, Comparisons
from engine.domain.outcomes.observed import ObservedCase
from engine.outcomes.cluster_variance import Bools, between_persons
from engine.outcomes.followed_cases import (
    LANDMARK_DAYS,
    Followed,
    difference_range,
    features,
    followed_from,
    influences_on_share,
    persons_of,
    share_by,
    stratum_of,
    verdict_of,
)
from engine.outcomes.over_time import over_time
from engine.outcomes.standardising import standardise, weigh

HORIZON_DAYS = 273
"""From the landmark to the end of 12 months, where a step of a published curve can end."""
ALL_HOLD = 0.95


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
    if by is ComparedBy.ORDER:
        followed = _where_orders_were_read(followed)
    levels = features(by, followed.cases, landmark)
    confidence = 1 - (1 - ALL_HOLD) / max(len(levels), 1)
    last = {
        each.level: each
        for each in before
        if each.by is by and (each.landmark_days, each.horizon_days) == (landmark, horizon)
    }
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
                    weighted=weigh(followed, inside, horizon, confidence, by),
                    over_time=over_time(cases, by, level, confidence, limit),
                )
            )
    if by not in (ComparedBy.INTERVENTION, ComparedBy.ORDER):
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
    of = np.array([stratum_of(by, case) for case in followed.cases])
    had = followed.had & (followed.days <= horizon)
    while shown:
        hidden = sorted(set(of.tolist()) - {each.level for each in shown})
        rest = np.isin(of, hidden)
        events, others = int((rest & had).sum()), int((rest & ~had).sum())
        if not hidden or (len(hidden) > 1 and min(events, others) >= limit):
            return sorted(shown, key=lambda each: each.level)
        shown = sorted(shown, key=lambda each: (each.with_it.cases, each.level))[1:]
    return []


def _compared(
    followed: Followed, inside: Bools, horizon: int, confidence: float, limit: int
) -> tuple[Arm, Arm, float, float] | None:
    arms, shares, independent = [], [], 0.0
    influences = np.zeros(len(inside))
    for sign, chosen in ((1, inside), (-1, ~inside)):
        cases = int(chosen.sum())
        events = int((followed.had & chosen & (followed.days <= horizon)).sum())
        if events < limit or cases - events < limit:
            return None
        share, variance = share_by(followed, chosen, horizon)
        arms.append(Arm(cases=cases, events=events, share=round(share, 3)))
        shares.append(share)
        independent += variance
        influences[chosen] = sign * influences_on_share(followed, chosen, horizon)
    variance = max(independent, between_persons(influences, persons_of(followed)))
    low, high = difference_range(shares[0] - shares[1], variance, confidence)
    return arms[0], arms[1], low, high


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


def _where_orders_were_read(followed: Followed) -> Followed:
    """Return the cases whose orders were read."""
    read = np.array([case.orders is not None for case in followed.cases], dtype=np.bool_)
    cases = tuple(case for case in followed.cases if case.orders is not None)
    return Followed(cases=cases, days=followed.days[read], had=followed.had[read])
