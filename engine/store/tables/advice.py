"""Records of advice after its screening. Each row names the version of the screening."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field

from engine.store import erased
from engine.store.fates import At, By, Choice, Day, Key, Number, Of, Said, Words, case, goes
from engine.store.tables.base import Row, UtcInstant


class AdviceSentRow(Row, table=True):
    """One sending of an advice. Append-only: the clocks count from the first."""

    __tablename__ = "advice_sent"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    screening_version: Number
    how: Choice
    sent_to: Annotated[str, goes(erased.nobody, Words.TYPED)]
    sent_on: Day
    by: By
    at: At = Field(sa_type=UtcInstant)


class AdviceSlipRow(Row, table=True):
    """One answer of a slip. Append-only: the newest of a question applies."""

    __tablename__ = "advice_slip"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    screening_version: Number
    question: Choice
    answer: Choice
    done_on: Day | None = None
    done_by: Annotated[str | None, goes(erased.nobody, Words.TYPED)] = None
    why: Said | None = None
    by: By
    at: At = Field(sa_type=UtcInstant)


class AdviceClosedRow(Row, table=True):
    """The closing of an advice: with its whole slip, or with the chair's reason. Append-only."""

    __tablename__ = "advice_closed"
    rows = case()
    __table_args__ = (UniqueConstraint("involvement_id", "screening_version"),)
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    screening_version: Number
    why: Said | None = None
    by: By
    at: At = Field(sa_type=UtcInstant)
