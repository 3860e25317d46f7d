"""Reviews of plans, and what is recorded by hand that may bring one forward."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field

from engine.store import erased
from engine.store.fates import At, By, Choice, Day, Key, Number, Of, Ref, Said, Words, case, goes
from engine.store.tables.base import Row, UtcInstant


class PlanReviewRow(Row, table=True):
    """A review that a person closed, with the date of the next one. Append-only."""

    __tablename__ = "plan_review"
    rows = case()
    __table_args__ = (UniqueConstraint("involvement_id", "number"),)
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    number: Number
    decided: Said
    next_on: Day = Field(index=True)
    by: By
    at: At = Field(sa_type=UtcInstant)


class CustodyChangeRow(Row, table=True):
    """A change of custody of the alleged perpetrator of a case. Append-only."""

    __tablename__ = "custody_change"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    change: Choice
    happened_on: Day
    by: By
    at: At = Field(sa_type=UtcInstant)


class PoliceDecisionRow(Row, table=True):
    """A police decision about one incident. Append-only; the newest applies."""

    __tablename__ = "police_decision"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    incident_ref: Ref
    police_action: Choice
    decided_by: Annotated[str, goes(erased.nobody, Words.TYPED)]
    decided_on: Day
    why: Said | None = None
    by: By
    at: At = Field(sa_type=UtcInstant)


class InvestigationLeadRow(Row, table=True):
    """The chair's naming of the one lead of the investigating agency on a case. Append-only."""

    __tablename__ = "investigation_lead"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    user_name: By
    by: By
    at: At = Field(sa_type=UtcInstant)


class PlaceCheckRow(Row, table=True):
    """A person's check of one version of a plan for protected places, without its result. Append-only."""

    __tablename__ = "place_check"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    plan_version: Number
    by: By
    at: At = Field(sa_type=UtcInstant)
