"""Stored texts that repeat something protected. Decides nothing."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from engine.domain.errors import NotFoundError
from engine.domain.vault.many_places import PlacesTyped
from engine.domain.vault.typed_texts import ProtectedTextFlag, TypedWhere, numbers_earlier
from engine.store.among import among
from engine.store.repositories.access.visibility import VisibilityFilter
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.vault.typed_texts import PlacesTypedRow, TextSeenToRow, TextThatTellsRow

_NUMBERS = 1_000_000, 10_000_000
_DRAWN = secrets.SystemRandom()


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
                involvement_id=involvement_id(self._session, reference),
                typed_where=where.value,
                by=by,
                at=at,
                number=self._unused_number(),
            )
        )

    def _unused_number(self) -> int:
        while True:
            number = _DRAWN.randrange(*_NUMBERS)
            taken = select(col(TextThatTellsRow.id)).where(col(TextThatTellsRow.number) == number)
            if self._session.execute(taken).first() is None:
                return number

    def add_places(self, reference: str, where: TypedWhere, *, places: int, by: str, at: datetime) -> None:
        """Add how many places the texts of one act name.

        Raises NotFoundError if the referral does not exist.
        """
        number = involvement_id(self._session, reference)
        self._session.add(
            PlacesTypedRow(involvement_id=number, typed_where=where.value, places=places, by=by, at=at)
        )

    def places_since(self, at: datetime, part: VisibilityFilter, *, at_least: int) -> tuple[PlacesTyped, ...]:
        """Return what was counted since this instant on cases of this part of the record, oldest first.

        Of a writer and a case that have fewer places than ``at_least`` in all this time there is nothing: the
        database adds them up, as most writers name a place or two.
        """
        case, by = col(PlacesTypedRow.involvement_id), col(PlacesTypedRow.by)
        since = col(PlacesTypedRow.at) >= at
        many = (
            select(case.label("involvement_id"), by.label("by"))
            .where(since, *part.of_each(case))
            .group_by(case, by)
            .having(func.sum(col(PlacesTypedRow.places)) >= at_least)
            .subquery()
        )
        rows = (
            self._session.connection()
            .execute(
                select(
                    col(PlacesTypedRow.id),
                    col(InvolvementRow.ref),
                    by,
                    col(PlacesTypedRow.at),
                    col(PlacesTypedRow.places),
                )
                .join(InvolvementRow, col(InvolvementRow.id) == case)
                .join(many, and_(many.c.involvement_id == case, many.c.by == by))
                .where(since)
                .order_by(col(PlacesTypedRow.id))
            )
            .all()
        )
        return tuple(
            PlacesTyped(number=number or 0, case=case, by=by, at=on, places=places)
            for number, case, by, on, places in rows
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
        earlier = self._earlier([row.by for row, _ in values], within)
        return tuple(
            ProtectedTextFlag(
                number=row.number or row.id or 0,
                involvement=ref,
                where=TypedWhere(row.typed_where),
                by=row.by,
                at=row.at,
                earlier=earlier[row.id or 0],
            )
            for row, ref in values
        )

    def _earlier(self, writers: Collection[str], within: timedelta) -> dict[int, int]:
        """Return by text of these users, resolved ones too, how many more came before within this."""
        by, number = col(TextThatTellsRow.by), col(TextThatTellsRow.id)
        those = select(by, number, col(TextThatTellsRow.at)).where(among(by, sorted(set(writers))))
        texts: dict[str, list[tuple[int, datetime]]] = {}
        if writers:
            for user, each, at in self._session.connection().execute(those.order_by(number)):
                texts.setdefault(user, []).append((each or 0, at))
        return {
            each: earlier
            for of in texts.values()
            for (each, _), earlier in zip(
                of, numbers_earlier((at for _, at in of), within=within), strict=True
            )
        }

    def see_to(self, number: int, *, how: str, by: str, at: datetime) -> None:
        """Mark it as resolved; once.

        Raises NotFoundError if the text does not exist, or is resolved already.
        """
        shown = func.coalesce(col(TextThatTellsRow.number), col(TextThatTellsRow.id))
        open_one = self._session.execute(
            select(col(TextThatTellsRow.id))
            .outerjoin(TextSeenToRow, col(TextSeenToRow.text_that_tells_id) == col(TextThatTellsRow.id))
            .where(shown == number, col(TextSeenToRow.id).is_(None))
        ).scalar()
        if open_one is None:
            raise NotFoundError("text to review", str(number))
        self._session.add(TextSeenToRow(text_that_tells_id=open_one, how=how, by=by, at=at))
