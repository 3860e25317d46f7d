"""Acts that were recorded lately, by a keyed digest. They show nothing of what was recorded."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from engine.store.fates import Key, Machinery, apart
from engine.store.tables.base import Row, UtcInstant


class SubmissionRow(Row, table=True):
    """One act that makes something new, for 24 hours: its person, digest, client's key and answer."""

    __tablename__ = "submission"
    rows = apart(history=False, uncovered="machinery: dropped after 24 hours")
    __table_args__ = (UniqueConstraint("by", "key"),)
    id: Key | None = Field(default=None, primary_key=True)
    by: Machinery[str]
    digest: Machinery[str] = Field(index=True)
    key: Machinery[str] | None = None
    """A keyed digest of the client's key."""
    answer: Machinery[str]
    at: Machinery[datetime] = Field(sa_type=UtcInstant, index=True)
