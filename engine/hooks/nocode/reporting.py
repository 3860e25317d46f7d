"""Rows of orders and link evidence in the contract's types, by the mapping's terms. Guesses nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from pydantic import TypeAdapter

from engine.hooks.nocode.reported_mapping import LinksMapped, OrdersMapped
from engine.hooks.nocode.sheets import Row
from engine.hooks.v1 import (
    EvidenceThing,
    Grade,
    RecordedLink,
    RecordPointer,
    RecordsExpected,
    ReportedCondition,
    ReportedOrder,
    key_of,
)

_GRADE = TypeAdapter(Grade)
_LONGEST_SOURCE = 120
_LONGEST_WORDING = 1_000
_LONGEST_VALUE = 200
_MOST_CONDITIONS = 40


def order_of(mapped: OrdersMapped, row: Row, *, records: str) -> ReportedOrder:
    """Return the order of a row. Raises RecordsUnreadableError for a cell that does not fit.

    A date before the order was made is left out, as any date that cannot be right.
    """
    kind = row.meaning(mapped.type, mapped.types)
    if kind is None:
        raise row.broken(mapped.type, RecordsExpected.WORD)
    made, served = _day(row, mapped.made), _day(row, mapped.served)
    starts, ends = _day(row, mapped.in_effect), _day(row, mapped.ends)
    runs_on = any(
        (row.cells[column] or "").casefold() in {term.casefold() for term in terms}
        for column, terms in mapped.until_further_order.items()
    )
    start = made or starts
    return ReportedOrder(
        key=key_of("order", row.text(mapped.record)),
        type=kind,
        court_name=_text(row, mapped.court, _LONGEST_SOURCE),
        made=made,
        served=_not_before(served, made),
        in_effect=_not_before(starts, made),
        ends=None if runs_on else _not_before(ends, start),
        until_further_order=runs_on,
        conditions=tuple(_conditions(mapped, row)) or None,
        source=_text(row, mapped.source, _LONGEST_SOURCE) or records,
        grade=_grade(row, mapped.grade),
        records=(RecordPointer(record=row.text(mapped.record), kind="order"),),
    )


def link_of(mapped: LinksMapped, row: Row) -> RecordedLink:
    """Return the thing of a row. Raises RecordsUnreadableError for a cell that does not fit."""
    thing = row.meaning(mapped.thing, mapped.things or {each.value: each for each in EvidenceThing})
    if thing is None:
        raise row.broken(mapped.thing, RecordsExpected.WORD)
    value = row.text(mapped.value)
    if len(value) > _LONGEST_VALUE:
        raise row.broken(mapped.value, RecordsExpected.TEXT)
    return RecordedLink(
        link_id=row.text(mapped.record),
        person_id=row.text(mapped.person),
        thing=thing,
        value=value,
        first_recorded=row.day(mapped.first_recorded) if mapped.first_recorded else None,
        last_recorded=row.day(mapped.last_recorded) if mapped.last_recorded else None,
        source=_text(row, mapped.source, _LONGEST_SOURCE),
        grade=_grade(row, mapped.grade),
    )


def orders_known(orders: Iterable[ReportedOrder], *, on: date) -> Iterator[ReportedOrder]:
    """Yield the orders that were made by that date; a later service is left out."""
    for order in orders:
        if order.made is not None and order.made > on:
            continue
        is_later = order.served is not None and order.served > on
        yield order.model_copy(update={"served": None}) if is_later else order


def _conditions(mapped: OrdersMapped, row: Row) -> Iterator[ReportedCondition]:
    cell = row.cells[mapped.conditions] if mapped.conditions else None
    codes = {term.casefold(): code for term, code in mapped.condition_codes.items()}
    parts = [part.strip() for part in (cell or "").split(";") if part.strip()]
    if len(parts) > _MOST_CONDITIONS:
        raise row.broken(str(mapped.conditions), RecordsExpected.FEWER)
    for part in parts:
        if len(part) > _LONGEST_WORDING:
            raise row.broken(str(mapped.conditions), RecordsExpected.TEXT)
        code = codes.get(part.casefold())
        yield ReportedCondition(code=code) if code else ReportedCondition(wording=part)


def _day(row: Row, column: str | None) -> date | None:
    return row.whole_day(column) if column else None


def _not_before(day: date | None, start: date | None) -> date | None:
    return None if day is not None and start is not None and day < start else day


def _text(row: Row, column: str | None, longest: int) -> str | None:
    cell = row.cells[column] if column else None
    if cell is not None and len(cell) > longest:
        raise row.broken(str(column), RecordsExpected.TEXT)
    return cell


def _grade(row: Row, column: str | None) -> str | None:
    cell = row.cells[column] if column else None
    try:
        return _GRADE.validate_python(cell) if cell is not None else None
    except ValueError:
        raise row.broken(str(column), RecordsExpected.GRADE) from None
