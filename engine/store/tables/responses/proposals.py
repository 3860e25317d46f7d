"""When agencies were asked for actions, and what became of it. Append-only, without any text of theirs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.tables.base import Row, UtcInstant


class AskedForActionsRow(Row, table=True):
    """One time that an agency was asked for actions. What it proposed is in its answer."""

    __tablename__ = "asked_for_actions"
    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(sa_column=Column(ForeignKey("request.id"), nullable=False, index=True))
    outcome: str
    ground: str | None = None
    reason: str | None = None
    digest: str | None = None
    plugin_version: str | None = None
    at: datetime = Field(sa_type=UtcInstant)
