"""Episodes, involvements and everything that moves an involvement along."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint, text
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class EpisodeRow(Row, table=True):
    """One perpetrator's course of conduct against one index victim."""

    __tablename__ = "episode"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    created_at: datetime = Field(sa_type=UtcInstant)
    restricted: bool = Field(default=False, index=True)


class InvolvementRow(Row, table=True):
    """One referral's passage; ``episode_id`` follows the current judgement, the own one never changes."""

    __tablename__ = "involvement"
    __table_args__ = (
        UniqueConstraint("source", "source_reference"),
        Index(None, "state", "received_at"),
        Index(None, "received_at", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    own_episode_id: int = Field(sa_column=Column(ForeignKey("episode.id"), nullable=False, index=True))
    episode_id: int = Field(sa_column=Column(ForeignKey("episode.id"), nullable=False, index=True))
    source: str
    source_reference: str
    state: str
    triage_outcome: str | None = None
    received_at: datetime = Field(sa_type=UtcInstant)
    version: int = 1


class ReferralVersionRow(Row, table=True):
    """The source's account, without protected values; a correction is a new version. Append-only."""

    __tablename__ = "referral_version"
    __table_args__ = (UniqueConstraint("involvement_id", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    version: int
    digest: str
    content: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    received_at: datetime = Field(sa_type=UtcInstant)
    received_by: str


class MoveRow(Row, table=True):
    """One move through the states: who, when and why. Append-only."""

    __tablename__ = "move"
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    act: str
    before: str | None = None
    after: str
    by: str
    why: str
    at: datetime = Field(sa_type=UtcInstant)


class EpisodeJudgementRow(Row, table=True):
    """A person's judgement that an involvement belongs to an episode, or its undoing. Append-only."""

    __tablename__ = "episode_judgement"
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    episode_id: int = Field(sa_column=Column(ForeignKey("episode.id"), nullable=False))
    verdict: str
    by: str
    why: str
    at: datetime = Field(sa_type=UtcInstant)


class ScreeningRow(Row, table=True):
    """One screening by one person. Append-only; a case that is stepped up is screened again."""

    __tablename__ = "screening"
    __table_args__ = (UniqueConstraint("involvement_id", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    version: int
    content: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class CaseMemberRow(Row, table=True):
    """A person to whom the case is open, since when and by whom."""

    __tablename__ = "case_member"
    __table_args__ = (UniqueConstraint("involvement_id", "user_name"),)
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    user_name: str = Field(index=True)
    named_by: str
    at: datetime = Field(sa_type=UtcInstant)


class AlarmRow(Row, table=True):
    """Alarm topics raised by a referral, to be acknowledged by a named person in time."""

    __tablename__ = "alarm"
    __table_args__ = (
        Index(
            "ix_alarm_open",
            "involvement_id",
            sqlite_where=text("is_raised = 1 AND acknowledged_by IS NULL"),
            postgresql_where=text("is_raised AND acknowledged_by IS NULL"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, unique=True))
    answers: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    is_raised: bool
    raised_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    due_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    escalated_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class ConferenceRow(Row, table=True):
    """The opening of a conference by the chair, from which levels and reasons are visible. Append-only."""

    __tablename__ = "conference"
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    opened_by: str
    opened_at: datetime = Field(sa_type=UtcInstant)
