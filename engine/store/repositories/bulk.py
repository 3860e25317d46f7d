"""Writes many rows at once, past the ORM, which would send rows with other blanks in batches of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import Insert, Select, Table, func, insert, select
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import Session

from engine.store.tables.base import Row
from engine.store.typed_columns import note_written
from engine.store.versions_written import Key, is_covered, key_of, written_here


def insert_all(session: Session, rows_of: type[Row], rows: Sequence[Mapping[str, object]]) -> None:
    """Write these rows; each names the same columns."""
    if not rows:
        return
    table = _table(rows_of)
    if not is_covered(table.name):
        session.connection().execute(_insert(rows_of), list(rows))
    elif all(column.name in rows[0] for column in table.primary_key.columns):
        session.connection().execute(_insert(rows_of), list(rows))
        _note_keys(session, table, [key_of(table, row) for row in rows])
    else:
        insert_and_number(session, rows_of, rows)
    note_written(session, table.name, rows)


def insert_and_number(
    session: Session, rows_of: type[Row], rows: Sequence[Mapping[str, object]]
) -> list[int]:
    """Write these rows and return their numbers, in the same order."""
    if not rows:
        return []
    found = _numbers(session, rows_of, rows)
    _note_keys(session, _table(rows_of), [(number,) for number in found])
    return found


def _numbers(session: Session, rows_of: type[Row], rows: Sequence[Mapping[str, object]]) -> list[int]:
    table, connection = _table(rows_of), session.connection()
    if connection.dialect.name == "sqlite" and not table.dialect_options["sqlite"]["autoincrement"]:
        # SQLite would return them one row at a time; nobody else writes until this transaction ends
        last = connection.execute(_last(rows_of)).scalar_one() or 0
        given = list(range(last + 1, last + 1 + len(rows)))
        connection.execute(
            _insert(rows_of), [{**row, "id": number} for row, number in zip(rows, given, strict=True)]
        )
        return given
    numbers = connection.execute(_insert_and_number(rows_of), list(rows)).scalars()
    return [int(number) for number in numbers]


def _note_keys(session: Session, table: Table, keys: list[Key]) -> None:
    gathers = written_here(session)
    if gathers is not None and is_covered(table.name):
        gathers.inserted(table.name, keys)


@cache
def _insert(rows_of: type[Row]) -> Insert:
    """Build the statement once, as in ``cases``."""
    return insert(_table(rows_of))


@cache
def _last(rows_of: type[Row]) -> Select[int | None]:
    return select(func.max(_table(rows_of).c.id))


@cache
def _insert_and_number(rows_of: type[Row]) -> ReturningInsert[int]:
    table = _table(rows_of)
    return insert(table).returning(table.c.id, sort_by_parameter_order=True)


def _table(rows_of: type[Row]) -> Table:
    table: Table = rows_of.__table__  # type: ignore[attr-defined]
    return table
