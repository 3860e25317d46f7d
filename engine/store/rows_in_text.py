"""The digests of rows, from the database or on their way to it: each is made of the row as a text.

Reads and writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from json.encoder import encode_basestring
from operator import itemgetter
from typing import NamedTuple, TypeVar, cast

from sqlalchemy import Boolean, Column, Date, Float, Integer, LargeBinary, String, Table
from sqlmodel.sql.sqltypes import AutoString

from engine.domain.system.audit import canonical, digest_of_written
from engine.store.tables.base import UtcInstant

_Made = TypeVar("_Made")
Key = tuple[object, ...]
"""A row's primary key."""


def digests_of(
    table: Table, rows: Iterable[Sequence[object]], version_key: bytes
) -> Iterator[tuple[Key, str]]:
    """Yield the key and the digest of each of these rows, which have every column in the table's order."""
    for key, written in texts_of(table, rows):
        yield key, digest_of_written(version_key, written)


def texts_of(table: Table, rows: Iterable[Sequence[object]]) -> Iterator[tuple[Key, str]]:
    """Yield the key and the text of each of these rows, to make a digest of it by any key."""
    places, keys = _places(table)
    name = table.name
    for row in rows:
        content = {
            column: value if plain is None else plain(value)
            for (column, plain), value in zip(places, row, strict=True)
            if value is not None
        }
        yield tuple(row[place] for place in keys), canonical([name, content])


def digests_given(
    table: Table, rows: Mapping[Key, Mapping[str, object]], version_key: bytes
) -> Iterator[tuple[Key, str]]:
    """Yield the digests of rows as they were given: what the database would give back, without asking it."""
    for number, content in zip(rows, _written_out(table, list(rows.values())), strict=True):
        yield number, digest_of_written(version_key, content)


def key_of(table: Table, row: Mapping[str, object]) -> Key:
    """Return the row's primary key."""
    return tuple(row[column.name] for column in table.primary_key.columns)


def once_each(work: Callable[[object], _Made], values: Sequence[object]) -> list[_Made]:
    """Return what the work makes of each value; it is done once for equal ones."""
    made = {value: work(value) for value in set(values)}
    return [made[value] for value in values]


def _written_out(table: Table, rows: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """Yield each row as the text for its digest; column by column, which takes a third less."""
    opening = f"[{canonical(table.name)},{{"
    columns = [column.pieces(_values(column.name, rows)) for column in _columns_in_text(table)]
    for pieces in zip(*columns, strict=True):
        yield f"{opening}{''.join(pieces)[:-1]}}}]"


def _values(name: str, rows: Sequence[Mapping[str, object]]) -> list[object]:
    """Return one column's value in each row; None where a row does not name it."""
    try:
        return list(map(itemgetter(name), rows))
    except KeyError:
        return [row.get(name) for row in rows]


@cache
def _places(table: Table) -> tuple[list[tuple[str, Callable[[object], str] | None]], list[int]]:
    """Return the columns in order, each with what makes its values plain, and the places of the key."""
    columns = list(table.columns)
    key = set(table.primary_key.columns)
    return (
        [(column.name, _to_plain(column)) for column in columns],
        [place for place, column in enumerate(columns) if column in key],
    )


def _to_plain(column: Column[object]) -> Callable[[object], str] | None:
    kind = column.type
    if isinstance(kind, UtcInstant):
        return _instant_text
    if isinstance(kind, Date):
        return _date_text
    if isinstance(kind, LargeBinary):
        return _bytes_text
    return None


def _instant_text(value: object) -> str:
    assert isinstance(value, datetime)
    return value.isoformat().replace("+00:00", "Z")


def _date_text(value: object) -> str:
    assert isinstance(value, date)
    return value.isoformat()


def _bytes_text(value: object) -> str:
    assert isinstance(value, bytes | memoryview)
    return value.hex()


class _ColumnInText(NamedTuple):
    """A column's place in the text of a row: how it begins, and what writes a value on its way in."""

    name: str
    before: str
    in_text: Callable[[object], str]
    comes_again: bool
    may_be_one: bool
    """True if equal values are written alike, and comparing them is quick: often all rows have the same."""

    def pieces(self, values: Sequence[object]) -> Sequence[str]:
        """Return the column's part of each row's text; an absent value has none."""
        if self.comes_again:
            return once_each(self._piece, values)
        if self.may_be_one and values[0] == values[-1] and values.count(values[0]) == len(values):
            return [self._piece(values[0])] * len(values)
        before, in_text = self.before, self.in_text  # a call for each value would take half of the time
        return ["" if value is None else f"{before}{in_text(value)}," for value in values]

    def _piece(self, value: object) -> str:
        return "" if value is None else f"{self.before}{self.in_text(value)},"


@cache
def _columns_in_text(table: Table) -> list[_ColumnInText]:
    """Return the columns in the order of their names, as in the text."""
    return [
        _ColumnInText(
            column.name,
            f"{canonical(column.name)}:",
            _in_text(column),
            isinstance(column.type, UtcInstant | Date),
            isinstance(column.type, Boolean | Integer | String | AutoString),
        )
        for column in sorted(table.columns, key=lambda column: column.name)
    ]


def _in_text(column: Column[object]) -> Callable[[object], str]:
    """Return what writes a value that may be of a like type: SQLite stores True as 1."""
    kind = column.type
    if isinstance(kind, UtcInstant):
        return _given_instant
    if isinstance(kind, Boolean):
        return _truth
    if isinstance(kind, Integer):
        return _whole_number
    if isinstance(kind, Float):
        return _number
    if isinstance(kind, String | AutoString):
        return _text
    plain = _to_plain(column)
    return canonical if plain is None else lambda value: f'"{plain(value)}"'


def _given_instant(value: object) -> str:
    assert isinstance(value, datetime)
    return f'"{_instant_text(value.astimezone(UTC))}"'


_text = cast("Callable[[object], str]", encode_basestring)
"""Writes a text as ``canonical`` does, without asking of each value whether it is one. Refuses any other."""


def _truth(value: object) -> str:
    return "true" if value else "false"


_whole_number: Callable[[object], str] = int.__repr__
"""Writes True as 1. Refuses any value that is not a whole number."""


def _number(value: object) -> str:
    assert isinstance(value, int | float)
    return canonical(float(value))
