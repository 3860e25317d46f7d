"""Whether a case's reports came faster and graver, case by case, from a file's rows. Ranks no case.

What it sees is what was *reported*. That no alarm is raised never lowers concern, and the words say so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from pydantic import Field

from engine.domain.base import Frozen
from engine.domain.dates import read_date
from engine.domain.errors import InvalidInputError
from engine.links.escalation_data import escalation_data
from engine.links.gaps import Change, gaps_after
from engine.links.kinds import folded
from engine.links.rows import FileRow
from engine.links.trend import (
    gap_probability,
    gaps_between,
    laplace_probability,
    laplace_statistic,
    least_probability,
    rise_probability,
)

NO_ALARM = (
    "no rising trend in what was *reported*; this does not lower concern: contact can stop before an attack"
)
TOO_FEW = "too few to judge"
_COLUMNS = {
    "case": ("case", "case_id", "episode", "id"),
    "date": ("date", "day", "when", "event_date"),
    "severity": ("severity", "gravity", "harm"),
    "observed_from": ("observed_from", "observed from", "first_report", "start"),
    "what": ("what", "kind", "event", "event_type", "type"),
}


class Event(NamedTuple):
    """One reported event of a case."""

    day: date
    severity: float | None
    observed_from: date | None


class CaseTrend(Frozen):
    """What the tests say of one case. The probabilities are for analysts, not for a panel."""

    case: str
    events: int
    statistic: float | None
    p_trend: float | None
    p_permutation: float | None
    alarm: bool | None
    says: str
    severity_p: float | None = Field(default=None, exclude=True)
    """How many orders of the same severities rise as much."""


class Told(NamedTuple):
    """What a file tells of one case beside its events."""

    changes: tuple[Change, ...] = ()
    """What may have stopped reports."""
    orders: tuple[date, ...] = ()
    until: date | None = None
    """The last day that the file tells of anything."""


_NOTHING = Told()


def trends_of(
    rows: Iterable[FileRow], columns: Mapping[str, str] | None = None
) -> tuple[tuple[CaseTrend, ...], list[str]]:
    """Every case of a file of events in the file's order, and a sentence for each row that was left out.

    ``columns`` says how the file calls case, date, severity, observed_from and what; the last three may be
    missing. A row whose ``what`` says that an advocate was lost, a crime closed, a number changed or an order
    made is that, and no event.
    """
    events, beside, left = _read(rows, columns or {})
    unread: dict[str, int] = {}
    for case, _ in left:
        if case is not None:
            unread[case] = unread.get(case, 0) + 1
    days = [event.day for each in events.values() for event in each]
    days += [day for each in beside.values() for day in (*(c.day for c in each.changes), *each.orders)]
    told = tuple(
        trend_of(
            case,
            events[case],
            left_out=unread.get(case, 0),
            told=beside.get(case, _NOTHING)._replace(until=max(days, default=None)),
        )
        for case in events
    )
    return told, [says for _, says in left]


def trend_of(case: str, events: Iterable[Event], *, left_out: int = 0, told: Told = _NOTHING) -> CaseTrend:
    """The trend of one case. ``left_out`` counts its events without a day that could be read."""
    by_day = sorted(events, key=lambda event: event.day)
    number, data = len(by_day), escalation_data()
    beside = _beside(by_day, told)
    beside += [_about_left_out(left_out)] if left_out else []
    blank = CaseTrend(
        case=case, events=number, statistic=None, p_trend=None, p_permutation=None, alarm=None, says=TOO_FEW
    )
    if number < data.fewest_events:
        says = f"{TOO_FEW}: {number} {'event' if number == 1 else 'events'} with a day"
        return blank.model_copy(update={"says": "; ".join([says, *beside])})
    severity_p, severity_says = _severity(by_day)
    days, since = _days(by_day)
    statistic = laplace_statistic(days)
    if statistic is None:
        says = f"{TOO_FEW}: all {number} events were on one day, which shows no trend in time"
        whole = "; ".join([says, *severity_says, *beside])
        return blank.model_copy(update={"says": whole, "severity_p": severity_p})
    gaps = gaps_between(days)
    p_permutation = gap_probability(gaps, statistic)
    alarm = p_permutation <= data.alarm_at
    if alarm:
        says = (
            f"the gaps between the {number} reported events, from {by_day[0].day:%-d %B %Y} to "
            f"{by_day[-1].day:%-d %B %Y}, grew shorter: {_by_halves(gaps)}"
        )
    else:
        says = NO_ALARM
        if least_probability(len(gaps)) > data.alarm_at:
            beside.insert(0, f"with {number} events no order of them could have raised an alarm")
    return CaseTrend(
        case=case,
        events=number,
        statistic=round(statistic, 6),
        p_trend=round(laplace_probability(statistic, len(days) - 1), 6),
        p_permutation=round(p_permutation, 6),
        alarm=alarm,
        says="; ".join([says, *severity_says, *since, *beside]),
        severity_p=severity_p,
    )


def _beside(by_day: Sequence[Event], told: Told) -> list[str]:
    """Falls that are gaps in reporting, and what came after an order."""
    days, says = [event.day for event in by_day], []
    if told.until is not None:
        says += [each[:1].lower() + each[1:-1] for each in gaps_after(days, told.changes, until=told.until)]
    if told.orders:
        made = min(told.orders)
        number = sum(day > made for day in days)
        says.append(f"{number} of {len(days)} events came after the order of {made:%-d %B %Y}")
    return says


def _days(by_day: list[Event]) -> tuple[list[float], list[str]]:
    """Days since the observation began; else since the first event, which then is no event of the test."""
    begun = [event.observed_from for event in by_day if event.observed_from is not None]
    first = by_day[0].day
    if begun and min(begun) <= first:
        return [float((event.day - min(begun)).days) for event in by_day], []
    says = "counted from the first event, as nothing says since when the case was observed"
    return [float((event.day - first).days) for event in by_day[1:]], [says]


def _severity(by_day: list[Event]) -> tuple[float | None, list[str]]:
    told = [event.severity for event in by_day if event.severity is not None]
    if not told:
        return None, []
    if len(told) < escalation_data().fewest_events:
        return None, [f"severity was recorded for {len(told)} of {len(by_day)} events, {TOO_FEW}"]
    total, probability = rise_probability(told)
    if total > 0 and probability <= escalation_data().severity_at:
        return round(probability, 6), [f"recorded severity rose from {told[0]:g} to {told[-1]:g}"]
    return round(probability, 6), ["no rising trend in recorded severity"]


def _by_halves(gaps: list[float]) -> str:
    """How long the first half of the gaps took, and the second half of as many."""
    half = len(gaps) // 2
    return f"the first {half} took {sum(gaps[:half]):.0f} days, the last {half} took {sum(gaps[-half:]):.0f}"


def _about_left_out(number: int) -> str:
    return (
        f"{number} more {'event has' if number == 1 else 'events have'} no whole day and could not be counted"
    )


def _read(
    rows: Iterable[FileRow], columns: Mapping[str, str]
) -> tuple[dict[str, list[Event]], dict[str, Told], list[tuple[str | None, str]]]:
    left = iter(rows)
    header = next(left, None)
    if header is None or header.fault:
        raise InvalidInputError("event file", "it has no header row that can be read")
    places = _places(header.cells, columns)
    events: dict[str, list[Event]] = {}
    beside: dict[str, Told] = {}
    unread: list[tuple[str | None, str]] = []
    for row in left:
        if row.fault:
            unread.append((None, f"row {row.row}: {row.fault}"))
            continue
        cells = {
            name: row.cells[place].strip() if place < len(row.cells) else "" for name, place in places.items()
        }
        if not cells["case"]:
            unread.append(
                (None, f"row {row.row}, column {header.cells[places['case']]}: the case is missing")
            )
            continue
        of_case = events.setdefault(cells["case"], [])
        try:
            event = _event(cells)
        except ValueError as error:
            unread.append((cells["case"], f"row {row.row}: {error}; the event was not counted"))
            continue
        if (told := _told(cells.get("what", ""), event.day, beside.get(cells["case"], _NOTHING))) is not None:
            beside[cells["case"]] = told
            continue
        of_case.append(event)
        if event.severity is None and cells.get("severity"):
            unread.append((None, f"row {row.row}: the severity is no number; it counts as not recorded"))
    if not events and not beside and not unread:
        raise InvalidInputError("event file", "it has a header and no event below it")
    return events, beside, unread


def _told(word: str, day: date, before: Told) -> Told | None:
    """A row that tells of a change or an order; None for an event."""
    if folded(word) in escalation_data().orders.words:
        return before._replace(orders=(*before.orders, day))
    change = escalation_data().gaps.told_by(word)
    return None if change is None else before._replace(changes=(*before.changes, Change(change, day)))


def _event(cells: Mapping[str, str]) -> Event:
    text = cells["date"]
    if not text:
        raise ValueError("the date is missing")
    day = read_date(text)
    if not day.is_whole_day:
        raise ValueError("the date is no whole day")
    begun = read_date(cells["observed_from"]) if cells.get("observed_from") else None
    return Event(
        day.earliest,
        _number(cells.get("severity", "")),
        begun.earliest if begun and begun.is_whole_day else None,
    )


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _places(header: list[str], columns: Mapping[str, str]) -> dict[str, int]:
    by_name = {folded(name): place for place, name in reversed(list(enumerate(header)))}
    unknown = sorted(set(columns) - set(_COLUMNS))
    if unknown:
        raise InvalidInputError("mapping file", f"'{unknown[0][:40]}' is none of {', '.join(_COLUMNS)}")
    places = {}
    for ours, usual in _COLUMNS.items():
        names = (columns[ours],) if ours in columns else usual
        found = [by_name[folded(name)] for name in names if folded(name) in by_name]
        if found:
            places[ours] = found[0]
        elif ours in columns or ours in ("case", "date"):
            raise InvalidInputError("event file", f"row 1: there is no column '{columns.get(ours, ours)}'")
    return places
