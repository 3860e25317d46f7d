"""Victims' outcomes and own descriptions, which their advocate enters, and the prices of agencies' hours."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field

from engine.store.fates import Apart, At, By, Choice, Emptied, Key, Number, Of, Whose, agencys, apart
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class VictimOutcomeRow(Row, table=True):
    """One entry for one moment; the newest version of a moment applies. Append-only."""

    __tablename__ = "victim_outcome"
    rows = agencys(asked=True)
    __table_args__ = (UniqueConstraint("involvement_id", "moment", "version"),)
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    moment: Choice
    version: Number
    agency: Whose
    content: Emptied = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: By
    at: At = Field(sa_type=UtcInstant)


class VictimDescriptionRow(Row, table=True):
    """The victim's description of themselves; the newest version applies. Append-only."""

    __tablename__ = "victim_description"
    rows = agencys(asked=True)
    __table_args__ = (UniqueConstraint("involvement_id", "version"),)
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    version: Number
    agency: Whose
    content: Emptied = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: By
    at: At = Field(sa_type=UtcInstant)


class PriceListRow(Row, table=True):
    """One version of the prices of agencies' hours, as a whole; the newest applies. Append-only."""

    __tablename__ = "price_list"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    version: Apart[int] = Field(unique=True)
    content: Apart[dict[str, object]] = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: Apart[str]
    at: Apart[datetime] = Field(sa_type=UtcInstant)
