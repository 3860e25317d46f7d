"""Decisions, judgements, dissent, plans, actions, orders, outcomes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class DecisionRow(Row, table=True):
    """One decision of one conference, with the versions of answers that it saw. Append-only."""

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("involvement_id", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    version: int
    content: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    saw: dict[str, int] = Field(sa_column=Column(DOCUMENT, nullable=False))
    not_seen: dict[str, str] = Field(sa_column=Column(DOCUMENT, nullable=False))
    review_on: date | None = Field(default=None, index=True)
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class JudgementRow(Row, table=True):
    """The panel's judgement of one domain, for counting; the reasons are in the decision. Append-only."""

    __tablename__ = "judgement"
    __table_args__ = (UniqueConstraint("decision_id", "domain"),)
    id: int | None = Field(default=None, primary_key=True)
    decision_id: int = Field(sa_column=Column(ForeignKey("decision.id"), nullable=False))
    domain: str
    level: str
    valid_until: date | None = None


class DissentRow(Row, table=True):
    """An agency that disagreed with a decision. Append-only."""

    __tablename__ = "dissent"
    id: int | None = Field(default=None, primary_key=True)
    decision_id: int = Field(sa_column=Column(ForeignKey("decision.id"), nullable=False, index=True))
    agency: str
    who: str
    reasons: str


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


class OrderRow(Row, table=True):
    """A protective order about an involvement's people. Recorded once orders can be recorded."""

    __tablename__ = "protective_order"
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    kind: str
    status: str
    content: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class OutcomeRow(Row, table=True):
    """One finding of a follow-up on one of three measures. Append-only."""

    __tablename__ = "outcome"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    measure: str
    found: str
    against: str | None = None
    happened: str | None = None
    happened_earliest: date | None = None
    happened_latest: date | None = None
    looked_until: str
    looked_until_earliest: date
    looked_in: list[str] = Field(sa_column=Column(DOCUMENT, nullable=False))
    censored: str | None = None
    says: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)
