"""Alarm topics that were answered after the referral, what people did about them, and reviewed incidents."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class TopicsAskedRow(Row, table=True):
    """Alarm topics as a person answered them about one thing that was reported. Append-only.

    A corrected answer is another row: an alarm that was raised stays until it is dealt with.
    ``answer_version`` is that of the owner's answer on the case, where they are about one.
    """

    __tablename__ = "topics_asked"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    door: str
    about: str = Field(index=True)
    answer_version: int | None = None
    answers: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    owner: str
    due_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class AlarmStepRow(Row, table=True):
    """An act of a person on an alarm. Append-only."""

    __tablename__ = "alarm_step"
    id: int | None = Field(default=None, primary_key=True)
    topics_asked_id: int = Field(sa_column=Column(ForeignKey("topics_asked.id"), nullable=False, index=True))
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    act: str
    to_user: str | None = None
    until: datetime | None = Field(default=None, sa_type=UtcInstant)
    why: str | None = None
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class IncidentReviewRow(Row, table=True):
    """A person reviewed an incident and changed nothing, with a reason. Append-only."""

    __tablename__ = "incident_review"
    __table_args__ = (UniqueConstraint("incident_id"),)
    id: int | None = Field(default=None, primary_key=True)
    incident_id: int = Field(sa_column=Column(ForeignKey("incident.id"), nullable=False))
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    why: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)
