"""Rows of what waits, derived from the facts of a case. No use case writes one, and no digest covers them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from engine.store.tables.base import Row, UtcInstant


class DueRow(Row, table=True):
    """One cause why something waits on a case, with its people and times. It has no sentence and no name."""

    __tablename__ = "due"
    __table_args__ = (
        UniqueConstraint("involvement_id", "kind", "about", "whom"),
        Index(None, "kind", "whom", "sorts_at", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    about: str
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    whom: str
    since: datetime = Field(sa_type=UtcInstant)
    starts: datetime | None = Field(default=None, sa_type=UtcInstant)
    ends: datetime | None = Field(default=None, sa_type=UtcInstant)
    due_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    sorts_at: datetime = Field(sa_type=UtcInstant)
    """Its due time, or since when it waits: the index gives the first of thousands without the others."""
    release_class_id: int | None = None
    version: str


class DueKindRow(Row, table=True):
    """The digest that the rows of one kind were derived with: where it differs, all are derived again."""

    __tablename__ = "due_kind"
    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(unique=True)
    digest: str
