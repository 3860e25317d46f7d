"""Decisions on retention and erasure, and certificates of what was erased.

Append-only but for ``erasing``.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.tables.base import Row, UtcInstant


class RetentionWordRow(Row, table=True):
    """A person's decision on what one owner gave to one case: retain, erase, hold, or end the hold."""

    __tablename__ = "retention_word"
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    owner: str
    act: str
    why: str
    review_on: date | None = None
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class ErasureRow(Row, table=True):
    """A certificate: whose content went, on which decision, by whom. It survives what it is about."""

    __tablename__ = "erasure"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    owner: str
    ground: str
    schedule: str | None = None
    why: str
    decided_by: str
    by: str
    role: str
    protected_values: int
    at: datetime = Field(sa_type=UtcInstant)


class ErasedRowRow(Row, table=True):
    """The envelope of one row whose content was erased: what kind it was, when, and its digest."""

    __tablename__ = "erased_row"
    id: int | None = Field(default=None, primary_key=True)
    erasure_id: int = Field(sa_column=Column(ForeignKey("erasure.id"), nullable=False, index=True))
    table: str
    row_number: int
    kind: str
    digest: str
    dated: datetime | None = Field(default=None, sa_type=UtcInstant)


class ErasingRow(Row, table=True):
    """A row that is being erased at this moment: the triggers let its content go. Empty outside of that."""

    __tablename__ = "erasing"
    table: str = Field(primary_key=True)
    row_number: int = Field(primary_key=True)
