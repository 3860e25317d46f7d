"""Gathers which rows one transaction writes, and makes the digest of each version for its audit entry.

It listens to the session and to the connection, so no use case can forget. A row that was written in a way
that it could not follow ends the transaction. A table is covered unless it says why not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import cast

from sqlalchemy import (
    BindParameter,
    Connection,
    Delete,
    Insert,
    Select,
    Table,
    TextClause,
    Update,
    UpdateBase,
    bindparam,
    event,
    select,
    tuple_,
)
from sqlalchemy.engine import Engine
from sqlmodel import Session

from engine.domain.errors import SetupError
from engine.domain.system.audit import NumberedKey, canonical
from engine.store.rows_in_text import Key, digests_given, digests_of, key_of
from engine.store.tables.base import METADATA, rows_named, table_of

_AT_ONCE = 500
_HERE = "versions written"
VersionKey = Callable[[], NumberedKey]
"""Gives the key of the digests when one is made: who only reads need not have it."""


def is_covered(table: str) -> bool:
    """Return whether each version of this table's rows has a digest in the chain."""
    rows = rows_named(table)
    return rows is None or not rows.rows.uncovered


def covered_tables() -> tuple[Table, ...]:
    """Return every such table, by name."""
    from engine.store.every_table import every_table  # who writes to one table need not load them all

    return tuple(table_of(rows) for rows in every_table() if not rows.rows.uncovered)


