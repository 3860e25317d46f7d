"""Stored texts that repeat something protected. Decides nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from engine.domain.errors import NotFoundError
from engine.domain.vault.typed_texts import ProtectedTextFlag, TypedWhere
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.vault.typed_texts import TextSeenToRow, TextThatTellsRow


class TypedTexts:
    """Store of which texts disclose something protected."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, reference: str, where: TypedWhere, *, by: str, at: datetime) -> None:
        """Add a text of this involvement that discloses something.

        Raises NotFoundError if the referral does not exist.
        """
        self._session.add(
            TextThatTellsRow(
                involvement_id=involvement_id(self._session, reference), typed_where=where.value, by=by, at=at
            )
        )

    def to_see_to(self, *, but_of: str, within: timedelta) -> tuple[ProtectedTextFlag, ...]:
        """Return what is unresolved, oldest first, without this person's own;
        with the number of earlier ones.
        """
        values = [
            (row, ref)
            for row, ref in self._session.execute(
                select(TextThatTellsRow, col(InvolvementRow.ref))
                .join(InvolvementRow, col(InvolvementRow.id) == col(TextThatTellsRow.involvement_id))
                .outerjoin(TextSeenToRow, col(TextSeenToRow.text_that_tells_id) == col(TextThatTellsRow.id))
                .where(col(TextSeenToRow.id).is_(None), col(TextThatTellsRow.by) != but_of)
                .order_by(col(TextThatTellsRow.id))
            ).all()
        ]
        earlier = self._of([row.by for row, _ in values])
        return tuple(
            ProtectedTextFlag(
                number=row.id or 0,
                involvement=ref,
                where=TypedWhere(row.typed_where),
                by=row.by,
                at=row.at,
                earlier=sum(
                    number < (row.id or 0) and at >= row.at - within for number, at in earlier[row.by]
                ),
            )
            for row, ref in values
        )

    def _of(self, writers: Collection[str]) -> dict[str, list[tuple[int, datetime]]]:
        """Return the number and moment of every text of these users, resolved ones too."""
        found: dict[str, list[tuple[int, datetime]]] = {by: [] for by in writers}
        if found:
            those = select(col(TextThatTellsRow.by), col(TextThatTellsRow.id), col(TextThatTellsRow.at))
            for by, number, at in self._session.execute(those.where(col(TextThatTellsRow.by).in_(found))):
                found[by].append((number, at))
        return found

    def see_to(self, number: int, *, how: str, by: str, at: datetime) -> None:
        """Mark it as resolved; once.

        Raises NotFoundError if the text does not exist, or is resolved already.
        """
        open_one = self._session.execute(
            select(col(TextThatTellsRow.id))
            .outerjoin(TextSeenToRow, col(TextSeenToRow.text_that_tells_id) == col(TextThatTellsRow.id))
            .where(col(TextThatTellsRow.id) == number, col(TextSeenToRow.id).is_(None))
        ).first()
        if open_one is None:
            raise NotFoundError("text to review", str(number))
        self._session.add(TextSeenToRow(text_that_tells_id=number, how=how, by=by, at=at))
