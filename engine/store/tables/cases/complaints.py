"""Findings of a court or of the panel on complaints about the victim."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.tables.base import Row, UtcInstant


class ComplaintFindingRow(Row, table=True):
    """A finding on a complaint, or its withdrawal: then only why. Append-only."""

    __tablename__ = "complaint_finding"
    id: int | None = Field(default=None, primary_key=True)
    incident_id: int = Field(sa_column=Column(ForeignKey("incident.id"), nullable=False, index=True))
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    found: str | None = None
    found_by: str | None = None
    found_on: str | None = None
    source: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)
