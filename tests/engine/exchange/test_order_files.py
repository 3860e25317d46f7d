"""Files of dates of orders: no formula in a table, and in a calendar nothing but references and kinds."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import vobject
from openpyxl import load_workbook

from engine.domain.orders.dates import DateKind, OrderDate
from engine.domain.orders.views import OrderLine
from engine.exchange.order_files import order_calendar, order_table_file

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECRETS = ("R-7K3M9QV", "Stalking", "Magistrates", "Example Police", "Condition", "s.9", "Next act")


def a_line(
    kind: DateKind = DateKind.DUE, day: date | None = date(2026, 3, 4), **changes: object
) -> OrderLine:
    """One date of an order."""
    facts: dict[str, object] = {
        "order": "PO-7K3M9QV",
        "kind": kind,
        "what": "Condition 3 starts",
        "day": day,
        "counts": "3 days beginning with the day of service",
        "rests_on": "SPA 2019 s.9(1)",
        "next": "Next act",
        **changes,
    }
    return OrderLine(
        order="PO-7K3M9QV",
        cases=("R-7K3M9QV",),
        name="Stalking protection order",
        court="Magistrates' court",
        force="Example Police",
        status="Due",
        date=OrderDate.model_validate(facts),
    )


def test_a_calendar_reads_in_another_library_and_reveals_no_name_place_case_or_type() -> None:
    lines = [
        a_line(),
        a_line(DateKind.EXPIRES, date(2026, 3, 29), gap_days=4),
        a_line(at=datetime.fromisoformat("2026-03-30T18:40"), day=date(2026, 3, 30)),
        a_line(DateKind.AWAITING, None),
    ]
    content = order_calendar(lines, at=AT).decode()
    (calendar,) = vobject.readComponents(content)
    events = calendar.vevent_list
    assert [event.summary.value for event in events] == [
        "PO-7K3M9QV: something is due",
        "PO-7K3M9QV: ends",
        "PO-7K3M9QV: something is due",
    ]
    assert [event.dtstart.value for event in events[:2]] == [date(2026, 3, 4), date(2026, 3, 29)]
    assert events[2].dtstart.value.utctimetuple()[:5] == (2026, 3, 30, 17, 40)
    assert not [secret for secret in SECRETS if secret in content]
    assert {name for event in events for name in event.contents} <= {
        *("uid", "dtstamp", "summary", "class", "transp", "dtstart", "dtend"),
    }


def test_a_date_that_moved_is_the_same_event() -> None:
    def uid(line: OrderLine) -> str:
        (calendar,) = vobject.readComponents(order_calendar([line], at=AT).decode())
        return str(calendar.vevent.uid.value)

    assert uid(a_line()) == uid(a_line(day=date(2026, 3, 9)))
    assert uid(a_line()) != uid(a_line(DateKind.HEARING))


def test_two_hearings_of_one_order_are_two_events() -> None:
    lines = [a_line(DateKind.HEARING, date(2026, 3, day), what="Hearing") for day in (4, 9)]
    (calendar,) = vobject.readComponents(order_calendar(lines, at=AT).decode())
    assert len({event.uid.value for event in calendar.vevent_list}) == 2


def test_a_calendar_without_a_date_is_a_calendar() -> None:
    (calendar,) = vobject.readComponents(order_calendar([], at=AT).decode())
    assert "vevent" not in calendar.contents


def test_no_cell_of_a_table_is_a_formula_and_a_missing_date_is_named() -> None:
    lines = [a_line(what="=HYPERLINK(1)"), a_line(DateKind.AWAITING, None)]
    table = list(csv.reader(io.StringIO(order_table_file(lines, form="csv").decode("utf-8-sig"))))
    assert table[1][5].startswith("'=")
    assert table[2][6] == "no date yet"
    sheet = load_workbook(io.BytesIO(order_table_file(lines, form="xlsx"))).worksheets[0]
    assert [cell.value for cell in sheet[1]] == table[0]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
