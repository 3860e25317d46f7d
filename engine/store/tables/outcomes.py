"""Findings of follow-ups."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from sqlalchemy import Column, ForeignKey, Index
from sqlmodel import Field

from engine.store.fates import At, By, Counted, Key, Of, Ref, Text, Whose, Words, case, stays
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class OutcomeRow(Row, table=True):
    """One finding of a follow-up on one of three measures. Append-only."""

    __tablename__ = "outcome"
    rows = case()
    __table_args__ = (Index(None, "replaces", unique=True),)
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    measure: Counted[str]
    found: Counted[str]
    against: Counted[str] | None = None
    happened: Counted[str] | None = None
    happened_earliest: Counted[date] | None = None
    happened_latest: Counted[date] | None = None
    looked_until: Counted[str]
    looked_until_earliest: Counted[date]
    looked_in: Annotated[
        list[str], stays("the records that were searched; figures need it", Words.SOURCE)
    ] = Field(sa_column=Column(DOCUMENT, nullable=False))
    censored: Counted[str] | None = None
    ended_on: Counted[str] | None = None
    agency: Whose | None = None
    offence: Counted[str] | None = None
    offence_row: Counted[str] | None = None
    harm: Counted[float] | None = None
    is_order_breach: Counted[bool] | None = None
    proved: Counted[str] | None = None
    replaces: Ref | None = None
    says: Text
    by: By
    at: At = Field(sa_type=UtcInstant)