class WrittenPastTheAuditError(RuntimeError):
    """Rows written by the program in a way in which no digest of them is made. Nothing of it is stored."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"rows of {table} were written without a digest in an audit entry: use 'UnitOfWork.writing', "
            "with the session, 'bulk', or a statement of SQLAlchemy"
        )


class VersionsWritten:
    """The rows of covered tables that one transaction inserted, changed or deleted."""

    def __init__(self, session: Session, version_key: VersionKey) -> None:
        self._session = session
        self._version_key = version_key
        self._keys: dict[str, dict[Key, Mapping[str, object] | None]] = {}
        """By table and key what was written, where that is known; None is read from the database."""
        self._sent: dict[str, int] = {}
        self._inserted: dict[str, int] = {}
        session.info[_HERE] = self
        event.listen(session, "after_flush", self._flushed)
        self._connection_info = session.connection().info
        self._connection_info[_HERE] = self

    def sends(self, table: str, count: int) -> None:
        """Count rows that are sent past SQLAlchemy."""
        if is_covered(table):
            self._sent[table] = self._sent.get(table, 0) + count

    def inserted(
        self, table: str, keys: Sequence[Key], rows: Sequence[Mapping[str, object] | None] | None = None
    ) -> None:
        """Note rows that were written past the session; with ``rows`` as they were given."""
        there = self._keys.setdefault(table, {})
        there.update(zip(keys, rows or [None] * len(keys), strict=True))
        self._inserted[table] = self._inserted.get(table, 0) + len(keys)

    def let_go(self) -> None:
        """Gather no more. Before the transaction ends: another may have the connection at once.

        The rows are let go of too: the session knows this object, which knows it, so both stay for a while.
        """
        if self._connection_info.get(_HERE) is self:
            del self._connection_info[_HERE]
        self._keys.clear()

    def rows(self) -> dict[str, dict[Key, Mapping[str, object] | None]]:
        """Return by table and key what was written, where that is known; for after ``let_go``."""
        return {table: dict(rows) for table, rows in self._keys.items()}

    def wrote(self, table: str, key: Key) -> bool:
        """Return whether this transaction wrote that row."""
        return key in self._keys.get(table, {})

    def wrote_any(self, table: str) -> bool:
        """Return whether this transaction wrote any row of a table."""
        return bool(self._keys.get(table) or self._sent.get(table))

    def must_be_none(self) -> None:
        """Refuse a transaction without an entry that wrote something which only an entry may write."""
        for table in (*self._sent, *(name for name, keys in self._keys.items() if keys)):
            raise WrittenPastTheAuditError(table)

    def digests(self) -> dict[str, dict[str, str | None]]:
        """Return, by table and key, the digest of each version as it is in the database now.

        None means that it was deleted.
        """
        for table, sent in self._sent.items():
            if self._inserted.get(table, 0) != sent:
                raise WrittenPastTheAuditError(table)
        return {name: self._digests_of(name, keys) for name, keys in sorted(self._keys.items()) if keys}

    def about_to(
        self, connection: Connection, statement: object, sets: Sequence[Mapping[str, object]]
    ) -> None:
        """Count what a statement inserts, and find what it will change or delete, before it runs."""
        if isinstance(statement, TextClause):
            self._must_not_write(statement.text)
        if not isinstance(statement, UpdateBase):
            return
        table = cast("Table", statement.table)
        if not is_covered(table.name):
            return
        if isinstance(statement, Insert):
            self._sent[table.name] = self._sent.get(table.name, 0) + max(len(sets), 1)
            return
        criteria = cast("Update | Delete", statement)._where_criteria  # it has no public name
        which = select(*table.primary_key.columns).where(*criteria)
        there = self._keys.setdefault(table.name, {})
        for given in sets or ({},):
            for row in connection.execute(which, dict(given)).all():
                there[tuple(row)] = None

    @staticmethod
    def _must_not_write(statement: str) -> None:
        """Refuse a statement in text that writes: which rows it writes cannot be known."""
        found = re.match(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\W?(\w+)", statement, re.IGNORECASE)
        if found is not None and is_covered(found[1]):
            raise WrittenPastTheAuditError(found[1])

    def _flushed(self, session: Session, *_: object) -> None:
        for row in session.new:
            table = cast("Table", getattr(type(row), "__table__", None))
            if is_covered(table.name):
                self.inserted(table.name, [key_of(table, row.__dict__)])

    def _digests_of(
        self, name: str, keys: Mapping[Key, Mapping[str, object] | None]
    ) -> dict[str, str | None]:
        table = METADATA.tables[name]
        written = {key: row for key, row in keys.items() if row is not None}
        found: dict[str, str | None] = {
            key_text(key): digest
            for key, digest in (digests_given(table, written, self._version_key()) if written else ())
        }
        return found | self._read(table, [key for key, row in keys.items() if row is None])

    def _read(self, table: Table, keys: list[Key]) -> dict[str, str | None]:
        connection = self._session.connection()
        is_one = len(table.primary_key.columns) == 1
        found: dict[str, str | None] = {key_text(key): None for key in keys}
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            rows = connection.execute(_those(table), {"keys": [key[0] for key in some] if is_one else some})
            for key, digest in digests_of(table, rows.all(), self._version_key()):
                found[key_text(key)] = digest
        return found


def no_version_key() -> NumberedKey:
    """Refuse a record that was opened without its key, and so imports nothing."""
    raise SetupError("this record was opened without its key: nothing can be written to it")


class OneKey:
    """Gives a transaction one key from its beginning to its end, though the file is changed meanwhile."""

    def __init__(self, source: VersionKey) -> None:
        self._source = source
        self._key: NumberedKey | None = None

    def __call__(self) -> NumberedKey:
        """Return the key that was the newest when it was first asked for."""
        if self._key is None:
            self._key = self._source()
        return self._key

    @property
    def is_newest(self) -> bool:
        """False once the key was changed."""
        return self() == self._source()


@contextmanager
def gathering(session: Session, version_key: VersionKey) -> Iterator[VersionsWritten]:
    """Gather what this session writes from here on."""
    gathers = VersionsWritten(session, version_key)
    try:
        yield gathers
    finally:
        gathers.let_go()


def written_here(session: Session) -> VersionsWritten | None:
    """Return what gathers versions in this session, if anything does."""
    return cast("VersionsWritten | None", session.info.get(_HERE))


def listen_on(engine: Engine) -> None:
    """Have every statement of this database's connections shown to what gathers there."""

    if not event.contains(engine, "before_execute", _before_execute):  # two units of work may share it
        event.listen(engine, "before_execute", _before_execute)


def _before_execute(
    connection: Connection,
    statement: object,
    many: Sequence[Mapping[str, object]],
    one: Mapping[str, object],
    options: Mapping[str, object],
) -> None:
    gathers = connection.info.get(_HERE)
    if gathers is not None:
        gathers.about_to(connection, statement, many or ((one,) if one else ()))


@cache
def _those(table: Table) -> Select[*tuple[object, ...]]:
    """Build the statement once for each table: building takes several times as long as running it."""
    columns = list(table.primary_key.columns)
    keys: BindParameter[Key] = bindparam("keys", expanding=True)
    return select(table).where(columns[0].in_(keys) if len(columns) == 1 else tuple_(*columns).in_(keys))


def key_text(key: Key) -> str:
    """Return a key as an entry names it."""
    return str(key[0]) if len(key) == 1 else ".".join(map(str, key))


def as_text(digests: Mapping[str, Mapping[str, str | None]]) -> str | None:
    """Return the part of the versions that an entry stores; None where it wrote none."""
    return canonical(digests) if digests else None
