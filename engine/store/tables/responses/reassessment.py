"""Re-assessments of many open cases: what was asked of whom and why, and how each answer compares."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class BatchRow(Row, table=True):
    """One re-assessment, with the plugins' versions and the digests of their extracts. Append-only."""

    __tablename__ = "batch"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    reason: str
    agencies: list[dict[str, object]] = Field(sa_column=Column(DOCUMENT, nullable=False))
    referrals: int
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class BatchMemberRow(Row, table=True):
    """The place of one involvement in a batch; a chunk is a range of places. Append-only."""

    __tablename__ = "batch_member"
    batch_id: int = Field(sa_column=Column(ForeignKey("batch.id"), primary_key=True))
    place: int = Field(primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))


class BatchAnswerRow(Row, table=True):
    """One agency's answer in one batch, beside the version that it was compared with. Append-only.

    An answer that is the same as before is not stored twice: ``content`` is empty.
    """

    __tablename__ = "batch_answer"
    __table_args__ = (
        UniqueConstraint("batch_id", "involvement_id", "agency"),
        Index(None, "involvement_id", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(sa_column=Column(ForeignKey("batch.id"), nullable=False))
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    agency: str
    compared: str
    version: int | None = None
    content: dict[str, object] | None = Field(default=None, sa_column=Column(DOCUMENT))
    by_hand: bool
    at: datetime = Field(sa_type=UtcInstant)
