"""Episodes, involvements and everything that moves an involvement along."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint, text
from sqlmodel import Field

from engine.store import erased
from engine.store.fates import (
    At,
    By,
    Choice,
    Digest,
    Flag,
    Found,
    Key,
    Number,
    Of,
    Part,
    Ref,
    Text,
    Words,
    apart,
    case,
    goes,
    stays,
)
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class EpisodeRow(Row, table=True):
    """One perpetrator's course of conduct against one index victim."""

    __tablename__ = "episode"
    rows = apart(history=False)
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    created_at: At = Field(sa_type=UtcInstant)
    restricted: Flag = Field(default=False, index=True)


class InvolvementRow(Row, table=True):
    """One referral's passage; ``episode_id`` follows the current judgement, the own one never changes."""

    __tablename__ = "involvement"
    rows = Part(of=("id",), history=False)
    __table_args__ = (
        UniqueConstraint("source", "source_reference"),
        Index(None, "state", "received_at"),
        Index(None, "received_at", "id"),
    )
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    own_episode_id: Of = Field(sa_column=Column(ForeignKey("episode.id"), nullable=False, index=True))
    episode_id: Of = Field(sa_column=Column(ForeignKey("episode.id"), nullable=False, index=True))
    source: Found[str]
    source_reference: Found[str]
    state: Choice
    triage_outcome: Choice | None = None
    received_at: At = Field(sa_type=UtcInstant)
    version: Number = 1


class ReferralVersionRow(Row, table=True):
    """The source's account, without protected values; a correction is a new version. Append-only."""

    __tablename__ = "referral_version"
    rows = case()
    __table_args__ = (UniqueConstraint("involvement_id", "version"),)
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    version: Number
    digest: Digest
    content: Annotated[dict[str, object], goes(erased.referral, Words.SOURCE, left=erased.REFERRAL_LEFT)] = (
        Field(sa_column=Column(DOCUMENT, nullable=False))
    )
    received_at: At = Field(sa_type=UtcInstant)
    received_by: By


class MoveRow(Row, table=True):
    """One move through the states: who, when and why. Append-only."""

    __tablename__ = "move"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    act: Choice
    before: Choice | None = None
    after: Choice
    by: By
    why: Text
    at: At = Field(sa_type=UtcInstant)


class EpisodeJudgementRow(Row, table=True):
    """A person's judgement that an involvement belongs to an episode, or its undoing. Append-only."""

    __tablename__ = "episode_judgement"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    episode_id: Of = Field(sa_column=Column(ForeignKey("episode.id"), nullable=False))
    verdict: Choice
    by: By
    why: Text
    at: At = Field(sa_type=UtcInstant)


class ScreeningRow(Row, table=True):
    """One screening by one person. Append-only; a case that is stepped up is screened again."""

    __tablename__ = "screening"
    rows = case()
    __table_args__ = (UniqueConstraint("involvement_id", "version"),)
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    version: Number
    content: Annotated[dict[str, object], goes(erased.SCREENING, Words.BY_USE_CASE)] = Field(
        sa_column=Column(DOCUMENT, nullable=False)
    )
    by: By
    at: At = Field(sa_type=UtcInstant)


class CaseMemberRow(Row, table=True):
    """A person to whom the case is open, since when and by whom."""

    __tablename__ = "case_member"
    rows = Part(of=("involvement_id",), history=False)
    __table_args__ = (UniqueConstraint("involvement_id", "user_name"),)
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    user_name: By = Field(index=True)
    named_by: By
    at: At = Field(sa_type=UtcInstant)


class AlarmRow(Row, table=True):
    """Alarm topics raised by a referral, to be acknowledged by a named person in time."""

    __tablename__ = "alarm"
    rows = Part(of=("involvement_id",), history=False)
    __table_args__ = (
        Index(
            "ix_alarm_open",
            "involvement_id",
            sqlite_where=text("is_raised = 1 AND acknowledged_by IS NULL"),
            postgresql_where=text("is_raised AND acknowledged_by IS NULL"),
        ),
    )
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, unique=True))
    answers: Annotated[dict[str, object], stays("which alarm topics were answered how, by code")] = Field(
        sa_column=Column(DOCUMENT, nullable=False)
    )
    is_raised: Flag
    raised_at: At | None = Field(default=None, sa_type=UtcInstant)
    due_at: At | None = Field(default=None, sa_type=UtcInstant)
    acknowledged_by: By | None = None
    acknowledged_at: At | None = Field(default=None, sa_type=UtcInstant)
    escalated_at: At | None = Field(default=None, sa_type=UtcInstant)


class ConferenceRow(Row, table=True):
    """The opening of a conference by the chair, from which levels and reasons are visible. Append-only."""

    __tablename__ = "conference"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    opened_by: By
    opened_at: At = Field(sa_type=UtcInstant)
