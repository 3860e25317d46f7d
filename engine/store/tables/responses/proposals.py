"""When agencies were asked for actions, and what became of it. Append-only, without any text of theirs."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.fates import At, Choice, Digest, Key, Of, Version, agencys
from engine.store.tables.base import Row, UtcInstant


class AskedForActionsRow(Row, table=True):
    """One time that an agency was asked for actions. What it proposed is in its answer."""

    __tablename__ = "asked_for_actions"
    rows = agencys("request_id.involvement_id", agency="request_id.agency")
    id: Key | None = Field(default=None, primary_key=True)
    request_id: Of = Field(sa_column=Column(ForeignKey("request.id"), nullable=False, index=True))
    outcome: Choice
    ground: Choice | None = None
    reason: Choice | None = None
    digest: Digest | None = None
    plugin_version: Version | None = None
    at: At = Field(sa_type=UtcInstant)
