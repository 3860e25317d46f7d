"""The outbox, the runner's last sign of life, and its regular work."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field

from engine.store.fates import Key, Machinery, apart
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class OutboxRow(Row, table=True):
    """A flow that must follow a use case, written in the same transaction."""

    __tablename__ = "outbox"
    rows = apart(history=False, uncovered="machinery: flows that wait")
    __table_args__ = (Index(None, "done_at", "id"),)
    id: Key | None = Field(default=None, primary_key=True)
    flow: Machinery[str]
    subject: Machinery[str]
    queue: Machinery[str] | None = None
    """The agency whose records only some homes have; None: any runner may take it."""
    acting: Machinery[dict[str, object]] = Field(sa_column=Column(DOCUMENT, nullable=False))
    created_at: Machinery[datetime] = Field(sa_type=UtcInstant)
    taken_at: Machinery[datetime] | None = Field(default=None, sa_type=UtcInstant)
    taken_by: Machinery[str] | None = None
    attempts: Machinery[int] = 0
    last_error: Machinery[str] | None = None
    done_at: Machinery[datetime] | None = Field(default=None, sa_type=UtcInstant)


class RunnerRow(Row, table=True):
    """The runner's start and last sign of life, and the versions of the software that it works with."""

    __tablename__ = "runner"
    rows = apart(history=False, uncovered="machinery: signs of life")
    id: Key | None = Field(default=None, primary_key=True)
    name: Machinery[str] = Field(unique=True)
    seen_at: Machinery[datetime] = Field(sa_type=UtcInstant)
    began_at: Machinery[datetime] | None = Field(default=None, sa_type=UtcInstant)
    versions: Machinery[dict[str, object]] | None = Field(
        default=None, sa_column=Column(DOCUMENT, nullable=True)
    )


class RegularWorkRow(Row, table=True):
    """A runner last did a piece of its regular work then, at an interval of its own settings."""

    __tablename__ = "regular_work"
    rows = apart(history=False, uncovered="machinery: when a background service did what")
    __table_args__ = (UniqueConstraint("name", "runner"),)
    id: Key | None = Field(default=None, primary_key=True)
    name: Machinery[str]
    runner: Machinery[str]
    every_seconds: Machinery[int]
    done_at: Machinery[datetime] = Field(sa_type=UtcInstant)
