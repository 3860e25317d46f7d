"""Facts about agencies themselves: suspensions, chases, and what each looked up on arrival."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from sqlalchemy import Column, ForeignKey, Index
from sqlmodel import Field

from engine.store import erased
from engine.store.fates import (
    Apart,
    ApartTyped,
    At,
    By,
    Choice,
    Key,
    Of,
    Version,
    Whose,
    Words,
    agencys,
    apart,
    case,
    goes,
)
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class AgencySuspensionRow(Row, table=True):
    """An agency was suspended or resumed; the newest row of an agency holds. Append-only."""

    __tablename__ = "agency_suspension"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    agency: Apart[str] = Field(index=True)
    is_suspended: Apart[bool]
    why: ApartTyped[str]
    by: Apart[str]
    at: Apart[datetime] = Field(sa_type=UtcInstant)


class ChaseRow(Row, table=True):
    """An agency was reminded of a request, by whom and how. Append-only."""

    __tablename__ = "chase"
    rows = case("request_id.involvement_id")
    id: Key | None = Field(default=None, primary_key=True)
    request_id: Of = Field(sa_column=Column(ForeignKey("request.id"), nullable=False, index=True))
    how: Choice
    by: By
    at: At = Field(sa_type=UtcInstant)


class ArrivalLookUpRow(Row, table=True):
    """Findings of one agency in its own records when a referral came. For that agency only. Append-only.

    Nothing here is joined to an answer or counted: its one reader is the repository's own, which asks for the
    agency of the people who view it.
    """

    __tablename__ = "arrival_look_up"
    rows = agencys(of_desk=True, unlisted=True)
    __table_args__ = (Index(None, "agency", "involvement_id"),)
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    agency: Whose
    outcome: Choice
    found: Annotated[list[dict[str, object]], goes(erased.no_entries, Words.SOURCE)] = Field(
        sa_column=Column(DOCUMENT, nullable=False)
    )
    plugin_version: Version
    at: At = Field(sa_type=UtcInstant)
