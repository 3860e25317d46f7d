"""Facts about agencies themselves: suspensions, chases, and what each looked up on arrival."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class AgencySuspensionRow(Row, table=True):
    """An agency was suspended or resumed; the newest row of an agency holds. Append-only."""

    __tablename__ = "agency_suspension"
    id: int | None = Field(default=None, primary_key=True)
    agency: str = Field(index=True)
    is_suspended: bool
    why: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class ChaseRow(Row, table=True):
    """An agency was reminded of a request, by whom and how. Append-only."""

    __tablename__ = "chase"
    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(sa_column=Column(ForeignKey("request.id"), nullable=False, index=True))
    how: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class ArrivalLookUpRow(Row, table=True):
    """Findings of one agency in its own records when a referral came. For that agency only. Append-only.

    Nothing here is joined to an answer or counted: its one reader is the repository's own, which asks for the
    agency of the people who view it.
    """

    __tablename__ = "arrival_look_up"
    __table_args__ = (Index(None, "agency", "involvement_id"),)
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    agency: str
    outcome: str
    found: list[dict[str, object]] = Field(sa_column=Column(DOCUMENT, nullable=False))
    plugin_version: str
    at: datetime = Field(sa_type=UtcInstant)
