"""The database's faults in our own words. Knows the codes of both databases, and no table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, TimeoutError

from engine.domain.errors import RecordError, RecordFault

_SQLITE: dict[int, RecordFault] = {
    sqlite3.SQLITE_BUSY: RecordFault.BUSY,
    sqlite3.SQLITE_LOCKED: RecordFault.BUSY,
    sqlite3.SQLITE_FULL: RecordFault.FULL,
    sqlite3.SQLITE_READONLY: RecordFault.READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: RecordFault.AWAY,
    sqlite3.SQLITE_CORRUPT: RecordFault.DAMAGED,
    sqlite3.SQLITE_NOTADB: RecordFault.DAMAGED,
}
"""By primary code."""
_NO_SUCH = ("no such table", "no such column", "has no column")
"""SQLite has one code for every statement that it cannot compile; these words mean a missing table."""
_POSTGRESQL: dict[str, RecordFault] = {
    "53100": RecordFault.FULL,
    "25006": RecordFault.READ_ONLY,
    "42501": RecordFault.READ_ONLY,
    "42P01": RecordFault.SCHEMA,
    "42703": RecordFault.SCHEMA,
    "3F000": RecordFault.SCHEMA,
    "40001": RecordFault.BUSY,
    "40P01": RecordFault.BUSY,
    "53300": RecordFault.BUSY,
    "55P03": RecordFault.BUSY,
    "57014": RecordFault.BUSY,
    "XX001": RecordFault.DAMAGED,
    "XX002": RecordFault.DAMAGED,
}
_POSTGRESQL_CLASSES: dict[str, RecordFault] = {
    "08": RecordFault.AWAY,
    "28": RecordFault.AWAY,
    "3D": RecordFault.AWAY,
    "57": RecordFault.AWAY,
}
_OF_A_VALUE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""Errors of reading a value that is not of its column's kind, such as an instant in month 13."""
_UNIQUE = frozenset({"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "23505"})


def record_error(error: BaseException) -> RecordError:
    """Return the error of ours for one of a database, without its text, which would show what was written."""
    if isinstance(error, TimeoutError):
        return RecordError(RecordFault.BUSY, "every connection is in use")
    orig: object = error.orig if isinstance(error, DBAPIError) else error
    return RecordError(_fault_of(orig), _kind_of(orig))


@contextmanager
def reading() -> Iterator[None]:
    """Turn a failure of the database, within this block, into an error of ours."""
    try:
        yield
    except (DBAPIError, TimeoutError, sqlite3.Error) as error:
        raise record_error(error) from None


def is_of_a_value(error: Exception) -> bool:
    """Return whether a value could not be read, as the database has it; the others can.

    The database itself, its file or its connection is not at fault then.
    """
    if not isinstance(error, DBAPIError):
        return isinstance(error, _OF_A_VALUE)
    orig = error.orig
    is_coded = hasattr(orig, "sqlite_errorcode") or not isinstance(orig, sqlite3.Error)
    return not is_coded or type(orig).__name__ == "DataError"


def is_same_row_twice(error: DBAPIError) -> bool:
    """Return whether another writer wrote the same row at the same moment."""
    orig = error.orig
    return (getattr(orig, "sqlite_errorname", None) or getattr(orig, "sqlstate", None)) in _UNIQUE


def _fault_of(orig: object) -> RecordFault:
    code = getattr(orig, "sqlite_errorcode", None)
    if code is not None:
        if code == sqlite3.SQLITE_ERROR and any(words in str(orig) for words in _NO_SUCH):
            return RecordFault.SCHEMA
        return _SQLITE.get(code & 0xFF, RecordFault.FAILED)
    state = getattr(orig, "sqlstate", None)
    if state is not None:
        return _POSTGRESQL.get(state) or _POSTGRESQL_CLASSES.get(state[:2], RecordFault.FAILED)
    # A server that never answered gives no code; neither does a statement that the driver refuses.
    return RecordFault.AWAY if type(orig).__name__ == "OperationalError" else RecordFault.FAILED


def _kind_of(orig: object) -> str:
    value = getattr(orig, "sqlite_errorname", None) or getattr(orig, "sqlstate", None)
    name = type(orig).__name__
    return f"{name} {value}" if value else name
