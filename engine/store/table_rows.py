"""Rows of whole tables, out of one database and into another, in one form for SQLite and PostgreSQL.

It asks the database which tables and columns it has, so a record of an older schema is read as well. Each
table has a count and a digest that do not depend on the database or on the order of its rows.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import chain
from typing import NamedTuple, cast

from sqlalchemy import Connection, inspect, text, types

from engine.domain.errors import SetupError
from engine.domain.system.audit import canonical

REVISION_TABLE = "alembic_version"
SIGNED_IN = frozenset({"one_use", "regular_work", "runner", "sign_in", "sign_in_attempt"})
"""Sign-ins, signs of life and regular work: of this installation and this hour."""
_AT_ONCE = 500
_MODULUS = 1 << 256


class Kind(StrEnum):
    """The kind of a column's values."""

    WHOLE = "whole number"
    NUMBER = "number"
    TRUTH = "truth"
    TEXT = "text"
    INSTANT = "instant"
    DAY = "day"
    DOCUMENT = "document"
    BYTES = "bytes"


_KINDS: tuple[tuple[type, Kind], ...] = (
    (types.Boolean, Kind.TRUTH),
    (types.Integer, Kind.WHOLE),
    (types.Float, Kind.NUMBER),
    (types.Numeric, Kind.NUMBER),
    (types.DateTime, Kind.INSTANT),
    (types.Date, Kind.DAY),
    (types.JSON, Kind.DOCUMENT),
    (types.LargeBinary, Kind.BYTES),
    (types.String, Kind.TEXT),
)
"""In this order: a float is a number before it is anything else."""


class Shape(NamedTuple):
    """A table and its columns in the order of their names, each with its kind."""

    table: str
    columns: tuple[tuple[str, Kind], ...]


class Tally(NamedTuple):
    """The number of rows of a table, and their digest."""

    rows: int
    digest: str


class Tallies:
    """Counts rows and adds up their digests, while they go by."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._sums: dict[str, int] = {}

    def add(self, table: str, texts: Iterable[str]) -> None:
        """Count these rows, each as its text."""
        rows, total = self._rows.get(table, 0), self._sums.get(table, 0)
        for each in texts:
            rows += 1
            total += int.from_bytes(hashlib.sha256(each.encode()).digest())
        self._rows[table], self._sums[table] = rows, total % _MODULUS

    def all(self) -> dict[str, Tally]:
        """Return the tally of each table, by name."""
        return {name: Tally(self._rows[name], f"{self._sums[name]:064x}") for name in sorted(self._rows)}


def shapes_of(connection: Connection, *, without: Iterable[str] = ()) -> tuple[Shape, ...]:
    """Return the tables of a database, those that others refer to first."""
    found = inspect(connection)
    left_out = {REVISION_TABLE, *without}
    named = [name for name, _ in found.get_sorted_table_and_fkc_names() if name and name not in left_out]
    columns = found.get_multi_columns()
    return tuple(
        Shape(
            name,
            tuple(sorted((each["name"], _kind_of(name, each["type"])) for each in columns[(None, name)])),
        )
        for name in named
    )


def _kind_of(table: str, of: types.TypeEngine[object]) -> Kind:
    for kind_of, kind in _KINDS:
        if isinstance(of, kind_of):
            return kind
    raise SetupError(f"a column of table {table} has a type that cannot be copied")


def texts_of(connection: Connection, shape: Shape) -> Iterator[list[str]]:
    """Yield the rows of a table as texts, some hundred at a time, in any order."""
    is_sqlite = connection.dialect.name == "sqlite"
    listed = ", ".join(_selected(name, kind, is_sqlite=is_sqlite) for name, kind in shape.columns)
    writers = [(_FROM_SQLITE if is_sqlite else _FROM_POSTGRESQL)[kind] for _, kind in shape.columns]
    query = f'SELECT {listed} FROM "{shape.table}"'  # noqa: S608
    streamed = {"stream_results": True, "yield_per": _AT_ONCE}
    with connection.exec_driver_sql(query, execution_options=streamed) as rows:
        for some in rows.partitions(_AT_ONCE):
            yield [
                canonical(
                    [
                        value if value is None or write is None else write(value)
                        for value, write in zip(row, writers, strict=True)
                    ]
                )
                for row in some
            ]


def empty(connection: Connection) -> None:
    """Delete what a new schema brings with it: the heads of the audit log and of the links."""
    for shape in reversed(shapes_of(connection)):
        # one of history refuses even to delete nothing, and a new schema brings nothing of it
        if connection.exec_driver_sql(f'SELECT 1 FROM "{shape.table}" LIMIT 1').first():  # noqa: S608
            connection.exec_driver_sql(f'DELETE FROM "{shape.table}"')  # noqa: S608


def put(connection: Connection, shape: Shape, rows: Iterable[list[object]]) -> None:
    """Write these rows into a table that is empty; they are checked against other tables as they come.

    On SQLite that check is made when the transaction ends.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    readers = [(_TO_SQLITE if is_sqlite else _TO_POSTGRESQL)[kind] for _, kind in shape.columns]
    given = (
        tuple(
            value if value is None or read is None else read(value)
            for value, read in zip(row, readers, strict=True)
        )
        for row in rows
    )
    (_put_in_sqlite if is_sqlite else _put_in_postgresql)(connection, shape, given)


