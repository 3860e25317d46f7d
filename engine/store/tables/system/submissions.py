"""Acts that were recorded lately, by a keyed digest. They show nothing of what was recorded."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from engine.store.tables.base import Row, UtcInstant


class SubmissionRow(Row, table=True):
    """One act that makes something new, for 24 hours: its person, digest, client's key and answer."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("by", "key"),)
    id: int | None = Field(default=None, primary_key=True)
    by: str
    digest: str = Field(index=True)
    key: str | None = None
    """A keyed digest of the client's key."""
    answer: str
    at: datetime = Field(sa_type=UtcInstant, index=True)
