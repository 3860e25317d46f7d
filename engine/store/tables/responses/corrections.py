"""Requests to correct an item, and owners' answers. Append-only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.tables.base import Row, UtcInstant


class ChangeRequestRow(Row, table=True):
    """A request by one agency that an owner correct an item."""

    __tablename__ = "change_request"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    owner: str = Field(index=True)
    item: str
    what: str
    by: str
    agency: str | None = None
    at: datetime = Field(sa_type=UtcInstant)


class ChangeAnswerRow(Row, table=True):
    """The owner's answer; one for each request."""

    __tablename__ = "change_answer"
    id: int | None = Field(default=None, primary_key=True)
    change_request_id: int = Field(
        sa_column=Column(ForeignKey("change_request.id"), nullable=False, unique=True)
    )
    is_accepted: bool
    why: str
    version: int | None = None
    by: str
    at: datetime = Field(sa_type=UtcInstant)
