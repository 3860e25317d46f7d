"""Requests to agencies about records that they let others know of, and the replies. Append-only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.tables.base import Row, UtcInstant


class RecordRequestRow(Row, table=True):
    """One person asked an agency about a case."""

    __tablename__ = "record_request"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    agency: str = Field(index=True)
    user_name: str = Field(index=True)
    user_agency: str | None = None
    purpose: str
    why: str | None = None
    at: datetime = Field(sa_type=UtcInstant)


class RecordRequestAnswerRow(Row, table=True):
    """The agency's reply, by a code; one for each request."""

    __tablename__ = "record_request_answer"
    id: int | None = Field(default=None, primary_key=True)
    record_request_id: int = Field(
        sa_column=Column(ForeignKey("record_request.id"), nullable=False, unique=True)
    )
    reply: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)
