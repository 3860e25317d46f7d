"""The cases that a transaction's rows are about, found by their foreign keys: no use case names them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import NamedTuple, cast

from sqlalchemy import Column, Table, or_, select
from sqlmodel import Session, col

from engine.domain.errors import SetupError
from engine.store.among import among
from engine.store.rows_in_text import Key
from engine.store.tables.base import METADATA
from engine.store.tables.cases.involvements import InvolvementRow

RowsWritten = Mapping[str, Mapping[Key, Mapping[str, object] | None]]
"""By table and key what a transaction wrote, where that is known; None is read from the database."""
_CASE, _EPISODE = "involvement", "episode"
_ITS_CASES = {
    "court_order": ("court_order_case", "order_id"),
    "conference_record": ("agenda_item", "conference_id"),
}
"""Tables of what concerns several cases: the table that names each of them, and its column for it."""


class _Step(NamedTuple):
    """A column of a table that leads to another table, and so to a case."""

    column: Column[object]
    to: str


@cache
def leads_to_cases(table: str) -> bool:
    """Return whether the cases of this table's rows can be found."""
    return table in {_CASE, _EPISODE, *_ITS_CASES} or bool(_steps(table))


def cases_written(session: Session, written: RowsWritten, tables: Collection[str]) -> set[int]:
    """Return the numbers of the cases that the rows of these tables are about, as the database has them now.

    A row that was deleted leads nowhere: what deletes rows names its cases, as each use case does.
    """
    found: set[int] = set()
    for table in tables:
        found |= _cases_of(session, table, written.get(table, {}))
    return found


def of_their_episodes(session: Session, cases: Collection[int]) -> set[int]:
    """Return these cases and the others of their episodes."""
    number, episode = col(InvolvementRow.id), col(InvolvementRow.episode_id)
    theirs = select(episode).where(among(number, list(cases)))
    return {int(found) for found in session.execute(select(number).where(episode.in_(theirs))).scalars()}


def _cases_of(session: Session, table: str, rows: Mapping[Key, Mapping[str, object] | None]) -> set[int]:
    numbers = {int(cast("int", key[0])) for key in rows}
    if not numbers:
        return set()
    if table == _CASE:
        return numbers
    if table == _EPISODE:
        now_in, own = col(InvolvementRow.episode_id), col(InvolvementRow.own_episode_id)
        there = select(col(InvolvementRow.id)).where(
            or_(among(now_in, list(numbers)), among(own, list(numbers)))
        )
        return {int(found) for found in session.execute(there).scalars()}
    if table in _ITS_CASES:
        naming, column = _ITS_CASES[table]
        named = METADATA.tables[naming].c
        their = select(named.involvement_id).where(among(named[column], list(numbers))).distinct()
        return {int(found) for found in session.execute(their).scalars()}
    found: set[int] = set()
    for step in _steps(table):
        further: dict[Key, Mapping[str, object] | None] = {
            (value,): None for value in _values(session, table, step.column, rows)
        }
        found |= _cases_of(session, step.to, further)
    return found


def _values(
    session: Session, table: str, column: Column[object], rows: Mapping[Key, Mapping[str, object] | None]
) -> Iterator[object]:
    """Yield what a column says in these rows, without asking the database for what was just given to it."""
    unknown = []
    for key, row in rows.items():
        if row is None or column.name not in row:
            unknown.append(key[0])
        elif row[column.name] is not None:
            yield row[column.name]
    if unknown:
        own = METADATA.tables[table].c.id
        asked = select(column).where(among(own, unknown), column.is_not(None)).distinct()
        yield from session.execute(asked).scalars()


@cache
def _steps(table: str) -> tuple[_Step, ...]:
    """Return the columns that lead from a table to its cases: straight to one, else through another table."""
    there = METADATA.tables[table]
    straight = [step for step in _keys_of(there) if step.to in {_CASE, _EPISODE}]
    return tuple(
        straight or [step for step in _keys_of(there) if step.to != table and leads_to_cases(step.to)]
    )


def _keys_of(table: Table) -> Iterator[_Step]:
    for column in table.columns:
        for key in column.foreign_keys:
            yield _Step(column, key.column.table.name)


def require_cases(tables: Collection[str]) -> None:
    """Refuse tables whose rows lead to no case: what is derived from them would go stale."""
    strangers = sorted(table for table in tables if table not in METADATA.tables or not leads_to_cases(table))
    if strangers:
        raise SetupError(f"rows of {strangers[0]} lead to no case: a kind of what waits cannot read it")
