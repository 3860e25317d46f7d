"""One measure of one case in one window: its result, and the time observed and at risk. Pure.

A window of 365 days is days 0 to 364. Proven reoffending needs 6 months more, for the conviction or
caution, and leaves out breaches of orders. An offence of which it is not known counts.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.observed import FurtherAct, ObservedCase, Standing

WINDOW_DAYS = 365
MONTHS_FOR_PROOF = 6
DAYS_FOR_PROOF = 183
"""An offence is taken to be unproven for good after so many days, where no window is counted in months."""
AT_RISK_IN_CUSTODY = frozenset({Measure.REPORTED})
"""People also stalk from prison: time in custody is time at risk of a report."""


def standing(case: ObservedCase, measure: Measure, window_days: int, today: date) -> Standing:
    """Return the result of a window. Until the window is over it is not yet known, whatever was found."""
    if today < known_from(case, measure, window_days):
        return Standing.NOT_YET_KNOWN
    if acts_within(case, measure, window_days):
        return Standing.FURTHER
    looked_until = case.measures[measure].looked_until
    last = _last_day_to_search(case, measure, window_days)
    if case.ended_day is not None and case.ended_day < window_days - 1:
        has_looked = looked_until is not None and looked_until >= case.ended_day
        return Standing.ENDED_EARLY if has_looked else Standing.NOT_LOOKED
    return Standing.NONE_FOUND if looked_until is not None and looked_until >= last else Standing.NOT_LOOKED


def is_searched_throughout(case: ObservedCase, measure: Measure, window_days: int) -> bool:
    """Return whether a search reached the end of the window."""
    looked_until = case.measures[measure].looked_until
    return looked_until is not None and looked_until >= _last_day_to_search(case, measure, window_days)


def known_from(case: ObservedCase, measure: Measure, window_days: int) -> date:
    """Return the earliest date when the result of the window can be known."""
    after = case.anchor + timedelta(days=window_days)
    return _months_later(after, MONTHS_FOR_PROOF) if measure is Measure.PROVEN else after


def acts_within(case: ObservedCase, measure: Measure, window_days: int | None) -> tuple[FurtherAct, ...]:
    """Return the acts of the window that count for the measure, the first one first; without one, all."""
    acts = tuple(_counting(case, measure))
    if window_days is None:
        return acts
    acts = tuple(act for act in acts if act.day < window_days)
    if measure is not Measure.PROVEN:
        return acts
    last = _last_day_to_search(case, measure, window_days)
    return tuple(act for act in acts if act.proved_day is None or act.proved_day <= last)


def acts_observed(case: ObservedCase, measure: Measure, window_days: int | None) -> tuple[FurtherAct, ...]:
    """Return the acts in the observed days of the window, when the person was at risk of them."""
    days = days_observed(case, measure, window_days)
    return tuple(
        act
        for act in acts_within(case, measure, window_days)
        if act.day < days and (measure in AT_RISK_IN_CUSTODY or not is_in_custody(case, act.day))
    )


def days_observed(case: ObservedCase, measure: Measure, window_days: int | None = None) -> int:
    """Return for how many days from day 0 on the person was observed for this measure; 0 without a search.

    Observation of proven reoffending ends before its search does: what is later can still be proven.
    """
    looked_until = case.measures[measure].looked_until
    if looked_until is None:
        return 0
    last = looked_until - DAYS_FOR_PROOF if measure is Measure.PROVEN else looked_until
    if case.ended_day is not None:
        last = min(last, case.ended_day)
    days = max(last + 1, 0)
    return days if window_days is None else min(days, window_days)


def time_at_risk(case: ObservedCase, measure: Measure, window_days: int | None = None) -> int:
    """Return for how many of the observed days the person could do what the measure counts.

    Time in custody does not count for recorded crime and proven reoffending. For reported stalking it does.
    """
    days = days_observed(case, measure, window_days)
    return days if measure in AT_RISK_IN_CUSTODY else days - time_in_custody(case, days)


def time_in_custody(case: ObservedCase, days: int) -> int:
    """Return how many of the first so many days were in custody."""
    return sum(
        max(min(days if end is None else end, days) - min(begin, days), 0) for begin, end in case.custody
    )


def is_in_custody(case: ObservedCase, day: int) -> bool:
    """Return whether the person was in custody from morning to night."""
    return any(begin <= day and (end is None or day < end) for begin, end in case.custody)


def _counting(case: ObservedCase, measure: Measure) -> Iterator[FurtherAct]:
    for act in case.measures[measure].acts:
        if not (measure is Measure.PROVEN and act.is_order_breach):
            yield act


def _last_day_to_search(case: ObservedCase, measure: Measure, window_days: int) -> int:
    return (known_from(case, measure, window_days) - case.anchor).days - 1


def _months_later(day: date, months: int) -> date:
    """Return the corresponding day; the first of the month after one that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if day.day > monthrange(year, month + 1)[1]:
        return date(year, month + 1, monthrange(year, month + 1)[1]) + timedelta(days=1)
    return date(year, month + 1, day.day)
