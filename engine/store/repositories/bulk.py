"""Writes many rows at once, past the ORM, which would send rows with other blanks in batches of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import NamedTuple, cast

from sqlalchemy import Column, Connection, Date, Dialect, Insert, Select, Table, func, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import Session

from engine.store.rows_in_text import Key, key_of, once_each
from engine.store.tables.base import Row, UtcInstant, table_of
from engine.store.typed_columns import note_written
from engine.store.versions_written import is_covered, written_here


def insert_all(session: Session, rows_of: type[Row], rows: Sequence[Mapping[str, object]]) -> None:
    """Write these rows; each names the same columns."""
    if not rows:
        return
    table = table_of(rows_of)
    if not is_covered(table.name):
        _send(session, table, rows)
    elif all(column.name in rows[0] for column in table.primary_key.columns):
        _send(session, table, rows)
        _note(session, table, [key_of(table, row) for row in rows], rows)
    else:
        insert_and_number(session, rows_of, rows)
    note_written(session, rows_of, rows)


def insert_and_number(
    session: Session, rows_of: type[Row], rows: Sequence[Mapping[str, object]]
) -> list[int]:
    """Write these rows and return their numbers, in the same order."""
    if not rows:
        return []
    table, connection = table_of(rows_of), session.connection()
    if connection.dialect.name == "sqlite" and not table.dialect_options["sqlite"]["autoincrement"]:
        # SQLite would return them one row at a time; no other writer comes in until this transaction ends
        last = connection.execute(_last(rows_of)).scalar_one() or 0
        given = [{**row, "id": number} for number, row in enumerate(rows, start=last + 1)]
        _send(session, table, given)
    else:
        numbers = connection.execute(_insert_and_number(rows_of), list(rows)).scalars()
        given = [{**row, "id": int(number)} for number, row in zip(numbers, rows, strict=True)]
    found = [cast("int", row["id"]) for row in given]
    _note(session, table, [(number,) for number in found], given)
    return found


_InDriver = Callable[[list[object]], list[object]]


class _Ready(NamedTuple):
    """A statement as the driver takes it: its text, and the columns in order, each with what binds values."""

    text: str
    columns: tuple[tuple[str, _InDriver], ...]


def _send(session: Session, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Send rows to the driver by columns: SQLAlchemy would spend on each as long as SQLite does."""
    connection = session.connection()
    if connection.dialect.name == "postgresql" and table.name in _COPIED:
        _copy(connection, table, rows)
        return
    ready = _ready(connection.dialect, table, tuple(rows[0]))
    if ready is None:
        connection.execute(_insert(table), list(rows))
        return
    gathers = written_here(session)
    if gathers is not None:
        gathers.sends(table.name, len(rows))
    by_column = [in_driver(list(map(itemgetter(name), rows))) for name, in_driver in ready.columns]
    connection.exec_driver_sql(ready.text, list(zip(*by_column, strict=True)))


_COPIED = frozenset({"identity_key", "link"})
"""The tables with most rows for a referral, all numbers and texts, with no digest in the audit log."""


def _copy(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Send rows by COPY, which costs a row a tenth of an INSERT; in the same transaction, with its errors."""
    from psycopg import Connection as Driver  # only a record on PostgreSQL has it
    from psycopg import Error

    names, driver = list(rows[0]), cast("Driver", connection.connection.driver_connection)
    quoted = connection.dialect.identifier_preparer.quote
    statement = f"COPY {quoted(table.name)} ({', '.join(map(quoted, names))}) FROM STDIN"
    try:
        with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for row in map(itemgetter(*names), rows):
                copy.write_row(row)
    except Error as error:
        as_of_an_insert = DBAPIError.instance(
            statement, None, error, Error, hide_parameters=True, dialect=connection.dialect
        )
        raise as_of_an_insert from error


@lru_cache(maxsize=1_000)
def _ready(dialect: Dialect, table: Table, names: tuple[str, ...]) -> _Ready | None:
    """Return the prepared statement.

    Return None if the database is another, or fills in columns that the rows do not name.
    """
    if dialect.name != "sqlite":
        return None
    compiled = insert(table).inline().compile(dialect=dialect, column_keys=list(names))
    if compiled.insert_prefetch or compiled.positiontup is None:
        return None
    return _Ready(
        str(compiled),
        tuple((name, _in_driver(table.c[name], dialect)) for name in compiled.positiontup),
    )


def _in_driver(column: Column[object], dialect: Dialect) -> _InDriver:
    bind = column.type.dialect_impl(dialect).bind_processor(dialect)
    if bind is None:
        return lambda values: values
    if isinstance(column.type, UtcInstant | Date):
        return lambda values: once_each(bind, values)
    return lambda values: list(map(bind, values))


def _note(session: Session, table: Table, keys: Sequence[Key], rows: Sequence[Mapping[str, object]]) -> None:
    gathers = written_here(session)
    if gathers is not None and is_covered(table.name):
        gathers.inserted(table.name, keys, rows)


@cache
def _insert(table: Table) -> Insert:
    """Build the statement once, as in ``cases``."""
    return insert(table)


@cache
def _last(rows_of: type[Row]) -> Select[int | None]:
    return select(func.max(table_of(rows_of).c.id))


@cache
def _insert_and_number(rows_of: type[Row]) -> ReturningInsert[int]:
    table = table_of(rows_of)
    return insert(table).returning(table.c.id, sort_by_parameter_order=True)
