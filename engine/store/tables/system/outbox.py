"""The outbox, the runner's last sign of life, and its regular work."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class OutboxRow(Row, table=True):
    """A flow that must follow a use case, written in the same transaction."""

    __tablename__ = "outbox"
    __table_args__ = (Index(None, "done_at", "id"),)
    id: int | None = Field(default=None, primary_key=True)
    flow: str
    subject: str
    queue: str | None = None
    """The agency whose records only some homes have; None: any runner may take it."""
    acting: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    created_at: datetime = Field(sa_type=UtcInstant)
    taken_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    taken_by: str | None = None
    attempts: int = 0
    last_error: str | None = None
    done_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class RunnerRow(Row, table=True):
    """The runner's start and last sign of life, and the versions of the software that it works with."""

    __tablename__ = "runner"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    seen_at: datetime = Field(sa_type=UtcInstant)
    began_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    versions: dict[str, object] | None = Field(default=None, sa_column=Column(DOCUMENT, nullable=True))


class RegularWorkRow(Row, table=True):
    """A runner last did a piece of its regular work then, at an interval of its own settings."""

    __tablename__ = "regular_work"
    __table_args__ = (UniqueConstraint("name", "runner"),)
    id: int | None = Field(default=None, primary_key=True)
    name: str
    runner: str
    every_seconds: int
    done_at: datetime = Field(sa_type=UtcInstant)
