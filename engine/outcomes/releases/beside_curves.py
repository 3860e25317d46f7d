"""Curves beside results and comparisons: what their subtraction shows of a few cases is hidden. Pure.

A curve counts first reports until the end of a step. Results count those of cases whose 12 months are over,
and a comparison those since its landmark. The difference is a count too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.domain.outcomes.comparisons import ComparedBy, Comparison, Comparisons
from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.releases import EVERYONE, Curve, Group, GroupFigures
from engine.outcomes.releases.micro_tables import DAYS_IN_MONTH

_DIMENSIONS = {
    ComparedBy.PERIOD: "period",
    ComparedBy.BOROUGH: "borough",
    ComparedBy.TYPOLOGY: "typology",
}
_WINDOW_MONTHS = 12


def without_curves_that_show_open_cases(
    groups: Sequence[GroupFigures], open_events: Callable[[Group], int], *, limit: int, width: int
) -> tuple[GroupFigures, ...]:
    """Return the groups without curves that show how few cases had a report in 12 months that are not over.

    ``open_events`` gives how many had.
    """
    return tuple(
        each.model_copy(update={"reported": None})
        if _shows_open_cases(each, open_events, limit, width)
        else each
        for each in groups
    )


def _shows_open_cases(
    figures: GroupFigures, open_events: Callable[[Group], int], limit: int, width: int
) -> bool:
    results, curve = figures.of(Measure.REPORTED), figures.reported
    if results is None or curve is None or results.as_of != curve.as_of:
        return False
    if not 0 < open_events(figures.group) < limit:
        return False
    low, high = _events_until(curve, _WINDOW_MONTHS)
    return high - max(low, results.further) < width


def without_narrowing(
    comparisons: Comparisons,
    groups: Sequence[GroupFigures],
    early_events: Callable[[Group, int], int],
    *,
    limit: int,
    width: int,
) -> Comparisons:
    """Return the comparisons without those that narrow a step of a curve to a few cases.

    ``early_events`` gives how many of a group had a report in so many days.
    """
    curves = {each.group: each.reported for each in groups if each.reported is not None}
    shown = tuple(
        each
        for each in comparisons.shown
        if not any(
            _narrows(each, events, curves[group], early_events(group, each.landmark_days), limit, width)
            for group, events in _sums_of(each)
            if group in curves and curves[group].as_of == each.as_of
        )
    )
    hidden = comparisons.hidden + len(comparisons.shown) - len(shown)
    return comparisons.model_copy(update={"shown": shown, "hidden": hidden})


def _sums_of(comparison: Comparison) -> list[tuple[Group, int]]:
    """Return the groups whose reports since the landmark a comparison shows."""
    found = [(EVERYONE, comparison.with_it.events + comparison.without.events)]
    if comparison.by in _DIMENSIONS:
        group = Group(**{_DIMENSIONS[comparison.by]: comparison.level})
        found.append((group, comparison.with_it.events))
    return found


def _narrows(comparison: Comparison, events: int, curve: Curve, early: int, limit: int, width: int) -> bool:
    begin = comparison.landmark_days / DAYS_IN_MONTH
    end = (comparison.landmark_days + comparison.horizon_days) / DAYS_IN_MONTH
    low, high = _events_until(curve, begin)
    until_low, until_high = _events_until(curve, end)
    narrowed = min(high, until_high - events) - max(low, until_low - events)
    is_small = any(0 < part < limit for part in (early - low, high - early))
    return is_small and narrowed < min(width, high - low)


def _events_until(curve: Curve, month: float) -> tuple[int, int]:
    """Return the least and the most reports until a month: one within a step is known by its ends."""
    low = sum(step.events for step in curve.steps if step.until_month <= month + _ROUNDING)
    reached = [step for step in curve.steps if step.until_month > month + _ROUNDING]
    ended = any(abs(step.until_month - month) <= _ROUNDING for step in curve.steps)
    if ended:
        return low, low
    return low, low + (reached[0].events if reached else curve.still)


_ROUNDING = 0.05
"""Months: a landmark is a whole number of days, and the end of a month is not."""
