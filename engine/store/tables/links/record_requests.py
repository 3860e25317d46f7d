"""Requests to agencies about records that they let others know of, and the replies. Append-only."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.fates import At, By, Choice, Key, Of, Ref, Said, Task, Whose, case
from engine.store.tables.base import Row, UtcInstant


class RecordRequestRow(Row, table=True):
    """One person asked an agency about a case."""

    __tablename__ = "record_request"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    agency: Whose = Field(index=True)
    user_name: By = Field(index=True)
    user_agency: Whose | None = None
    purpose: Task
    why: Said | None = None
    at: At = Field(sa_type=UtcInstant)


class RecordRequestAnswerRow(Row, table=True):
    """The agency's reply, by a code; one for each request."""

    __tablename__ = "record_request_answer"
    rows = case("record_request_id.involvement_id")
    id: Key | None = Field(default=None, primary_key=True)
    record_request_id: Of = Field(
        sa_column=Column(ForeignKey("record_request.id"), nullable=False, unique=True)
    )
    reply: Choice
    by: By
    at: At = Field(sa_type=UtcInstant)
