"""Work and who does it: users, imports, the outbox, and the runner's sign of life."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class UserRow(Row, table=True):
    """A person who works with the record."""

    __tablename__ = "app_user"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    display_name: str
    role: str
    agency: str | None = Field(default=None, index=True)
    active: bool = True
    created_at: datetime = Field(sa_type=UtcInstant)


class ImportRow(Row, table=True):
    """One imported file: its digest and counts. A file's name may hold a person's, so it is not stored."""

    __tablename__ = "import_file"
    id: int | None = Field(default=None, primary_key=True)
    digest: str = Field(index=True)
    accepted: int
    corrected: int
    unchanged: int
    rejected: int
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class OutboxRow(Row, table=True):
    """A flow that must follow a use case, written in the same transaction."""

    __tablename__ = "outbox"
    __table_args__ = (Index(None, "done_at", "id"),)
    id: int | None = Field(default=None, primary_key=True)
    flow: str
    subject: str
    acting: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    created_at: datetime = Field(sa_type=UtcInstant)
    taken_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    taken_by: str | None = None
    attempts: int = 0
    last_error: str | None = None
    done_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class RunnerRow(Row, table=True):
    """The runner's last sign of life."""

    __tablename__ = "runner"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    seen_at: datetime = Field(sa_type=UtcInstant)
