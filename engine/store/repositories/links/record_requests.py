"""Requests to agencies about records that exist, with their replies. Decides nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from engine.domain.accounts.tasks import Task
from engine.domain.errors import NotFoundError
from engine.domain.links.record_requests import RecordAnswered, RecordReply, RecordRequest
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.repositories.references import unused_references
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.links.record_requests import RecordRequestAnswerRow, RecordRequestRow


class RecordRequestsStored:
    """Store of requests and replies."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ask(self, request: RecordRequest) -> RecordRequest:
        """Store a request; return it with its reference. Raises NotFoundError if there is no such case."""
        (ref,) = unused_references(self._session, "record request", col(RecordRequestRow.ref), 1)
        self._session.add(
            RecordRequestRow(
                ref=ref,
                involvement_id=involvement_id(self._session, request.case),
                agency=request.agency,
                user_name=request.user,
                user_agency=request.user_agency,
                purpose=request.purpose.value,
                why=request.why,
                at=request.at,
            )
        )
        self._session.flush()
        return request.model_copy(update={"reference": ref})

    def answer(self, reference: str, answered: RecordAnswered) -> None:
        """Store the reply, which is possible once. Raises NotFoundError if there is no such request."""
        number: int | None = self._session.execute(
            select(col(RecordRequestRow.id)).where(col(RecordRequestRow.ref) == reference)
        ).scalar()
        if number is None:
            raise NotFoundError("record request", reference)
        self._session.add(
            RecordRequestAnswerRow(
                record_request_id=number, reply=answered.reply.value, by=answered.by, at=answered.at
            )
        )
        self._session.flush()

    def of(self, *, user: str, agency: str | None, since: datetime) -> tuple[RecordRequest, ...]:
        """Return those of this user since an instant, and all to this agency since then; oldest first."""
        theirs = col(RecordRequestRow.user_name) == user
        wanted = theirs if agency is None else or_(theirs, col(RecordRequestRow.agency) == agency)
        return self._those(wanted, since)

    def unanswered(self, *, since: datetime) -> tuple[RecordRequest, ...]:
        """Return all since an instant that have no reply; oldest first."""
        return self._those(col(RecordRequestAnswerRow.record_request_id).is_(None), since)

    def _those(self, wanted: ColumnElement[bool], since: datetime) -> tuple[RecordRequest, ...]:
        rows = self._session.execute(
            select(RecordRequestRow, RecordRequestAnswerRow, col(InvolvementRow.ref))
            .join(InvolvementRow, col(InvolvementRow.id) == col(RecordRequestRow.involvement_id))
            .outerjoin(
                RecordRequestAnswerRow,
                col(RecordRequestAnswerRow.record_request_id) == col(RecordRequestRow.id),
            )
            .where(wanted, col(RecordRequestRow.at) >= since)
            .order_by(col(RecordRequestRow.id))
        ).all()
        return tuple(_request(row, reply, case) for row, reply, case in rows)


def _request(row: RecordRequestRow, reply: RecordRequestAnswerRow | None, case: str) -> RecordRequest:
    return RecordRequest(
        reference=row.ref,
        case=case,
        agency=row.agency,
        purpose=Task(row.purpose),
        why=row.why,
        user=row.user_name,
        user_agency=row.user_agency,
        at=row.at,
        answered=None
        if reply is None
        else RecordAnswered(reply=RecordReply(reply.reply), by=reply.by, at=reply.at),
    )
