"""Incidents, the reports by which they are known, and the audience of each owner's report."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Index
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class ReleaseClassRow(Row, table=True):
    """Owner, rule, audience and end date of what may be released, interned to a small number."""

    __tablename__ = "release_class"
    id: int | None = Field(default=None, primary_key=True)
    owner: str
    rule: str
    audience: str
    until: date | None = None


class IncidentRow(Row, table=True):
    """One incident. Two reports are the same one by a shared crime reference or by a judgement."""

    __tablename__ = "incident"
    __table_args__ = (Index(None, "involvement_id", "earliest"),)
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    kind: str
    channel: str | None = None
    happened: str | None = None
    earliest: date | None = None
    latest: date | None = None


class IncidentReportRow(Row, table=True):
    """Source of a report of an incident, from whose record, when.

    Append-only, but for the class of its release.

    The class is the one of the newest ``incident_rule``, stored here so that a query cuts by it.
    """

    __tablename__ = "incident_report"
    id: int | None = Field(default=None, primary_key=True)
    incident_id: int = Field(sa_column=Column(ForeignKey("incident.id"), nullable=False, index=True))
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    position: int
    referral_version: int | None = None
    owner: str
    told_by: str
    what: str | None = None
    crime_reference: str | None = Field(default=None, index=True)
    grade: str | None = None
    digest: str
    release_class_id: int | None = Field(default=None, sa_column=Column(ForeignKey("release_class.id")))
    received_at: datetime = Field(sa_type=UtcInstant)


class IncidentRuleRow(Row, table=True):
    """An owner's rule on what it reported of an incident; the newest holds. Append-only."""

    __tablename__ = "incident_rule"
    id: int | None = Field(default=None, primary_key=True)
    incident_id: int = Field(sa_column=Column(ForeignKey("incident.id"), nullable=False, index=True))
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    owner: str
    release_class_id: int = Field(sa_column=Column(ForeignKey("release_class.id"), nullable=False))
    grounds: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    why: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)
