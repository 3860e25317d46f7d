"""Turns of cases whose links were written. They commit in order, and writers of links wait in line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import Session, col

from engine.store.repositories.bulk import insert_all
from engine.store.tables.links.graph import LinkCaseRow, LinkHeadRow

_AT_ONCE = 400


class LinkTurns:
    """Gives turns."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def hold(self) -> None:
        """Make writers of links take turns from here on: two would make the same thing or grade at once."""
        self._session.connection().execute(_head())

    def give(self, numbers: Iterable[int], *, at: datetime | None) -> None:
        """Give these cases the next turn. Its row is held until the end, so that turns commit in order."""
        those = sorted(set(numbers))
        if not those:
            return
        turn = self._session.connection().execute(_next_turn()).scalar_one()
        for start in range(0, len(those), _AT_ONCE):
            part = those[start : start + _AT_ONCE]
            there = self._written_before(part)
            changed: dict[str, object] = {"turn": turn} if at is None else {"turn": turn, "at": at}
            if there:
                self._session.execute(
                    update(LinkCaseRow).where(col(LinkCaseRow.case_id).in_(there)).values(**changed)
                )
            new = [{"case_id": number, "turn": turn, "at": at} for number in part if number not in there]
            if new and at is not None:
                insert_all(self._session, LinkCaseRow, new)

    def give_changed(self, numbers: Sequence[int], changed: set[int], *, at: datetime) -> None:
        """Give the next turn to those of these cases that changed or are new.

        A case that is as before has the turn that it had: a new one would show a hidden change.
        """
        unchanged = [number for number in dict.fromkeys(numbers) if number not in changed]
        written = self._written_before(unchanged) if unchanged else set()
        if written:
            self._session.execute(
                update(LinkCaseRow).where(col(LinkCaseRow.case_id).in_(written)).values(at=at)
            )
        self.give([number for number in numbers if number not in written], at=at)

    def _written_before(self, numbers: Sequence[int]) -> set[int]:
        found = self._session.connection().execute(_those_written(), {"cases": numbers}).scalars()
        return {int(number or 0) for number in found}


@cache
def _head() -> Select[int]:
    """Build the statement once, as those below: building one takes several times as long as running it."""
    return select(col(LinkHeadRow.turn)).with_for_update()


@cache
def _next_turn() -> ReturningUpdate[int]:
    return update(LinkHeadRow).values(turn=LinkHeadRow.turn + 1).returning(col(LinkHeadRow.turn))


@cache
def _those_written() -> Select[int | None]:
    return select(col(LinkCaseRow.case_id)).where(
        col(LinkCaseRow.case_id).in_(bindparam("cases", expanding=True))
    )
