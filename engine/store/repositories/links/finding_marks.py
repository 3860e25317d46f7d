"""Marks on findings of patterns, by whom or what the findings are about. Decides nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from engine.links.record_kinds import node_of
from engine.store.among import among
from engine.store.tables.links.maps import FindingMarkRow
from engine.store.tables.people.persons import PersonRecordRow


class StoredMark(NamedTuple):
    """A mark: whose, on what, and the code of its reason; None where it was removed."""

    user: str
    pattern: str
    subject: tuple[tuple[int | str, ...], ...]
    reason: str | None


class StoredMarks:
    """Store of marks."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def store(
        self,
        pattern: str,
        subject: Sequence[Sequence[int | str]],
        *,
        user: str,
        reason: str | None,
        at: datetime,
    ) -> None:
        """Store a mark, or that it is removed."""
        self._session.add(
            FindingMarkRow(
                user_name=user,
                pattern=pattern,
                subject=[list(each) for each in subject],
                reason=reason,
                at=at,
            )
        )
        self._session.flush()

    def of(self, patterns: Collection[str]) -> tuple[StoredMark, ...]:
        """Return the marks on findings of these patterns, oldest first."""
        rows = self._session.execute(
            select(FindingMarkRow)
            .where(col(FindingMarkRow.pattern).in_(sorted(patterns)))
            .order_by(col(FindingMarkRow.id))
        ).scalars()
        return tuple(
            StoredMark(row.user_name, row.pattern, tuple(map(tuple, row.subject)), row.reason) for row in rows
        )

    def about(self, items: AbstractSet[int | str]) -> set[int]:
        """Return the rows on findings about one of these nodes or references."""
        rows = self._session.execute(select(col(FindingMarkRow.id), col(FindingMarkRow.subject))).all()
        return {
            int(number or 0)
            for number, subject in rows
            if any(not items.isdisjoint(each) for each in subject)
        }

    def number_about(self, persons: Collection[str]) -> int:
        """Return the number of current marks on findings about these records of people."""
        records = select(col(PersonRecordRow.id)).where(among(col(PersonRecordRow.ref), persons))
        nodes = {node_of("person", int(number or 0)) for number in self._session.execute(records).scalars()}
        rows = self.about(nodes)
        current: list[FindingMarkRow] = []
        for row in self._session.execute(
            select(FindingMarkRow).where(among(col(FindingMarkRow.id), rows)).order_by(col(FindingMarkRow.id))
        ).scalars():
            current = [each for each in current if not _are_of_one_mark(each, row)]
            current.append(row)
        return sum(row.reason is not None for row in current)


def _are_of_one_mark(one: FindingMarkRow, other: FindingMarkRow) -> bool:
    """Return whether both rows are of one user's mark.

    The records that were one person to the user may have been others when each row was stored.
    """
    if (one.user_name, one.pattern, len(one.subject)) != (other.user_name, other.pattern, len(other.subject)):
        return False
    pairs = zip(one.subject, other.subject, strict=True)
    return all(not set(these).isdisjoint(those) for these, those in pairs)
