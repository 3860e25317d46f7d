"""Reviews of plans, and what is recorded by hand that may bring one forward."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field

from engine.store.tables.base import Row, UtcInstant


class PlanReviewRow(Row, table=True):
    """A review that a person closed, with the date of the next one. Append-only."""

    __tablename__ = "plan_review"
    __table_args__ = (UniqueConstraint("involvement_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    number: int
    decided: str
    next_on: date = Field(index=True)
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class CustodyChangeRow(Row, table=True):
    """A change of custody of the alleged perpetrator of a case. Append-only."""

    __tablename__ = "custody_change"
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    change: str
    happened_on: date
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class PoliceDecisionRow(Row, table=True):
    """A police decision about one incident. Append-only; the newest applies."""

    __tablename__ = "police_decision"
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    incident_ref: str
    police_action: str
    decided_by: str
    decided_on: date
    why: str | None = None
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class InvestigationLeadRow(Row, table=True):
    """The chair's naming of the one lead of the investigating agency on a case. Append-only."""

    __tablename__ = "investigation_lead"
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    user_name: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class PlaceCheckRow(Row, table=True):
    """A person's check of one version of a plan for protected places, without its result. Append-only."""

    __tablename__ = "place_check"
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    plan_version: int
    by: str
    at: datetime = Field(sa_type=UtcInstant)
