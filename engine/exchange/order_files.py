"""Dates of orders as a table for a spreadsheet, and as a calendar file. Gets a viewer's lines; adds nothing.

A calendar is read on phones and shared with others. It has the order's reference and the kind of date: no
name, place, case, court, condition or type of order.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from engine.clock import LONDON
from engine.domain.orders.dates import NOT_CHECKED_DATES, DateKind, OrderDate
from engine.domain.orders.views import OrderLine
from engine.domain.plans.lists import TableForm
from engine.exchange.table_files import Cell, table_file

if TYPE_CHECKING:
    from icalendar import Event

SHEET = "Orders"
_HEADERS = (
    "Order",
    "Cases",
    "Type",
    "Court",
    "Status",
    "Date of",
    "Date",
    "Time in London",
    "Days without an order",
    "Rule",
    "Count",
    "Rests on",
    "Readings",
    "Changed by",
    "Next",
    "Checked",
)
_PRODUCT = "-//STAC//Orders//EN"
_NAMESPACE: Final = uuid.UUID("6f4f2a0e-52f5-4c1e-9a53-0b7a6f5f9c11")
_KINDS = {
    DateKind.STARTS: "starts",
    DateKind.AWAITING: "awaits service",
    DateKind.DUE: "something is due",
    DateKind.HEARING: "hearing",
    DateKind.EXPIRES: "ends",
}


def order_table_file(lines: Sequence[OrderLine], *, form: TableForm) -> bytes:
    """Return the dates as a file, a row for each."""
    return table_file(_HEADERS, [_row(line) for line in lines], sheet=SHEET, form=form)


def order_calendar(lines: Sequence[OrderLine], *, at: datetime) -> bytes:
    """Return the dates as a calendar file.

    A clock without its start has no date, and is not in it. Neither is a gap: a calendar is shared, and would
    show that no order protects.
    """
    from icalendar import Calendar  # slow to import, and needed only for this shape

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    before: Counter[tuple[str, DateKind, str]] = Counter()
    for line in lines:
        if line.date.day is None or line.date.kind is DateKind.GAP:
            continue
        key = (line.order, line.date.kind, line.date.what)
        before[key] += 1
        calendar.add_component(_event(line, before[key], at))
    return bytes(calendar.to_ical())


def _event(line: OrderLine, number: int, at: datetime) -> Event:
    from icalendar import Event

    dated, event = line.date, Event()
    same_at_every_export = f"{line.order}/{dated.kind.value}/{dated.what}/{number}"
    event.add("uid", f"{uuid.uuid5(_NAMESPACE, same_at_every_export)}@stac")
    event.add("dtstamp", at)
    event.add("summary", f"{line.order}: {_KINDS[dated.kind]}")
    event.add("class", "CONFIDENTIAL")
    event.add("transp", "TRANSPARENT")
    if dated.at is not None:
        event.add("dtstart", dated.at.replace(tzinfo=LONDON))
    elif dated.day is not None:
        event.add("dtstart", dated.day)
        event.add("dtend", dated.day + timedelta(days=1))
    return event


def _row(line: OrderLine) -> list[Cell]:
    dated = line.date
    return [
        line.order,
        " ".join(line.cases),
        line.name,
        line.court,
        line.status,
        dated.what,
        dated.day or "no date yet",
        f"{dated.at:%H:%M}" if dated.at else "",
        dated.gap_days or "",
        dated.counts,
        "; ".join(dated.counted),
        dated.rests_on or "not recorded",
        "; or ".join(dated.alternatives) if dated.lawyers_differ else "",
        dated.changed_by or "not recorded",
        dated.next,
        _checked(dated),
    ]


def _checked(dated: OrderDate) -> str:
    return "counted by software, not verified by a lawyer" if dated.is_checked else NOT_CHECKED_DATES
