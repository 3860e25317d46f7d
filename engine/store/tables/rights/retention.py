"""Decisions on retention and erasure, and certificates of what was erased.

Append-only but for ``erasing``.
"""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.fates import (
    Apart,
    At,
    By,
    Choice,
    Day,
    Digest,
    InRole,
    Key,
    Number,
    Of,
    Ref,
    Whose,
    Words,
    apart,
    case,
    stays,
)
from engine.store.tables.base import Row, UtcInstant

_DECIDED = "the reason of the decision, which stays with its certificate"


class RetentionWordRow(Row, table=True):
    """A person's decision on what one owner gave to one case: retain, erase, hold, or end the hold."""

    __tablename__ = "retention_word"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    owner: Whose
    act: Choice
    why: Annotated[str, stays(_DECIDED, Words.TYPED, masked=True)]
    review_on: Day | None = None
    by: By
    at: At = Field(sa_type=UtcInstant)


class ErasureRow(Row, table=True):
    """A certificate: whose content went, on which decision, by whom. It survives what it is about."""

    __tablename__ = "erasure"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    owner: Whose
    ground: Choice
    schedule: Annotated[str, stays("the schedule that it followed")] | None = None
    why: Annotated[str, stays(_DECIDED, Words.BY_USE_CASE, masked=True)]
    decided_by: By
    by: By
    role: InRole
    protected_values: Number
    at: At = Field(sa_type=UtcInstant)


class ErasedRowRow(Row, table=True):
    """The envelope of one row whose content was erased: what kind it was, when, and its digest."""

    __tablename__ = "erased_row"
    rows = case("erasure_id.involvement_id")
    id: Key | None = Field(default=None, primary_key=True)
    erasure_id: Of = Field(sa_column=Column(ForeignKey("erasure.id"), nullable=False, index=True))
    table: Choice
    row_number: Number
    kind: Choice
    digest: Digest
    dated: At | None = Field(default=None, sa_type=UtcInstant)


class ErasingRow(Row, table=True):
    """A row that is being erased at this moment: the triggers let its content go. Empty outside of that."""

    __tablename__ = "erasing"
    rows = apart(history=False, uncovered="empty outside of an erasure's own transaction")
    table: Apart[str] = Field(primary_key=True)
    row_number: Apart[int] = Field(primary_key=True)
