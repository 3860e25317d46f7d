"""Frozen releases of figures over all cases."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column
from sqlmodel import Field

from engine.store.fates import Apart, Key, apart
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class OutcomeReleaseRow(Row, table=True):
    """One release as it went out, its digest, and why other figures did not. Append-only."""

    __tablename__ = "outcome_release"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    as_of: Apart[date] = Field(unique=True)
    digest: Apart[str]
    content: Apart[dict[str, object]] = Field(sa_column=Column(DOCUMENT, nullable=False))
    refusals: Apart[list[object]] = Field(sa_column=Column(DOCUMENT, nullable=False))
    small: Apart[list[object]] = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: Apart[str]
    at: Apart[datetime] = Field(sa_type=UtcInstant)
