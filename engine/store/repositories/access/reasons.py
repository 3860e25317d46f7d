"""Stored reasons why people opened restricted cases. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlmodel import Session, col

from engine.domain.access.need_to_know import ReasonGiven
from engine.store.among import among
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.tables.access import RestrictedReasonRow
from engine.store.tables.cases.involvements import InvolvementRow


class OpenedReasons:
    """Store of the reasons."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, given: ReasonGiven) -> None:
        """Add the reason for opening a restricted case.

        Raises NotFoundError if the referral does not exist.
        """
        self._session.add(
            RestrictedReasonRow(
                involvement_id=involvement_id(self._session, given.involvement),
                user_name=given.user,
                purpose=given.purpose,
                why=given.why,
                at=given.at,
            )
        )
        self._session.flush()

    def of(self, references: Iterable[str], *, user: str | None = None) -> tuple[ReasonGiven, ...]:
        """Return the reasons why people, or this one, opened these involvements, oldest first."""
        query = (
            select(RestrictedReasonRow, col(InvolvementRow.ref))
            .join(InvolvementRow, col(InvolvementRow.id) == col(RestrictedReasonRow.involvement_id))
            .where(among(col(InvolvementRow.ref), list(references)))
            .order_by(col(RestrictedReasonRow.id))
        )
        if user is not None:
            query = query.where(col(RestrictedReasonRow.user_name) == user)
        return tuple(
            ReasonGiven(involvement=ref, user=row.user_name, purpose=row.purpose, why=row.why, at=row.at)
            for row, ref in self._session.execute(query).all()
        )
