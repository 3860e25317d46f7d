"""Frozen releases of figures over all cases."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class OutcomeReleaseRow(Row, table=True):
    """One release as it went out, its digest, and why other figures did not. Append-only."""

    __tablename__ = "outcome_release"
    id: int | None = Field(default=None, primary_key=True)
    as_of: date = Field(unique=True)
    digest: str
    content: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    refusals: list[object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    small: list[object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: str
    at: datetime = Field(sa_type=UtcInstant)
