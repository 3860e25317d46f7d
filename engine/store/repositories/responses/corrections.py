"""Stored requests to correct an item, and owners' answers. Decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from engine.domain.errors import NotFoundError
from engine.domain.responses.corrections import ChangeAnswered, ChangeAsked
from engine.store.among import among
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.repositories.references import unused_references
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.responses.corrections import ChangeAnswerRow, ChangeRequestRow


class Rectification:
    """Store of correction requests."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ask(self, asked: ChangeAsked) -> ChangeAsked:
        """Store a request; return it with its reference.

        Raises NotFoundError if the referral does not exist.
        """
        reference = unused_references(self._session, "correction request", col(ChangeRequestRow.ref), 1)[0]
        self._session.add(
            ChangeRequestRow(
                ref=reference,
                involvement_id=involvement_id(self._session, asked.involvement),
                owner=asked.owner,
                item=asked.item,
                what=asked.what,
                by=asked.by,
                agency=asked.agency,
                at=asked.at,
            )
        )
        self._session.flush()
        return asked.model_copy(update={"reference": reference})

    def answer(self, reference: str, answered: ChangeAnswered) -> None:
        """Store the owner's answer."""
        number = self._session.execute(
            select(col(ChangeRequestRow.id)).where(col(ChangeRequestRow.ref) == reference)
        ).scalar_one()
        self._session.add(
            ChangeAnswerRow(
                change_request_id=number,
                is_accepted=answered.is_accepted,
                why=answered.why,
                version=answered.version,
                by=answered.by,
                at=answered.at,
            )
        )
        self._session.flush()

    def get(self, reference: str) -> ChangeAsked:
        """Return one request with its answer. Raises NotFoundError if the request does not exist."""
        found = self._read(col(ChangeRequestRow.ref) == reference)
        if not found:
            raise NotFoundError("correction request", reference)
        return found[0]

    def on(self, references: Sequence[str]) -> tuple[ChangeAsked, ...]:
        """Return the requests on these involvements, oldest first."""
        return self._read(among(col(InvolvementRow.ref), references))

    def open_or_answered_since(self, since: datetime) -> tuple[ChangeAsked, ...]:
        """Return those without an answer, and those answered since then."""
        return self._read(or_(col(ChangeAnswerRow.id).is_(None), col(ChangeAnswerRow.at) >= since))

    def _read(self, condition: ColumnElement[bool]) -> tuple[ChangeAsked, ...]:
        rows = self._session.execute(
            select(ChangeRequestRow, ChangeAnswerRow, col(InvolvementRow.ref))
            .join(InvolvementRow, col(InvolvementRow.id) == col(ChangeRequestRow.involvement_id))
            .outerjoin(ChangeAnswerRow, col(ChangeAnswerRow.change_request_id) == col(ChangeRequestRow.id))
            .where(condition)
            .order_by(col(ChangeRequestRow.id))
        ).all()
        return tuple(
            ChangeAsked(
                reference=row.ref,
                involvement=involvement,
                owner=row.owner,
                item=row.item,
                what=row.what,
                by=row.by,
                agency=row.agency,
                at=row.at,
                answered=ChangeAnswered(
                    is_accepted=answer.is_accepted,
                    why=answer.why,
                    version=answer.version,
                    by=answer.by,
                    at=answer.at,
                )
                if answer is not None
                else None,
            )
            for row, answer, involvement in rows
        )
