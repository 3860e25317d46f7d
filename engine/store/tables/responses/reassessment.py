"""Re-assessments of many open cases: what was asked of whom and why, and how each answer compares."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from engine.store import erased
from engine.store.fates import (
    Apart,
    ApartTyped,
    At,
    Choice,
    Flag,
    Key,
    Number,
    Of,
    Whose,
    Words,
    agencys,
    apart,
    case,
    goes,
)
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class BatchRow(Row, table=True):
    """One re-assessment, with the plugins' versions and the digests of their extracts. Append-only."""

    __tablename__ = "batch"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    ref: Apart[str] = Field(unique=True)
    reason: ApartTyped[str]
    agencies: Apart[list[dict[str, object]]] = Field(sa_column=Column(DOCUMENT, nullable=False))
    referrals: Apart[int]
    by: Apart[str]
    at: Apart[datetime] = Field(sa_type=UtcInstant)


class BatchMemberRow(Row, table=True):
    """The place of one involvement in a batch; a chunk is a range of places. Append-only."""

    __tablename__ = "batch_member"
    rows = case()
    batch_id: Of = Field(sa_column=Column(ForeignKey("batch.id"), primary_key=True))
    place: Number = Field(primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))


class BatchAnswerRow(Row, table=True):
    """One agency's answer in one batch, beside the version that it was compared with. Append-only.

    An answer that is the same as before is not stored twice: ``content`` is empty.
    """

    __tablename__ = "batch_answer"
    rows = agencys()
    __table_args__ = (
        UniqueConstraint("batch_id", "involvement_id", "agency"),
        Index(None, "involvement_id", "id"),
    )
    id: Key | None = Field(default=None, primary_key=True)
    batch_id: Of = Field(sa_column=Column(ForeignKey("batch.id"), nullable=False))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    agency: Whose
    compared: Choice
    version: Number | None = None
    content: Annotated[dict[str, object], goes(erased.nothing, Words.BY_USE_CASE)] | None = Field(
        default=None, sa_column=Column(DOCUMENT)
    )
    by_hand: Flag
    at: At = Field(sa_type=UtcInstant)
