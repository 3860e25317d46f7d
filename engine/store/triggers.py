"""Tables that refuse every change, and a check that the database still has the triggers that refuse it.

A migration makes the triggers; a test compares them with what the columns say. The owner of the database can
take a trigger away, make one that refuses nothing, or switch one off: each is found by what it does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from sqlalchemy import Connection, text

from engine.store.every_table import every_table
from engine.store.fates import changing_in, emptied_in
from engine.store.migrations.append_only import (
    postgresql_refusal,
    postgresql_unless_erased,
    sqlite_triggers,
)


class Triggered(NamedTuple):
    """Of a table that refuses changes: the columns that an erasure may empty, and those that may change."""

    erasable: tuple[str, ...]
    changeable: tuple[str, ...]


@cache
def append_only() -> Mapping[str, Triggered]:
    """Return every table whose rows are history, by its name, as their columns say it."""
    return {
        str(table.__tablename__): Triggered(emptied_in(table), changing_in(table))
        for table in every_table()
        if table.rows.history
    }


_POSTGRES = text(
    "SELECT c.relname, t.tgname, t.tgenabled::text, t.tgtype, p.prosrc, ARRAY(SELECT a.attname::text FROM "
    "pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (t.tgattr::int2[])) "
    "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
    "WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)"
)
_COLUMNS = text(
    "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
    "WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'r' AND pg_table_is_visible(c.oid)"
)
_SQLITE_COLUMNS = text("SELECT name FROM pragma_table_info(:table)")
_STATEMENT, _ROW = 58, 19  # before update, delete or truncate; before update, of each row


def missing_triggers(connection: Connection) -> tuple[str, ...]:
    """Return the triggers that are not there, or do not refuse what they must, by name, sorted."""
    find = _missing_in_sqlite if connection.dialect.name == "sqlite" else _missing_in_postgresql
    return tuple(sorted(find(connection)))


def _missing_in_sqlite(connection: Connection) -> Iterator[str]:
    there = {
        str(name): " ".join(str(sql).split())
        for name, sql in connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        ).all()
    }
    for table, (content, changeable) in append_only().items():
        columns = [str(name) for (name,) in connection.execute(_SQLITE_COLUMNS, {"table": table}).all()]
        made = sqlite_triggers(table, columns, content, changeable)
        yield from (name for name, sql in made.items() if there.get(name) != sql)


def _missing_in_postgresql(connection: Connection) -> Iterator[str]:
    columns: dict[str, set[str]] = {}
    for table, column in connection.execute(_COLUMNS).all():
        columns.setdefault(str(table), set()).add(str(column))
    there = {
        (str(table), str(name)): (int(kind), " ".join(str(source).split()), set(named))
        for table, name, enabled, kind, source, named in connection.execute(_POSTGRES).all()
        if enabled in ("O", "A")
    }
    for table, (content, changeable) in append_only().items():
        every = columns.get(table, set())
        kind, source, named = there.get((table, f"{table}_append_only"), (0, "", set()))
        envelope = every - set(content) - set(changeable)
        if (kind, source) != (_STATEMENT, postgresql_refusal(table)) or (named or every) != envelope:
            yield f"{table}_append_only"
        if content:
            one_row = (_ROW, postgresql_unless_erased(table), set(content))
            if there.get((table, f"{table}_only_erased")) != one_row:
                yield f"{table}_only_erased"
