"""Alarm topics that were answered after the referral, what people did about them, and reviewed incidents."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field

from engine.store import erased
from engine.store.fates import At, By, Choice, Key, Number, Of, Ref, Said, Whose, case, goes
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class TopicsAskedRow(Row, table=True):
    """Alarm topics as a person answered them about one thing that was reported. Append-only.

    A corrected answer is another row: an alarm that was raised stays until it is dealt with.
    ``answer_version`` is that of the owner's answer on the case, where they are about one.
    """

    __tablename__ = "topics_asked"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    door: Choice
    about: Ref = Field(index=True)
    answer_version: Number | None = None
    answers: Annotated[dict[str, object], goes(erased.topics_asked)] = Field(
        sa_column=Column(DOCUMENT, nullable=False)
    )
    owner: Whose
    due_at: At | None = Field(default=None, sa_type=UtcInstant)
    by: By
    at: At = Field(sa_type=UtcInstant)


class AlarmStepRow(Row, table=True):
    """An act of a person on an alarm. Append-only."""

    __tablename__ = "alarm_step"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    topics_asked_id: Of = Field(sa_column=Column(ForeignKey("topics_asked.id"), nullable=False, index=True))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    act: Choice
    to_user: By | None = None
    until: At | None = Field(default=None, sa_type=UtcInstant)
    why: Said | None = None
    by: By
    at: At = Field(sa_type=UtcInstant)


class IncidentReviewRow(Row, table=True):
    """A person reviewed an incident and changed nothing, with a reason. Append-only."""

    __tablename__ = "incident_review"
    rows = case()
    __table_args__ = (UniqueConstraint("incident_id"),)
    id: Key | None = Field(default=None, primary_key=True)
    incident_id: Of = Field(sa_column=Column(ForeignKey("incident.id"), nullable=False))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    why: Said
    by: By
    at: At = Field(sa_type=UtcInstant)
