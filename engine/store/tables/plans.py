"""Plans, their actions, what their approval needs, and approvals."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class PlanRow(Row, table=True):
    """One version of a plan. Append-only. None in ``asks_approval``: of before plans were approved."""

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("involvement_id", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    ref: str
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    version: int
    reason: str
    departs_from_wishes: str | None = None
    departure_reason: str | None = None
    asks_approval: bool | None = None
    action_refs: list[str] = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: str
    at: datetime = Field(sa_type=UtcInstant, index=True)


class PlanNeedRow(Row, table=True):
    """One record of what an approval needs, or a signature that it is not met. Append-only.

    The result is of a safety check; None in one of before checks had results.
    """

    __tablename__ = "plan_need"
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    need: str
    plan_version: int
    why_not: str | None = None
    says: str | None = None
    agreed_to_sharing: str | None = None
    with_whom: list[str] = Field(sa_column=Column(DOCUMENT, nullable=False))
    plan_departs: bool | None = None
    informs_agency: str | None = None
    informs_person: str | None = None
    result: str | None = None
    because: str | None = None
    by: str
    agency: str | None = None
    at: datetime = Field(sa_type=UtcInstant)


class PlanApprovalRow(Row, table=True):
    """The approval of one version of a plan; ``accepted`` is the reason by conflict. Append-only.

    The voice is the released response that counted as the advocate's view, if one did.
    """

    __tablename__ = "plan_approval"
    __table_args__ = (UniqueConstraint("involvement_id", "plan_version"),)
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    plan_version: int
    accepted: dict[str, str] = Field(sa_column=Column(DOCUMENT, nullable=False))
    voice_agency: str | None = None
    voice_version: int | None = None
    by: str
    at: datetime = Field(sa_type=UtcInstant, index=True)


class ActionRow(Row, table=True):
    """An action's identity; its content is in its versions."""

    __tablename__ = "action"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))


class ActionVersionRow(Row, table=True):
    """One version of one action, so that two people who edit two rows do not collide. Append-only.

    A plan that is saved adds versions for content; ``plan_version`` is that plan's. A report adds one with
    the content that it is about, and ``is_report``; one that undoes a report has ``restores``, the version
    whose report applies again (0 for none). Each carries the status after it. A version
    of before plans were approved has None, "not recorded", in the columns that came with them.
    """

    __tablename__ = "action_version"
    __table_args__ = (UniqueConstraint("action_id", "version"), Index(None, "agency", "status", "due"))
    id: int | None = Field(default=None, primary_key=True)
    action_id: int = Field(sa_column=Column(ForeignKey("action.id"), nullable=False))
    version: int
    plan_version: int | None = None
    what: str
    agency: str
    owner: str
    owner_user: str | None = None
    due: date
    serves: str | None = None
    side: str | None = None
    need: str | None = None
    evidence: str | None = None
    library_item: str | None = None
    library_version: int | None = None
    proposed_by: str | None = None
    proposal: str | None = None
    is_urgent: bool | None = None
    departs_from_wishes: bool | None = None
    differs_from_notice: str | None = None
    status: str
    status_note: str | None = None
    is_report: bool | None = None
    restores: int | None = None
    done_on: date | None = None
    sessions: int | None = None
    minutes: int | None = None
    sessions_offered: int | None = None
    by: str
    at: datetime = Field(sa_type=UtcInstant, index=True)
