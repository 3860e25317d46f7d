"""The audit chain: one entry for each use case, hash-chained, append-only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from engine.store.tables.base import Row, UtcInstant


class AuditHeadRow(Row, table=True):
    """The newest sequence number and hash of one stream; its row lock orders the writers."""

    __tablename__ = "audit_head"
    stream: str = Field(primary_key=True)
    sequence: int
    hash: str


class AuditEntryRow(Row, table=True):
    """One entry; ``body`` is canonical JSON text. Append-only.

    ``versions`` is canonical JSON too: by table and key the digest of each version that was written with the
    entry. The body holds the digest of that text. ``keyed_check`` is of its place and hash, by the key of
    ``key_number``; entries from before there were any have neither.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("stream", "previous"), Index(None, "user_name", "at"))
    stream: str = Field(primary_key=True)
    sequence: int = Field(primary_key=True)
    previous: str
    hash: str
    body: str
    versions: str | None = None
    user_name: str
    at: datetime = Field(sa_type=UtcInstant)
    keyed_check: str | None = None
    key_number: int | None = None


class AuditAnchorRow(Row, table=True):
    """The head of the chain was added to a place elsewhere, or could not be: then why. Append-only."""

    __tablename__ = "audit_anchor"
    id: int | None = Field(default=None, primary_key=True)
    sequence: int
    hash: str
    failed: str | None = None
    at: datetime = Field(sa_type=UtcInstant)


class VerificationRow(Row, table=True):
    """The record verified itself: ``part`` of ``parts`` of its rows, and what failed. Append-only."""

    __tablename__ = "verification"
    id: int | None = Field(default=None, primary_key=True)
    part: int
    parts: int
    failed: str
    """The words of what failed, with commas; empty where all is well."""
    at: datetime = Field(sa_type=UtcInstant)


class AuditCaseRow(Row, table=True):
    """Involvements that an entry touched, for the access log. Append-only."""

    __tablename__ = "audit_case"
    __table_args__ = (
        ForeignKeyConstraint(["stream", "sequence"], ["audit_entry.stream", "audit_entry.sequence"]),
        Index(None, "involvement_ref", "sequence"),
    )
    stream: str = Field(primary_key=True)
    sequence: int = Field(primary_key=True)
    involvement_ref: str = Field(primary_key=True)
