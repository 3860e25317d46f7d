"""When agencies were asked for outcomes of a case, what they gave, and its release. Append-only."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class OutcomeReturnRow(Row, table=True):
    """One time that an agency was asked for outcomes. ``found`` has dates, codes and choices, and no text."""

    __tablename__ = "outcome_return"
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    agency: str
    since: date
    until: date
    result: str
    found: dict[str, object] | None = Field(default=None, sa_column=Column(DOCUMENT))
    ground: str | None = None
    reason: str | None = None
    plugin_version: str | None = None
    at: datetime = Field(sa_type=UtcInstant)


class OutcomeReturnStepRow(Row, table=True):
    """The release of a return, or that a practitioner of its agency withheld it."""

    __tablename__ = "outcome_return_step"
    id: int | None = Field(default=None, primary_key=True)
    return_id: int = Field(sa_column=Column(ForeignKey("outcome_return.id"), nullable=False, unique=True))
    is_released: bool
    by: str | None = None
    at: datetime = Field(sa_type=UtcInstant)
