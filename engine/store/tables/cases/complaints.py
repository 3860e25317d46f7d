"""Findings of a court or of the panel on complaints about the victim."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.fates import At, By, Choice, Key, Of, Said, case, stays
from engine.store.tables.base import Row, UtcInstant


class ComplaintFindingRow(Row, table=True):
    """A finding on a complaint, or its withdrawal: then only why. Append-only."""

    __tablename__ = "complaint_finding"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    incident_id: Of = Field(sa_column=Column(ForeignKey("incident.id"), nullable=False, index=True))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    found: Choice | None = None
    found_by: Choice | None = None
    found_on: Annotated[str, stays("a date of the procedure")] | None = None
    source: Said
    by: By
    at: At = Field(sa_type=UtcInstant)
