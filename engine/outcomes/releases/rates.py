"""Rate of a group ("how often"), and the rates that would give that of another group away. Pure.

Acts add up: those of a hidden group are those of a wider group less those of the other groups in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.observed import ObservedCase
from engine.domain.outcomes.releases import FurtherOften, Group, GroupFigures
from engine.outcomes.observed.clustering import clustered_rate
from engine.outcomes.observed.windows import WINDOW_DAYS, acts_observed, time_at_risk

_DAYS_IN_YEAR = 365.25
_DOMINATES = 0.9
ActsByCodes = Mapping[tuple[str, str, str], Sequence[int]]
"""The acts of each counted case, by period, borough and type."""


def is_of_few(acts: Sequence[int], limit: int) -> bool:
    """Return whether fewer than the limit have any of these acts, or two cases have nearly all."""
    two = sum(sorted(acts)[-2:])
    return sum(number > 0 for number in acts) < limit or two > _DOMINATES * sum(acts)


def how_often(counted: Sequence[ObservedCase], measure: Measure, limit: int) -> FurtherOften | None:
    """Return acts, time at risk and rate; None where they are of few."""
    numbers = [len(acts_observed(case, measure, WINDOW_DAYS)) for case in counted]
    if is_of_few(numbers, limit):
        return None
    years = [time_at_risk(case, measure, WINDOW_DAYS) / _DAYS_IN_YEAR for case in counted]
    rate = clustered_rate(numbers, years, [case.person for case in counted])
    if rate.estimate is None or rate.low is None or rate.high is None:
        return None
    return FurtherOften(
        acts=sum(numbers),
        years=round(sum(years)),
        rate=round(rate.estimate, 1),
        low=round(rate.low, 1),
        high=round(rate.high, 1),
    )


def hide_rates_that_reveal(
    groups: Sequence[GroupFigures], acts: Mapping[Measure, ActsByCodes], limit: int
) -> tuple[GroupFigures, ...]:
    """Return the groups without the rates that, taken from a wider group, leave the acts of few cases.

    The rate with the fewest acts is hidden first, with those of all groups within it.
    """
    shown = {
        measure: {
            each.group: figures.often.acts
            for each in groups
            if (figures := each.of(measure)) is not None and figures.often is not None
        }
        for measure in Measure
    }
    for measure, by_group in shown.items():
        while revealing := next(_revealing(by_group, acts[measure], limit), None):
            for group in [each for each in by_group if _is_within(each, revealing)]:
                del by_group[group]
    return tuple(
        each.model_copy(
            update={
                "measures": tuple(
                    figures
                    if each.group in shown[figures.measure]
                    else figures.model_copy(update={"often": None})
                    for figures in each.measures
                )
            }
        )
        for each in groups
    )


def _revealing(shown: Mapping[Group, int], acts: ActsByCodes, limit: int) -> Iterator[Group]:
    """Yield the smallest group of each split of a wider one that leaves the acts of few."""
    splits: dict[tuple[Group, str], list[Group]] = {}
    for group in shown:
        for name in [name for name, code in group if code is not None]:
            splits.setdefault((group.model_copy(update={name: None}), name), []).append(group)
    for (wider, _), parts in splits.items():
        inside = {codes: numbers for codes, numbers in acts.items() if _has(wider, codes)}
        left = [
            number
            for codes, numbers in inside.items()
            if not any(_has(part, codes) for part in parts)
            for number in numbers
        ]
        everything = [number for numbers in inside.values() for number in numbers]
        if any(left) and is_of_few(left, limit) and not is_of_few(everything, limit):
            yield min(parts, key=lambda part: shown[part])


def _has(group: Group, codes: tuple[str, str, str]) -> bool:
    wanted = (group.period, group.borough, group.typology)
    return all(code in (None, here) for code, here in zip(wanted, codes, strict=True))


def _is_within(group: Group, wider: Group) -> bool:
    return all(code in (None, here) for (_, code), (_, here) in zip(wider, group, strict=True))
