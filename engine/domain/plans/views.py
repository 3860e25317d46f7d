"""One viewer's view of a plan, ready to be drawn: actions, state, the gate, the approval."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from engine.domain.base import Frozen, Instant
from engine.domain.plans.actions import ActionContent, ActionStatus, DepartureReason
from engine.domain.plans.approval import Need, SafetyResult, WhyNot
from engine.domain.plans.versions import PlanState


class ActionView(ActionContent):
    """One action. ``is_live``: it is in delivery and its agency may report on it.

    ``must_stay``: it is urgent, has started and is in no approved version, so no version leaves it out.
    """

    reference: str
    status: ActionStatus
    status_note: str | None
    version: int
    is_overdue: bool
    is_live: bool
    must_stay: bool = False
    done_on: date | None = None
    sessions: int | None = None
    minutes: int | None = None
    sessions_offered: int | None = None
    reported_by: str | None = None
    reported_at: Instant | None = None


class NeedStatus(StrEnum):
    """The status of one need of an approval."""

    RECORDED = "recorded"
    SIGNED_NOT = "signed why not"
    NOT_RECORDED = "not recorded"
    DOES_NOT_APPLY = "does not apply"


class NeedView(Frozen):
    """One line of the gate. Without ``says`` it may not be read here, and ``ask`` is the agency to ask.

    ``because`` of a safety check is for those who approve. ``not_safe_on`` is the version that the last check
    found not safe, where that check no longer counts and none was made since.
    """

    need: Need
    status: NeedStatus
    says: str | None = None
    why_not: WhyNot | None = None
    plan_departs: bool | None = None
    informs_agency: str | None = None
    informs_person: str | None = None
    result: SafetyResult | None = None
    because: str | None = None
    not_safe_on: int | None = None
    plan_version: int | None = None
    by: str | None = None
    agency: str | None = None
    at: Instant | None = None
    ask: str | None = None


def safety_result_in_words(need: NeedView) -> str | None:
    """Return the result of a recorded safety check with its reason; None for every other line of a gate."""
    if need.need is not Need.SAFETY_CHECK or need.status is not NeedStatus.RECORDED:
        return None
    if need.result is None:
        return "result not recorded"
    return f"{need.result.value}: {need.because}" if need.because else need.result.value


class AcceptedView(Frozen):
    """A conflict that was accepted, and why."""

    conflict: str
    because: str


class ApprovalView(Frozen):
    """The approval of one version."""

    version: int
    by: str
    at: Instant
    accepted: tuple[AcceptedView, ...] = ()


class PlanView(Frozen):
    """The newest version of the plan, actions by due date, done last; beside it what is in delivery.

    An approved version stays in delivery until a newer one is approved: ``in_delivery_version`` is that one,
    and ``in_delivery`` its actions with the urgent safety actions of the newer version.
    """

    reference: str
    version: int
    state: PlanState
    by: str
    at: Instant
    reason: str
    departs_from_wishes: str | None
    departure_reason: DepartureReason | None
    actions: tuple[ActionView, ...]
    in_delivery_version: int | None
    in_delivery: tuple[ActionView, ...]
    approval: ApprovalView | None
    gate: tuple[NeedView, ...]
    still_needed: tuple[str, ...]
    """Needs of an approval of the newest version, one sentence each; empty once it is approved."""
    is_before_decision: bool = False
    """True until the panel has decided: the plan has urgent safety actions only, and no gate."""

    @property
    def departs(self) -> bool:
        """True if the plan or one of its actions departs from the victim's wishes."""
        return self.departs_from_wishes is not None or any(a.departs_from_wishes for a in self.actions)
