"""New public references that are not in use."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Select, SQLColumnExpression, bindparam, select
from sqlmodel import Session

from engine.domain.ids import new_reference


def unused_references(session: Session, kind: str, column: SQLColumnExpression[str], count: int) -> list[str]:
    """Return so many new references of one kind that are not in this column."""
    fresh: dict[str, None] = {}
    while len(fresh) < count:
        offered = [new_reference(kind) for _ in range(count - len(fresh))]
        taken: set[str] = set()
        for start in range(0, len(offered), 500):
            some = {"offered": offered[start : start + 500]}
            taken.update(session.connection().execute(_taken(column), some).scalars())
        fresh.update(dict.fromkeys(ref for ref in offered if ref not in taken))
    return list(fresh)


@cache
def _taken(column: SQLColumnExpression[str]) -> Select[str]:
    """Build the statement once for each column: building takes several times as long as running it."""
    return select(column).where(column.in_(bindparam("offered", expanding=True)))
