"""Plans and their actions."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class PlanRow(Row, table=True):
    """One version of a plan. Append-only."""

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("involvement_id", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    ref: str
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    version: int
    reason: str
    departs_from_wishes: str | None = None
    action_refs: list[str] = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class ActionRow(Row, table=True):
    """An action's identity; its content is in its versions."""

    __tablename__ = "action"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))


class ActionVersionRow(Row, table=True):
    """One version of one action, so that two people who edit two rows do not collide. Append-only."""

    __tablename__ = "action_version"
    __table_args__ = (UniqueConstraint("action_id", "version"), Index(None, "agency", "status", "due"))
    id: int | None = Field(default=None, primary_key=True)
    action_id: int = Field(sa_column=Column(ForeignKey("action.id"), nullable=False))
    version: int
    what: str
    agency: str
    owner: str
    due: date
    serves: str | None = None
    status: str
    status_note: str | None = None
    by: str
    at: datetime = Field(sa_type=UtcInstant)
