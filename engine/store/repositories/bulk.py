"""Writes many rows at once, past the ORM, which would send rows with other blanks in batches of their own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, Table, insert
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import Session

from engine.store.tables.base import Row
from engine.store.typed_columns import note_written


def insert_all(session: Session, rows_of: type[Row], rows: Sequence[dict[str, Any]]) -> None:
    """Write these rows; each names the same columns."""
    if rows:
        session.connection().execute(_insert(rows_of), list(rows))
        note_written(session, str(rows_of.__tablename__), rows)


def insert_and_number(session: Session, rows_of: type[Row], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Write these rows and return their numbers, in the same order."""
    if not rows:
        return []
    numbers = session.connection().execute(_insert_and_number(rows_of), list(rows)).scalars()
    return [int(number) for number in numbers]


@cache
def _insert(rows_of: type[Row]) -> Insert:
    """Built once, as in ``cases``."""
    return insert(_table(rows_of))


@cache
def _insert_and_number(rows_of: type[Row]) -> ReturningInsert[Any]:
    table = _table(rows_of)
    return insert(table).returning(table.c.id, sort_by_parameter_order=True)


def _table(rows_of: type[Row]) -> Table:
    table: Table = rows_of.__table__  # type: ignore[attr-defined]
    return table
