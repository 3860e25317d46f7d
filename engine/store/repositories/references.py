"""New public references that are not in use."""

from __future__ import annotations

import json
from functools import cache

from sqlalchemy import Connection, Select, SQLColumnExpression, bindparam, func, select
from sqlmodel import Session

from engine.domain.ids import new_references


def unused_references(session: Session, kind: str, column: SQLColumnExpression[str], count: int) -> list[str]:
    """Return so many new references of one kind that are not in this column."""
    fresh: dict[str, None] = {}
    connection = session.connection()
    taken_among = _taken_in_text if connection.dialect.name == "sqlite" else _taken
    while len(fresh) < count:
        offered = new_references(kind, count - len(fresh))
        taken = taken_among(connection, column, offered)
        fresh.update(dict.fromkeys(ref for ref in offered if ref not in taken))
    return list(fresh)


def _taken(connection: Connection, column: SQLColumnExpression[str], offered: list[str]) -> set[str]:
    taken: set[str] = set()
    for start in range(0, len(offered), 500):
        some = {"offered": offered[start : start + 500]}
        taken.update(connection.execute(_in_use(column), some).scalars())
    return taken


def _taken_in_text(connection: Connection, column: SQLColumnExpression[str], offered: list[str]) -> set[str]:
    """Return the same, asked as one value: SQLAlchemy writes each of a list into the statement."""
    return set(connection.execute(_in_use_in_text(column), {"offered": json.dumps(offered)}).scalars())


@cache
def _in_use(column: SQLColumnExpression[str]) -> Select[str]:
    """Build the statement once for each column: building takes several times as long as running it."""
    return select(column).where(column.in_(bindparam("offered", expanding=True)))


@cache
def _in_use_in_text(column: SQLColumnExpression[str]) -> Select[str]:
    offered = func.json_each(bindparam("offered")).table_valued("value")
    return select(column).where(column.in_(select(offered.c.value)))
