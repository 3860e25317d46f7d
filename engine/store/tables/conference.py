"""Decisions of case conferences, judgements and dissent."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class DecisionRow(Row, table=True):
    """One decision of one conference, with the versions of answers that it saw. Append-only."""

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("involvement_id", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    version: int
    content: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    saw: dict[str, int] = Field(sa_column=Column(DOCUMENT, nullable=False))
    not_seen: dict[str, str] = Field(sa_column=Column(DOCUMENT, nullable=False))
    review_on: date | None = Field(default=None, index=True)
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class JudgementRow(Row, table=True):
    """The panel's judgement of one domain, for counting; the reasons are in the decision. Append-only."""

    __tablename__ = "judgement"
    __table_args__ = (UniqueConstraint("decision_id", "domain"),)
    id: int | None = Field(default=None, primary_key=True)
    decision_id: int = Field(sa_column=Column(ForeignKey("decision.id"), nullable=False))
    domain: str
    level: str
    valid_until: date | None = None


class DissentRow(Row, table=True):
    """An agency that disagreed with a decision. Append-only."""

    __tablename__ = "dissent"
    id: int | None = Field(default=None, primary_key=True)
    decision_id: int = Field(sa_column=Column(ForeignKey("decision.id"), nullable=False, index=True))
    agency: str
    who: str
    reasons: str