def _put_in_sqlite(connection: Connection, shape: Shape, rows: Iterator[tuple[object, ...]]) -> None:
    marks = ", ".join("?" for _ in shape.columns)
    statement = f'INSERT INTO "{shape.table}" ({_named(shape)}) VALUES ({marks})'  # noqa: S608
    for row in rows:
        connection.exec_driver_sql(statement, [row, *_some(rows, _AT_ONCE - 1)])


def _put_in_postgresql(connection: Connection, shape: Shape, rows: Iterator[tuple[object, ...]]) -> None:
    from psycopg import Connection as Driver  # only a record on PostgreSQL has it

    first = next(rows, None)
    if first is None:
        return
    driver = cast("Driver", connection.connection.driver_connection)
    statement = f'COPY "{shape.table}" ({_named(shape)}) FROM STDIN'
    with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in chain([first], rows):
            copy.write_row(row)
    for name, kind in shape.columns:
        if kind is Kind.WHOLE and name == "id":
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('\"{shape.table}\"', 'id'), max(id)) "  # noqa: S608
                f'FROM "{shape.table}"'
            )


def go_on_after(connection: Connection, sequences: Mapping[str, int]) -> None:
    """Let each table that gives no number twice go on after the last one, although its row may be deleted."""
    statements = _NUMBERED_IN_SQLITE if connection.dialect.name == "sqlite" else _NUMBERED_IN_POSTGRESQL
    for name, last in sequences.items():
        for statement in statements:
            connection.execute(statement, {"name": name, "last": last})


_NUMBERED_IN_SQLITE = (
    text("DELETE FROM sqlite_sequence WHERE name = :name"),
    text(
        "INSERT INTO sqlite_sequence (name, seq) SELECT name, :last FROM sqlite_master "
        "WHERE name = :name AND sql LIKE '%AUTOINCREMENT%'"
    ),
)
_NUMBERED_IN_POSTGRESQL = (text("SELECT setval(pg_get_serial_sequence(quote_ident(:name), 'id'), :last)"),)


def _some(rows: Iterator[tuple[object, ...]], count: int) -> list[tuple[object, ...]]:
    return [row for _, row in zip(range(count), rows, strict=False)]


def _named(shape: Shape) -> str:
    return ", ".join(f'"{name}"' for name, _ in shape.columns)


def _selected(name: str, kind: Kind, *, is_sqlite: bool) -> str:
    return f'"{name}"' if is_sqlite or kind is not Kind.DOCUMENT else f'"{name}"::text'


_Change = Callable[[object], object] | None
"""A change of a value; None where it stays."""


def _bytes_in_text(value: object) -> object:
    return base64.b64encode(cast("bytes", value)).decode()


def _bytes_again(value: object) -> object:
    return base64.b64decode(cast("str", value))


def _document(value: object) -> object:
    return json.loads(cast("str", value))


def _number(value: object) -> object:
    return float(cast("float", value))


_FROM_SQLITE: Mapping[Kind, _Change] = {
    Kind.WHOLE: None,
    Kind.NUMBER: _number,
    Kind.TRUTH: bool,
    Kind.TEXT: None,
    Kind.INSTANT: lambda value: f"{str(value).replace(' ', 'T')}Z",
    Kind.DAY: None,
    Kind.DOCUMENT: _document,
    Kind.BYTES: _bytes_in_text,
}
_FROM_POSTGRESQL: Mapping[Kind, _Change] = {
    **_FROM_SQLITE,
    Kind.INSTANT: lambda value: (
        f"{cast('datetime', value).astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
    ),
    Kind.DAY: lambda value: cast("date", value).isoformat(),
}
_TO_SQLITE: Mapping[Kind, _Change] = {
    Kind.WHOLE: None,
    Kind.NUMBER: None,
    Kind.TRUTH: cast("_Change", int),
    Kind.TEXT: None,
    Kind.INSTANT: lambda value: str(value).replace("T", " ").removesuffix("Z"),
    Kind.DAY: None,
    Kind.DOCUMENT: json.dumps,
    Kind.BYTES: _bytes_again,
}
_TO_POSTGRESQL: Mapping[Kind, _Change] = {
    **_TO_SQLITE,
    Kind.TRUTH: None,
    Kind.INSTANT: None,
    Kind.DOCUMENT: lambda value: json.dumps(value, ensure_ascii=False),
}
