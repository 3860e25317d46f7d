"""People responsible for a case: the officer in the case, the case holder and the lead agency."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field

from engine.store.fates import At, By, Key, Name, Number, Of, Text, Whose, case, stays
from engine.store.tables.base import Row, UtcInstant


class CaseResponsibleRow(Row, table=True):
    """One version of all that is recorded of them. Append-only; the newest applies."""

    __tablename__ = "case_responsible"
    rows = case()
    __table_args__ = (UniqueConstraint("involvement_id", "version"),)
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    version: Number
    officer_name: Name | None = None
    officer_rank: Text | None = None
    officer_force: Text | None = None
    officer_unit: Text | None = None
    officer_contact: Text | None = None
    holder: Annotated[str, stays("which user held the case")] | None = None
    lead_agency: Whose | None = None
    why: Text | None = None
    by: By
    at: At = Field(sa_type=UtcInstant)
