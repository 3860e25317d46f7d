"""Requests to correct an item, and owners' answers. Append-only."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.fates import At, By, Flag, Key, Number, Of, Ref, Said, Whose, case
from engine.store.tables.base import Row, UtcInstant


class ChangeRequestRow(Row, table=True):
    """A request by one agency that an owner correct an item."""

    __tablename__ = "change_request"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    owner: Whose = Field(index=True)
    item: Ref
    what: Said
    by: By
    agency: Whose | None = None
    at: At = Field(sa_type=UtcInstant)


class ChangeAnswerRow(Row, table=True):
    """The owner's answer; one for each request."""

    __tablename__ = "change_answer"
    rows = case("change_request_id.involvement_id")
    id: Key | None = Field(default=None, primary_key=True)
    change_request_id: Of = Field(
        sa_column=Column(ForeignKey("change_request.id"), nullable=False, unique=True)
    )
    is_accepted: Flag
    why: Said
    version: Number | None = None
    by: By
    at: At = Field(sa_type=UtcInstant)
