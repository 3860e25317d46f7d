"""Files of events: which rows are events of which case, and what else a file has of it. Judges nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date

from engine.domain.dates import PartialDate, read_date
from engine.domain.errors import InvalidInputError
from engine.links.escalation import NOTHING_BESIDE, CaseContext, CaseTrend, Event, trend_of
from engine.links.escalation_data import escalation_data
from engine.links.gaps import Change
from engine.links.kinds import folded
from engine.links.rows import FileRow

_COLUMNS = {
    "case": ("case", "case_id", "episode", "id"),
    "date": ("date", "day", "when", "event_date"),
    "severity": ("severity", "gravity", "harm"),
    "observed_from": ("observed_from", "observed from", "first_report", "start"),
    "what": ("what", "kind", "event", "event_type", "type"),
}


def trends_of(
    rows: Iterable[FileRow], columns: Mapping[str, str] | None = None
) -> tuple[tuple[CaseTrend, ...], list[str]]:
    """Return every case of a file of events in the file's order,
    and a sentence for each row that was left out.

    ``columns`` says how the file calls case, date, severity, observed_from and what; the last three may be
    missing. A row whose ``what`` says that an advocate was lost, a crime closed, a number changed or an order
    made is that, and no event.
    """
    events, beside, left = _read(rows, columns or {})
    days = [event.day for each in events.values() for event in each if event.day is not None]
    days += [day for each in beside.values() for day in (*(c.day for c in each.changes), *each.orders)]
    trends = tuple(
        trend_of(
            case,
            events[case],
            result=beside.get(case, NOTHING_BESIDE)._replace(until=max(days, default=None)),
        )
        for case in events
    )
    return trends, left


def _read(
    rows: Iterable[FileRow], columns: Mapping[str, str]
) -> tuple[dict[str, list[Event]], dict[str, CaseContext], list[str]]:
    left = iter(rows)
    header = next(left, None)
    if header is None or header.fault:
        raise InvalidInputError("event file", "it has no header row that can be read")
    places = _places(header.cells, columns)
    events: dict[str, list[Event]] = {}
    beside: dict[str, CaseContext] = {}
    unread: list[str] = []
    for row in left:
        if row.fault:
            unread.append(f"row {row.row}: {row.fault}")
            continue
        cells = {
            name: row.cells[place].strip() if place < len(row.cells) else "" for name, place in places.items()
        }
        if not cells["case"]:
            unread.append(f"row {row.row}, column {header.cells[places['case']]}: the case is missing")
            continue
        of_case = events.setdefault(cells["case"], [])
        event, faults = _event(cells)
        unread += [f"row {row.row}: {fault}" for fault in faults]
        result = _context_of(cells.get("what", ""), event.day, beside.get(cells["case"], NOTHING_BESIDE))
        if result is not None:
            beside[cells["case"]] = result
            continue
        of_case.append(event)
        if event.severity is None and cells.get("severity"):
            unread.append(f"row {row.row}: the severity is not a number; it counts as not recorded")
    if not events and not beside and not unread:
        raise InvalidInputError("event file", "it has a header and no event below it")
    return events, beside, unread


def _context_of(term: str, day: date | None, before: CaseContext) -> CaseContext | None:
    """Return a row that is of a change or an order; None for an event.

    Without a whole day it changes nothing.
    """
    if folded(term) in escalation_data().orders.words:
        return before if day is None else before._replace(orders=(*before.orders, day))
    change = escalation_data().gaps.told_by(term)
    if change is None or day is None:
        return None if change is None else before
    return before._replace(changes=(*before.changes, Change(change, day)))


def _event(cells: Mapping[str, str]) -> tuple[Event, list[str]]:
    """Return the event, and what of it could not be read."""
    day, fault = _day(cells["date"])
    faults = [f"{fault}; the event was not counted"] if fault else []
    begun, fault = _day(cells["observed_from"]) if cells.get("observed_from") else (None, None)
    if fault:
        faults.append("the start of observation is not a full date; it counts as not recorded")
    return Event(
        day.earliest if day and day.is_whole_day else None,
        _number(cells.get("severity", "")),
        begun.earliest if begun and begun.is_whole_day else None,
        day if day and not day.is_whole_day else None,
    ), faults


def _day(text: str) -> tuple[PartialDate | None, str | None]:
    if not text:
        return None, "the date is missing"
    try:
        day = read_date(text)
    except ValueError as error:
        return None, str(error)
    return day, None if day.is_whole_day else "the date is not a full date"


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
        raise InvalidInputError(
            "mapping file", f"'{unknown[0][:40]}' is not a column; use one of {', '.join(_COLUMNS)}"
        )
    places = {}
    for ours, usual in _COLUMNS.items():
        names = (columns[ours],) if ours in columns else usual
        found = [by_name[folded(name)] for name in names if folded(name) in by_name]
        if found:
            places[ours] = found[0]
        elif ours in columns or ours in ("case", "date"):
            raise InvalidInputError("event file", f"row 1: the column '{columns.get(ours, ours)}' is missing")
    return places
