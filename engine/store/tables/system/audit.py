"""The audit chain: one entry for each use case, hash-chained, append-only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from engine.store.fates import Key, Logged, apart
from engine.store.tables.base import Row, UtcInstant


class AuditHeadRow(Row, table=True):
    """The newest sequence number and hash of one stream; its row lock orders the writers.

    ``key_number`` is that of the newest entry's key: a machine without that key is refused.
    """

    __tablename__ = "audit_head"
    rows = apart(history=False, uncovered="the chain itself")
    stream: Logged[str] = Field(primary_key=True)
    sequence: Logged[int]
    hash: Logged[str]
    key_number: Logged[int] | None = None


class AuditEntryRow(Row, table=True):
    """One entry; ``body`` is canonical JSON text. Append-only.

    ``versions`` is canonical JSON too: by table and key the digest of each version that was written with the
    entry. The body holds the digest of that text. ``keyed_check`` is of its place and hash, by the key of
    ``key_number``; entries from before there were any have neither.
    """

    __tablename__ = "audit_entry"
    rows = apart(uncovered="the chain itself")
    __table_args__ = (UniqueConstraint("stream", "previous"), Index(None, "user_name", "at"))
    stream: Logged[str] = Field(primary_key=True)
    sequence: Logged[int] = Field(primary_key=True)
    previous: Logged[str]
    hash: Logged[str]
    body: Logged[str]
    versions: Logged[str] | None = None
    user_name: Logged[str]
    at: Logged[datetime] = Field(sa_type=UtcInstant)
    keyed_check: Logged[str] | None = None
    key_number: Logged[int] | None = None


class AuditAnchorRow(Row, table=True):
    """The head of the chain was added to a place elsewhere, or could not be: then why. Append-only."""

    __tablename__ = "audit_anchor"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    sequence: Logged[int]
    hash: Logged[str]
    failed: Logged[str] | None = None
    at: Logged[datetime] = Field(sa_type=UtcInstant)


class VerificationRow(Row, table=True):
    """The record verified itself: ``part`` of ``parts`` of its rows, and what failed. Append-only."""

    __tablename__ = "verification"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    part: Logged[int]
    parts: Logged[int]
    failed: Logged[str]
    """Failures, with commas; empty where all is well."""
    at: Logged[datetime] = Field(sa_type=UtcInstant)


class AuditCaseRow(Row, table=True):
    """Involvements that an entry touched, for the access log. Append-only."""

    __tablename__ = "audit_case"
    rows = apart(uncovered="the chain itself: its entries hold it")
    __table_args__ = (
        ForeignKeyConstraint(["stream", "sequence"], ["audit_entry.stream", "audit_entry.sequence"]),
        Index(None, "involvement_ref", "sequence"),
    )
    stream: Logged[str] = Field(primary_key=True)
    sequence: Logged[int] = Field(primary_key=True)
    involvement_ref: Logged[str] = Field(primary_key=True)
