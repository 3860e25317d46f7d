"""Rows of what waits, derived from the facts of a case. No use case writes one, and no digest covers them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from engine.store.fates import Apart, Key, WithRow, apart, deleted
from engine.store.tables.base import Row, UtcInstant


class DueRow(Row, table=True):
    """One cause why something waits on a case, with its people and times. It has no sentence and no name."""

    __tablename__ = "due"
    rows = deleted(
        "worked out again from what is left", of="involvement_id", uncovered="made again from the record"
    )
    __table_args__ = (
        UniqueConstraint("involvement_id", "kind", "about", "whom"),
        Index(None, "kind", "whom", "sorts_at", "id"),
    )
    id: WithRow[int] | None = Field(default=None, primary_key=True)
    kind: WithRow[str]
    about: WithRow[str]
    involvement_id: WithRow[int] = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    whom: WithRow[str]
    since: WithRow[datetime] = Field(sa_type=UtcInstant)
    starts: WithRow[datetime] | None = Field(default=None, sa_type=UtcInstant)
    ends: WithRow[datetime] | None = Field(default=None, sa_type=UtcInstant)
    due_at: WithRow[datetime] | None = Field(default=None, sa_type=UtcInstant)
    sorts_at: WithRow[datetime] = Field(sa_type=UtcInstant)
    """Its due time, or since when it waits: the index gives the first of thousands without the others."""
    release_class_id: WithRow[int] | None = None
    version: WithRow[str]


class DueKindRow(Row, table=True):
    """The digest that the rows of one kind were derived with: where it differs, all are derived again."""

    __tablename__ = "due_kind"
    rows = apart(history=False, uncovered="made again from the record")
    id: Key | None = Field(default=None, primary_key=True)
    kind: Apart[str] = Field(unique=True)
    digest: Apart[str]
