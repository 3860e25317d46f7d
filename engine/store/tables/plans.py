"""Plans, their actions, what their approval needs, and approvals."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from engine.store import erased
from engine.store.fates import (
    At,
    By,
    Choice,
    Day,
    Flag,
    Gone,
    Key,
    Name,
    Number,
    Of,
    Part,
    Ref,
    Refs,
    Text,
    Whose,
    Words,
    case,
    goes,
)
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class PlanRow(Row, table=True):
    """One version of a plan. Append-only. None in ``asks_approval``: of before plans were approved."""

    __tablename__ = "plan"
    rows = case()
    __table_args__ = (UniqueConstraint("involvement_id", "version"),)
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    version: Number
    reason: Text
    departs_from_wishes: Annotated[str, goes(erased.nothing, Words.BY_USE_CASE)] | None = None
    departure_reason: Choice | None = None
    asks_approval: Flag | None = None
    action_refs: Refs = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: By
    at: At = Field(sa_type=UtcInstant, index=True)


class PlanNeedRow(Row, table=True):
    """One record of what an approval needs, or a signature that it is not met. Append-only.

    The result is of a safety check; None in one of before checks had results.
    """

    __tablename__ = "plan_need"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    need: Choice
    plan_version: Number
    why_not: Choice | None = None
    says: Text | None = None
    agreed_to_sharing: Choice | None = None
    with_whom: Refs = Field(sa_column=Column(DOCUMENT, nullable=False))
    plan_departs: Flag | None = None
    informs_agency: Whose | None = None
    informs_person: Name | None = None
    result: Choice | None = None
    because: Text | None = None
    by: By
    agency: Whose | None = None
    at: At = Field(sa_type=UtcInstant)


class PlanApprovalRow(Row, table=True):
    """The approval of one version of a plan; ``accepted`` is the reason by conflict. Append-only.

    The voice is the released response that counted as the advocate's view, if one did.
    """

    __tablename__ = "plan_approval"
    rows = case()
    __table_args__ = (UniqueConstraint("involvement_id", "plan_version"),)
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    plan_version: Number
    accepted: Annotated[dict[str, str], goes(erased.accepted, Words.BY_USE_CASE, left=("conflicts",))] = (
        Field(sa_column=Column(DOCUMENT, nullable=False))
    )
    voice_agency: Whose | None = None
    voice_version: Number | None = None
    by: By
    at: At = Field(sa_type=UtcInstant, index=True)


class ActionRow(Row, table=True):
    """An action's identity; its content is in its versions."""

    __tablename__ = "action"
    rows = Part(of=("involvement_id",), history=False)
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))


class ActionVersionRow(Row, table=True):
    """One version of one action, so that two people who edit two rows do not collide. Append-only.

    A plan that is saved adds versions for content; ``plan_version`` is that plan's. A report adds one with
    the content that it is about, and ``is_report``; one that undoes a report has ``restores``, the version
    whose report applies again (0 for none). Each carries the status after it. A version
    of before plans were approved has None, "not recorded", in the columns that came with them.
    """

    __tablename__ = "action_version"
    rows = case("action_id.involvement_id")
    __table_args__ = (UniqueConstraint("action_id", "version"), Index(None, "agency", "status", "due"))
    id: Key | None = Field(default=None, primary_key=True)
    action_id: Of = Field(sa_column=Column(ForeignKey("action.id"), nullable=False))
    version: Number
    plan_version: Number | None = None
    what: Text
    agency: Whose
    owner: Name
    owner_user: Gone[str] | None = None
    due: Day
    serves: Choice | None = None
    side: Choice | None = None
    need: Choice | None = None
    evidence: Text | None = None
    library_item: Choice | None = None
    library_version: Number | None = None
    proposed_by: Whose | None = None
    proposal: Ref | None = None
    is_urgent: Flag | None = None
    departs_from_wishes: Flag | None = None
    differs_from_notice: Text | None = None
    status: Choice
    status_note: Annotated[str, goes(erased.nothing, Words.BY_USE_CASE)] | None = None
    is_report: Flag | None = None
    restores: Number | None = None
    done_on: Day | None = None
    sessions: Number | None = None
    minutes: Number | None = None
    sessions_offered: Number | None = None
    by: By
    at: At = Field(sa_type=UtcInstant, index=True)
