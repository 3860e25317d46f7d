"""Writes many rows at once, past the ORM, which would send rows with other blanks in batches of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, insert
from sqlmodel import Session

from engine.store.tables.base import Row


def insert_all(session: Session, rows_of: type[Row], rows: Sequence[dict[str, Any]]) -> None:
    """Write these rows; each names the same columns."""
    if rows:
        session.connection().execute(insert(_table(rows_of)), list(rows))


def insert_and_number(session: Session, rows_of: type[Row], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Write these rows and return their numbers, in the same order."""
    if not rows:
        return []
    table = _table(rows_of)
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return [int(number) for number in session.connection().execute(statement, list(rows)).scalars()]


def _table(rows_of: type[Row]) -> Table:
    table: Table = rows_of.__table__  # type: ignore[attr-defined]
    return table
