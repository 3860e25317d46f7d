"""In which turn a case's links were last written. Turns commit in order; writers of links wait in line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from engine.store.tables.links.graph import LinkCaseRow, LinkHeadRow

_AT_ONCE = 400


class LinkTurns:
    """Gives turns."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def hold(self) -> None:
        """Make writers of links take turns from here on: two would make the same thing or grade at once."""
        self._session.execute(select(col(LinkHeadRow.turn)).with_for_update())

    def give(self, numbers: Iterable[int], *, at: datetime | None) -> None:
        """Give these cases the next turn. Its row is held until the end, so that turns commit in order."""
        those = sorted(set(numbers))
        if not those:
            return
        turn = self._session.execute(
            update(LinkHeadRow).values(turn=LinkHeadRow.turn + 1).returning(col(LinkHeadRow.turn))
        ).scalar_one()
        for start in range(0, len(those), _AT_ONCE):
            part = those[start : start + _AT_ONCE]
            there = set(
                self._session.execute(
                    select(col(LinkCaseRow.case_id)).where(col(LinkCaseRow.case_id).in_(part))
                ).scalars()
            )
            changed: dict[str, object] = {"turn": turn} if at is None else {"turn": turn, "at": at}
            if there:
                self._session.execute(
                    update(LinkCaseRow).where(col(LinkCaseRow.case_id).in_(there)).values(**changed)
                )
            new = [{"case_id": number, "turn": turn, "at": at} for number in part if number not in there]
            if new and at is not None:
                self._session.execute(insert(LinkCaseRow), new)
