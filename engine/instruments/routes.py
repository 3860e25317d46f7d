"""Test of whether a route to a meeting is reached by the local threshold that applies on a day.

No level of risk.

What is not known is never counted as a no: a route that it could still open "cannot be said".
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import assert_never

from pydantic import JsonValue

from engine.domain.absence import ItemState
from engine.domain.agencies.scoring import ScoreResult
from engine.domain.dates import PartialDate
from engine.instruments.filling import Filled, FillingFaultError, filled
from engine.instruments.model import EVERYWHERE, CountThreshold, Instrument, IntervalThreshold

_Threshold = CountThreshold | IntervalThreshold


class Reached(StrEnum):
    """Result of a route."""

    YES = "reached"
    NO = "not reached"
    CANNOT_BE_SAID = "cannot be said"
    OFF = "no threshold in force"


def route_told(instrument: Instrument, given: Mapping[str, JsonValue], *, on: date) -> ScoreResult:
    """Return what the applicable threshold says of one input; ``on`` is the day for an input that names none.

    Raises FillingFaultError.
    """
    form = filled(instrument, given)
    day = date.fromisoformat(str(form.values["on"])) if "on" in form.values else on
    threshold = threshold_in_force(instrument, area=str(form.values.get("area", EVERYWHERE)), on=day)
    if threshold is None:
        reached = Reached.OFF
        reasons: list[str] = [f"No threshold applied on {_in_words(day)}, so this route is off."]
    else:
        match threshold:
            case CountThreshold():
                reached, reasons = _by_count(threshold, form)
            case IntervalThreshold():
                reached, reasons = _by_interval(threshold, form)
            case _:
                assert_never(threshold)
    return ScoreResult(
        result={
            "instrument": instrument.id,
            "version": instrument.version,
            "reached": reached.value,
            "on": day.isoformat(),
            "area": threshold.area if threshold else None,
            "threshold": threshold.says if threshold else None,
            "in_force_from": str(threshold.in_force_from) if threshold else None,
            "always_said": instrument.always_said,
        },
        reasons=tuple(reasons),
    )


def threshold_in_force(instrument: Instrument, *, area: str, on: date) -> _Threshold | None:
    """Return the threshold that applies to an area on a day: its own before the general one,
    a newer before an older.
    """
    values = [each for each in instrument.thresholds if each.is_in_force(on=on)]
    for wanted in (area.casefold(), EVERYWHERE):
        held = [each for each in values if each.area.casefold() == wanted]
        if held:
            return max(held, key=lambda each: each.in_force_from or date.min)
    return None


def _by_count(threshold: CountThreshold, form: Filled) -> tuple[Reached, list[str]]:
    yes, no = form.values[threshold.counted], form.values.get(threshold.against)
    assert isinstance(yes, int)
    known = yes + (no if isinstance(no, int) else 0)
    if known > threshold.out_of:
        both = f"'{threshold.counted}' and '{threshold.against}'"
        raise FillingFaultError([f"{both} are more than the {threshold.out_of} questions"])
    said = [f"{yes} of {threshold.out_of} questions were answered yes; {threshold.reached_at} are needed."]
    if yes >= threshold.reached_at:
        return Reached.YES, said
    if no is None:
        return Reached.CANNOT_BE_SAID, [
            *said,
            f"The number of no answers was not given ('{threshold.against}'); the rest may not be known.",
        ]
    rest = threshold.out_of - known
    not_known = f"Not known or not asked: {rest}"
    if yes + rest >= threshold.reached_at:
        return Reached.CANNOT_BE_SAID, [*said, f"{not_known}, which is not a no."]
    if rest:
        said.append(f"{not_known}; with all of them it would not be reached either.")
    return Reached.NO, said


def _by_interval(threshold: IntervalThreshold, form: Filled) -> tuple[Reached, list[str]]:
    since = PartialDate(str(form.values[threshold.since]))
    happened = PartialDate(str(form.values[threshold.happened]))
    if happened.latest < since.earliest:
        raise FillingFaultError([f"'{threshold.happened}' is before '{threshold.since}'"])
    states = {item: form.states[item] for item in threshold.needs}
    absent = [item for item, state in states.items() if state is ItemState.ABSENT]
    not_settled = {
        item: state for item, state in states.items() if state not in (ItemState.PRESENT, ItemState.ABSENT)
    }
    months = threshold.within_months
    # The date after the last is open, as for the clock of repeat referrals: protocols differ on it.
    is_after = happened.earliest > _last_within(since.latest, months) + timedelta(days=1)
    is_within = since.latest <= happened.earliest and happened.latest <= _last_within(since.earliest, months)
    match (is_within, is_after):
        case (True, _):
            found = f"within {months} months"
        case (_, True):
            found = f"more than {months} months later"
        case _:
            found = f"these dates do not say whether within {months} months"
    reasons = [
        f"The last referral was {_when(since)}, the further event {_when(happened)}: {found}.",
        *(f"{item}: absent." for item in absent),
        *(f"{item}: {state.value}, which is not yes and not no." for item, state in not_settled.items()),
    ]
    if is_after or absent:
        return Reached.NO, reasons
    if not is_within or not_settled:
        return Reached.CANNOT_BE_SAID, reasons
    return Reached.YES, [reasons[0], *(f"{item}: present." for item in states)]


def _last_within(day: date, months: int) -> date:
    """Return the last of so many months beginning with a date: one before the corresponding date.

    It is the end of that month if it has no such date, as in every clock of orders.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    length = monthrange(year, month + 1)[1]
    if day.day > length:
        return date(year, month + 1, length)
    return date(year, month + 1, day.day) - timedelta(days=1)


def _when(day: PartialDate) -> str:
    return f"{'on' if day.is_whole_day else 'in'} {day.in_words()}"


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
