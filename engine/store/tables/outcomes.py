"""Findings of follow-ups."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Index
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class OutcomeRow(Row, table=True):
    """One finding of a follow-up on one of three measures. Append-only."""

    __tablename__ = "outcome"
    __table_args__ = (Index(None, "replaces", unique=True),)
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    measure: str
    found: str
    against: str | None = None
    happened: str | None = None
    happened_earliest: date | None = None
    happened_latest: date | None = None
    looked_until: str
    looked_until_earliest: date
    looked_in: list[str] = Field(sa_column=Column(DOCUMENT, nullable=False))
    censored: str | None = None
    ended_on: str | None = None
    agency: str | None = None
    offence: str | None = None
    offence_row: str | None = None
    harm: float | None = None
    is_order_breach: bool | None = None
    proved: str | None = None
    replaces: str | None = None
    says: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)
