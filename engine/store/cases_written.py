"""The cases that a transaction's rows are about, found by their foreign keys: no use case names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple, cast

from sqlalchemy import Column, Table, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.domain.errors import SetupError
from engine.store.among import among
from engine.store.rows_in_text import Key
from engine.store.tables.base import METADATA
from engine.store.tables.cases.involvements import InvolvementRow

RowsWritten = Mapping[str, Mapping[Key, Mapping[str, object] | None]]
"""By table and key what a transaction wrote, where that is known; None is read from the database.

A row is known only where this transaction inserted it and has not changed it since.
"""
_CASE, _EPISODE = "involvement", "episode"
_ITS_CASES = {
    "court_order": ("court_order_case", "order_id"),
    "conference_record": ("agenda_item", "conference_id"),
}
"""Tables of what concerns several cases: the table that names each of them, and its column for it."""
_SHARED = "court_order"
"""An order: a record of it on one case changes the waiting work of its other cases."""


class _Step(NamedTuple):
    """A column of a table that leads to another table, and so to a case."""

    column: Column[object]
    to: str


class CasesAdded:
    """The cases that a transaction added, each in an episode without other cases.

    All of their rows are of that transaction: of a table that it did not write for them, they have none.
    """

    def __init__(self, written: RowsWritten) -> None:
        rows = written.get(_CASE, {})
        # else an older case may have come into the episode of a new one
        is_known = all(row is not None for row in rows.values())
        added = {int(cast("int", key[0])): row for key, row in rows.items() if row is not None and is_known}
        together = Counter(row["episode_id"] for row in added.values())
        alone = {
            number: row
            for number, row in added.items()
            if row["episode_id"] == row["own_episode_id"] and together[row["episode_id"]] == 1
        }
        self._written = written
        self.references = {number: str(row["ref"]) for number, row in alone.items()}
        self.by_episode = {int(cast("int", row["episode_id"])): number for number, row in alone.items()}
        self._numbers = {reference: number for number, reference in self.references.items()}

    def with_any(
        self,
        table: str,
        cases: Sequence[str],
        *,
        where: Callable[[Mapping[str, object]], bool] = lambda _: True,
        names_case: bool = True,
    ) -> list[str]:
        """Return those of these cases that may have a row of a table.

        ``where`` says of a row that was written whether it counts. ``names_case``: it is about no case but
        the one that it names.
        """
        rows = [row for row in self._written.get(table, {}).values() if row is None or where(row)]
        if any(row is None or not names_case for row in rows):
            return list(cases)
        named = {row["involvement_id"] for row in rows if row is not None}
        return [each for each in cases if (own := self._numbers.get(each)) is None or own in named]


@cache
def leads_to_cases(table: str) -> bool:
    """Return whether the cases of this table's rows can be found."""
    return table in {_CASE, _EPISODE, *_ITS_CASES} or bool(_steps(table))


def cases_written(
    session: Session, written: RowsWritten, tables: Collection[str], added: CasesAdded
) -> set[int]:
    """Return the numbers of the cases that the rows of these tables are about, as the database has them now.

    A row that was deleted leads nowhere: what deletes rows names its cases, as each use case does.
    """
    found: set[int] = set()
    for table in tables:
        found |= _cases_of(session, table, written.get(table, {}), added)
    return found


def of_their_episodes(session: Session, cases: Collection[int]) -> dict[int, set[int]]:
    """Return by each of these cases the cases of its episode, its own too."""
    one, other = aliased(InvolvementRow), aliased(InvolvementRow)
    together = (
        select(col(one.id), col(other.id))
        .join(other, col(other.episode_id) == col(one.episode_id))
        .where(among(col(one.id), list(cases)))
    )
    found: dict[int, set[int]] = {}
    for case, its in session.connection().execute(together):
        found.setdefault(int(case or 0), set()).add(int(its or 0))
    return found


def _cases_of(
    session: Session, table: str, rows: Mapping[Key, Mapping[str, object] | None], added: CasesAdded
) -> set[int]:
    numbers = {int(cast("int", key[0])) for key in rows}
    if not numbers:
        return set()
    if table == _CASE:
        return numbers
    if table == _EPISODE:
        known = {added.by_episode[each] for each in numbers & added.by_episode.keys()}
        numbers -= added.by_episode.keys()
        if not numbers:
            return known
        now_in, own = col(InvolvementRow.episode_id), col(InvolvementRow.own_episode_id)
        there = select(col(InvolvementRow.id)).where(
            or_(among(now_in, list(numbers)), among(own, list(numbers)))
        )
        return known | {int(found) for found in session.execute(there).scalars()}
    if table in _ITS_CASES:
        naming, column = _ITS_CASES[table]
        named = METADATA.tables[naming].c
        their = select(named.involvement_id).where(among(named[column], list(numbers))).distinct()
        return {int(found) for found in session.execute(their).scalars()}
    found: set[int] = set()
    for step in _steps(table):
        further: dict[Key, Mapping[str, object] | None] = {
            (each,): None for each in set(_values(session, table, step.column, rows))
        }
        found |= _cases_of(session, step.to, further, added)
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
    """Return the columns that lead from a table to its cases: straight to one, else through another table.

    A row of an order leads to all of its cases too.
    """
    there = METADATA.tables[table]
    straight = [step for step in _keys_of(there) if step.to in {_CASE, _EPISODE}]
    if straight:
        return (*straight, *(step for step in _keys_of(there) if step.to == _SHARED))
    return tuple(step for step in _keys_of(there) if step.to != table and leads_to_cases(step.to))


def _keys_of(table: Table) -> Iterator[_Step]:
    for column in table.columns:
        for key in column.foreign_keys:
            yield _Step(column, key.column.table.name)


def require_cases(tables: Collection[str]) -> None:
    """Refuse tables whose rows lead to no case: what is derived from them would go stale."""
    strangers = sorted(table for table in tables if table not in METADATA.tables or not leads_to_cases(table))
    if strangers:
        raise SetupError(f"rows of {strangers[0]} lead to no case: a kind of what waits cannot read it")
