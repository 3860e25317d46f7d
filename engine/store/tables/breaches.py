"""Likely breaches of orders: details of incidents, comparisons, and people's answers."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field

from engine.store.fates import At, By, Choice, Emptied, Key, Number, Of, Ref, SaidThere, case
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class IncidentDetailRow(Row, table=True):
    """Details of an incident beyond its date, in versions; its place is in the vault. Append-only."""

    __tablename__ = "incident_detail"
    rows = case()
    __table_args__ = (UniqueConstraint("incident_id", "version"),)
    id: Key | None = Field(default=None, primary_key=True)
    incident_id: Of = Field(sa_column=Column(ForeignKey("incident.id"), nullable=False))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    version: Number
    content: Emptied = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: By
    at: At = Field(sa_type=UtcInstant)


class LikelyBreachRow(Row, table=True):
    """An incident and a condition that it may have broken. Append-only."""

    __tablename__ = "likely_breach"
    rows = case()
    __table_args__ = (UniqueConstraint("incident_id", "order_id", "condition"),)
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    incident_id: Of = Field(sa_column=Column(ForeignKey("incident.id"), nullable=False))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    order_id: Of = Field(sa_column=Column(ForeignKey("court_order.id"), nullable=False, index=True))
    condition: Number
    at: At = Field(sa_type=UtcInstant)


class LikelyBreachResultRow(Row, table=True):
    """A comparison: its result, with evidence and rule. The newest applies. Append-only."""

    __tablename__ = "likely_breach_result"
    rows = case()
    __table_args__ = (UniqueConstraint("breach_id", "number"),)
    id: Key | None = Field(default=None, primary_key=True)
    breach_id: Of = Field(sa_column=Column(ForeignKey("likely_breach.id"), nullable=False))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    number: Number
    result: Choice
    content: Emptied = Field(sa_column=Column(DOCUMENT, nullable=False))
    at: At = Field(sa_type=UtcInstant)


class LikelyBreachReviewRow(Row, table=True):
    """An answer of a person: confirmed, rejected or asked. The newest applies. Append-only."""

    __tablename__ = "likely_breach_review"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    breach_id: Of = Field(sa_column=Column(ForeignKey("likely_breach.id"), nullable=False, index=True))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    act: Choice
    result_number: Number
    content: SaidThere = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: By
    at: At = Field(sa_type=UtcInstant)


class AreaCheckRow(Row, table=True):
    """A check of incidents of a case against sealed areas by a person who may know them. Append-only.

    Its result is not stored: a check is asked for on every case with a sealed area.
    """

    __tablename__ = "area_check"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    by: By
    at: At = Field(sa_type=UtcInstant)
