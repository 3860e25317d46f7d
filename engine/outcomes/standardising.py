"""Comparisons of groups that are made alike in stated things: within strata, and by weights. Pure.

Each shows its balance and its overlap. Where too few cases have someone to be compared with, there is no
estimate.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
import numpy.typing as npt

from engine.domain.outcomes.comparisons import Balance, ComparedBy, Standardised
from engine.outcomes.cluster_variance import Bools, Floats, between_persons, share_influences
from engine.outcomes.followed_cases import (
    Followed,
    difference_range,
    influences_on_share,
    persons_of,
    share_by,
    stratum_of,
    verdict_of,
)
from engine.outcomes.weighting import chances_of, indicator_columns, weights_of

FEWEST_IN_STRATUM = 5
ENOUGH_OVERLAP = 0.8
_COVARIATES = (ComparedBy.TYPOLOGY, ComparedBy.BOROUGH, ComparedBy.PERIOD)


def standardise(
    followed: Followed, inside: Bools, horizon: int, confidence: float, by: ComparedBy
) -> Standardised:
    """Return the comparison within strata, weighted by all cases in them, with balance and overlap.

    Strata are types of stalking; a comparison of those is within boroughs.
    """
    of = ComparedBy.BOROUGH if by is ComparedBy.TYPOLOGY else ComparedBy.TYPOLOGY
    strata = np.array([stratum_of(of, case) for case in followed.cases])
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
    shares, independent = [0.0, 0.0], 0.0
    influences = np.zeros(len(strata))
    for stratum, weight in weights.items():
        for side, chosen in enumerate((inside, ~inside)):
            here = chosen & (strata == stratum)
            share, variance = share_by(followed, here, horizon)
            shares[side] += share * weight / total
            independent += variance * (weight / total) ** 2
            influences[here] = (1 - 2 * side) * weight / total * influences_on_share(followed, here, horizon)
    variance = max(independent, between_persons(influences, persons_of(followed)))
    low, high = difference_range(shares[0] - shares[1], variance, confidence)
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


def weigh(followed: Followed, inside: Bools, horizon: int, confidence: float, by: ComparedBy) -> Standardised:
    """Return the comparison of groups that weights make alike in several things.

    They are those of typology, borough and year that it does not compare.
    """
    recorded = [
        (each, values)
        for each in _COVARIATES
        if each is not by
        and len(set(values := np.array([stratum_of(each, case) for case in followed.cases]))) > 1
    ]
    if not recorded:
        return Standardised(covariate="none", refused="Nothing that differs is recorded at the decision.")
    names, columns = [each for each, _ in recorded], [values for _, values in recorded]
    covariate = " and ".join(each.value for each in names)
    weights, in_overlap = weights_of(inside, chances_of(inside, indicator_columns(columns)))
    overlap = round(float(in_overlap.mean()), 2) if len(in_overlap) else 0.0
    sides = (inside & in_overlap, ~inside & in_overlap)
    if overlap < ENOUGH_OVERLAP or min(int(side.sum()) for side in sides) < FEWEST_IN_STRATUM:
        refused = "The groups are too different to compare."
        return Standardised(covariate=covariate, refused=refused, in_overlap=overlap)
    shares = [_weighted_share(followed, side, horizon, weights[side]) for side in sides]
    influences = np.zeros(len(inside))
    for sign, side in zip((1, -1), sides, strict=True):
        influences[side] = sign * share_influences(
            followed.days[side], followed.had[side], horizon, weights[side]
        )
    low, high = difference_range(
        shares[0] - shares[1], between_persons(influences, persons_of(followed)), confidence
    )
    return Standardised(
        covariate=covariate,
        with_share=round(shares[0], 3),
        without_share=round(shares[1], 3),
        low=low,
        high=high,
        verdict=verdict_of(low, high),
        balance=_weighted_balance(names, columns, inside, sides, weights),
        in_overlap=overlap,
        e_value=_e_value(shares[0], shares[1]),
    )


def _weighted_share(followed: Followed, side: Bools, horizon: int, weights: Floats) -> float:
    """Return the share with a report by the horizon, each case counted by its weight (Kaplan-Meier)."""
    days, had = followed.days[side], followed.had[side]
    left = 1.0
    for time in np.unique(days[had & (days <= horizon)]):
        left *= 1 - float(weights[had & (days == time)].sum() / weights[days >= time].sum())
    return 1 - left


def _weighted_balance(
    names: Sequence[ComparedBy],
    columns: Sequence[npt.NDArray[np.str_]],
    inside: Bools,
    sides: tuple[Bools, Bools],
    weights: Floats,
) -> tuple[Balance, ...]:
    found = []
    for name, values in zip(names, columns, strict=True):
        pairs = []
        for level in sorted(set(values.tolist())):
            has = (values == level).astype(float)
            after = _difference(has[sides[0]], has[sides[1]], weights[sides[0]], weights[sides[1]])
            pairs.append((abs(_difference(has[inside], has[~inside], None, None)), abs(after)))
        before, after = (round(max(each), 2) for each in zip(*pairs, strict=True))
        found.append(Balance(name=name.value, before=before, after=after))
    return tuple(found)


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
    for name in _COVARIATES:
        if name is by:
            continue
        of = np.array([stratum_of(name, case) for case in followed.cases])
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
