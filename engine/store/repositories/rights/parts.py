"""Parts of a case that an erasure empties, as the tables say whose they are. Empties nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, Table, or_, select

from engine.store.every_table import every_table
from engine.store.fates import after_erasure, emptied_in, fates_of, with_mask, without_agency
from engine.store.tables.base import Row, table_of

Columns = Mapping[str, object]
"""Columns as they are after the erasure."""
Emptied = Callable[[Row, str], Columns]
"""From a row and the certificate's reference: its columns after the erasure."""

_OF_DOCUMENT = "of an erased document: codes, dates, figures and references, without text"


class Part(NamedTuple):
    """A table, which of its rows, and how each is emptied."""

    table: type[Row]
    where: ColumnElement[bool]
    how: Emptied = after_erasure


def desks_parts(number: int) -> list[Part]:
    """Return the coordinator's and the chair's part of an involvement."""
    return [
        Part(table, of_case(table, number))
        for table in every_table()
        if table.rows.of and table.rows.of_desk and _is_erased(table)
    ]


def agencys_parts(number: int, agency: str) -> list[Part]:
    """Return one agency's part of an involvement, and what the desk's rows hold of it."""

    def without(row: Row, certificate: str) -> Columns:
        return without_agency(row, certificate, agency)

    return [
        *(
            Part(table, of_case(table, number), without)
            for table in every_table()
            if any(fate.of_agency for fate in fates_of(table).values())
        ),
        *(
            Part(
                table, of_case(table, number) & _by(table_of(table), table.rows.agency, lambda c: c == agency)
            )
            for table in every_table()
            if table.rows.of and table.rows.agency and _is_erased(table)
        ),
    ]


def all_parts(number: int, masked: Callable[[str], str]) -> list[Part]:
    """Return all parts of an involvement, with what stays when it is erased, to put a mask in their texts."""

    def how(row: Row, _: str) -> Columns:
        return with_mask(row, masked)

    return [
        Part(table, of_case(table, number), how)
        for table in every_table()
        if table.rows.of and emptied_in(table)
    ]


def what_stays(*, of_desk: bool) -> dict[str, list[str]]:
    """Return what is left of the desk's part or an agency's: by the reason, the tables and columns."""
    found: dict[str, list[str]] = {}
    for table in every_table():
        rows = table.rows
        if rows.of and not rows.deleted and (rows.of_desk if of_desk else rows.agency):
            for name, fate in fates_of(table).items():
                place = f"{table.__tablename__}.{name}"
                if fate.why:
                    found.setdefault(fate.why, []).append(place)
                if fate.left:
                    found.setdefault(_OF_DOCUMENT, []).extend(f"{place}.{key}" for key in fate.left)
    return found


def of_case(table: type[Row], number: int) -> ColumnElement[bool]:
    """Return which rows of a table are of this involvement."""
    return or_(*(_by(table_of(table), way, lambda column: column == number) for way in table.rows.of))


def _by(
    table: Table, way: str, fits: Callable[[ColumnElement[object]], ColumnElement[bool]]
) -> ColumnElement[bool]:
    """Return a condition on what a way of columns leads to: from row to row, to its last column."""
    name, _, onward = way.partition(".")
    column = table.c[name]
    if not onward:
        return fits(column)
    (key,) = column.foreign_keys
    other = key.column
    return column.in_(select(other).where(_by(other.table, onward, fits)))


def _is_erased(table: type[Row]) -> bool:
    return any(fate.erased for fate in fates_of(table).values())
