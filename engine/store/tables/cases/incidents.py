"""Incidents, the reports by which they are known, and the audience of each owner's report."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from sqlalchemy import Column, ForeignKey, Index
from sqlmodel import Field

from engine.store.fates import (
    Apart,
    At,
    By,
    Counted,
    Digest,
    Gone,
    Grounds,
    Key,
    Number,
    Of,
    Part,
    Ref,
    Said,
    SourceGone,
    Text,
    Whose,
    apart,
    case,
    stays,
)
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class ReleaseClassRow(Row, table=True):
    """Owner, rule, audience and end date of what may be released, interned to a small number."""

    __tablename__ = "release_class"
    rows = apart(history=False)
    id: Key | None = Field(default=None, primary_key=True)
    owner: Apart[str]
    rule: Apart[str]
    audience: Apart[str]
    until: Apart[date] | None = None


class IncidentRow(Row, table=True):
    """One incident. Two reports are the same one by a shared crime reference or by a judgement."""

    __tablename__ = "incident"
    rows = Part(of=("involvement_id",), history=False)
    __table_args__ = (Index(None, "involvement_id", "earliest"),)
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    kind: Counted[str]
    channel: Counted[str] | None = None
    happened: Counted[str] | None = None
    earliest: Counted[date] | None = None
    latest: Counted[date] | None = None


class IncidentReportRow(Row, table=True):
    """Source of a report of an incident, from whose record, when.

    Append-only, but for the class of its release.

    The class is the one of the newest ``incident_rule``, stored here so that a query cuts by it.
    """

    __tablename__ = "incident_report"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    incident_id: Of = Field(sa_column=Column(ForeignKey("incident.id"), nullable=False, index=True))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    position: Number
    referral_version: Number | None = None
    owner: Whose
    told_by: Whose
    what: Text | None = None
    crime_reference: SourceGone[str] | None = Field(default=None, index=True)
    grade: Gone[str] | None = None
    digest: Digest
    release_class_id: Annotated[int, stays("the rule that says who may see it", changes=True)] | None = Field(
        default=None, sa_column=Column(ForeignKey("release_class.id"))
    )
    received_at: At = Field(sa_type=UtcInstant)


class IncidentRuleRow(Row, table=True):
    """An owner's rule on what it reported of an incident; the newest holds. Append-only."""

    __tablename__ = "incident_rule"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    incident_id: Of = Field(sa_column=Column(ForeignKey("incident.id"), nullable=False, index=True))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    owner: Whose
    release_class_id: Of = Field(sa_column=Column(ForeignKey("release_class.id"), nullable=False))
    grounds: Grounds = Field(sa_column=Column(DOCUMENT, nullable=False))
    why: Said
    by: By
    at: At = Field(sa_type=UtcInstant)
