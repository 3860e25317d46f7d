"""When agencies were asked for outcomes of a case, what they gave, and its release. Append-only."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.fates import At, By, Choice, Day, Flag, Key, Of, SourceGone, Version, Whose, agencys
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class OutcomeReturnRow(Row, table=True):
    """One time that an agency was asked for outcomes. ``found`` has dates, codes and choices, and no text."""

    __tablename__ = "outcome_return"
    rows = agencys(asked_where=("result", "answered"))
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    agency: Whose
    since: Day
    until: Day
    result: Choice
    found: SourceGone[dict[str, object]] | None = Field(default=None, sa_column=Column(DOCUMENT))
    ground: Choice | None = None
    reason: Choice | None = None
    plugin_version: Version | None = None
    at: At = Field(sa_type=UtcInstant)


class OutcomeReturnStepRow(Row, table=True):
    """The release of a return, or that a practitioner of its agency withheld it."""

    __tablename__ = "outcome_return_step"
    rows = agencys("return_id.involvement_id", agency="return_id.agency")
    id: Key | None = Field(default=None, primary_key=True)
    return_id: Of = Field(sa_column=Column(ForeignKey("outcome_return.id"), nullable=False, unique=True))
    is_released: Flag
    by: By | None = None
    at: At = Field(sa_type=UtcInstant)
