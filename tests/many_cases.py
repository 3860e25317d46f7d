"""Rows put into a record by the database itself, past the use cases: as many referrals would take minutes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, event, insert, literal, select

from engine.domain.cases.lifecycle import State
from engine.store.tables.base import Row, table_of
from engine.store.tables.cases.involvements import EpisodeRow, InvolvementRow
from tests.builders import MONDAY, Desk

PARAMETERS = 3_276
"""A tenth of SQLite's own limit, 32,766, so that a tenth of the rows shows as much."""
BEYOND = {"sqlite": 3_300, "postgresql": 66_000}
"""More than a statement takes parameters: ``PARAMETERS``, and 65,535."""
FIRST = 1_000
"""The inner number of the first of them; its reference is R-1000."""


def limit_parameters(desk: Desk) -> None:
    """Let SQLite take so many ``PARAMETERS`` in a statement, and no more."""
    engine = desk.runtime.uow._engine

    @event.listens_for(engine, "checkout")
    def limit(driver: object, *_: object) -> None:
        if isinstance(driver, sqlite3.Connection):
            driver.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, PARAMETERS)


def store_cases(desk: Desk, *, state: State, restricted: bool = False, number: int | None = None) -> range:
    """Store so many as the newest rows, or ``BEYOND``; return their inner numbers."""
    numbers = range(FIRST, FIRST + (number or BEYOND[desk.runtime.uow._engine.dialect.name]))
    store_each(
        desk, EpisodeRow, numbers, id=by_number, ref=named("E"), created_at=MONDAY, restricted=restricted
    )
    store_each(
        desk,
        InvolvementRow,
        numbers,
        id=by_number,
        ref=named("R"),
        own_episode_id=by_number,
        episode_id=by_number,
        source="harbour",
        source_reference=named("S"),
        state=state.value,
        received_at=MONDAY,
        version=1,
    )
    return numbers


_OfNumber = Callable[[ColumnElement[int]], ColumnElement[Any]]


def store_each(desk: Desk, rows_of: type[Row], numbers: range, **values: object) -> None:
    """Store a row for each number; a value is that of a column, or makes it of the number."""
    table = table_of(rows_of)
    each = select(literal(numbers[0]).label("number")).cte("each", recursive=True)
    each = each.union_all(select(each.c.number + 1).where(each.c.number < numbers[-1]))
    made = [
        value(each.c.number) if callable(value) else literal(value, table.c[name].type)
        for name, value in values.items()
    ]
    with desk.runtime.uow._engine.begin() as connection:
        connection.execute(insert(table).from_select(list(values), select(*made)))


def named(kind: str) -> _OfNumber:
    """References of a kind, by number."""
    return lambda number: literal(f"{kind}-") + cast(number, Text)


def by_number(number: ColumnElement[int]) -> ColumnElement[Any]:
    """The number itself."""
    return number
