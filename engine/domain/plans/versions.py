"""Versions of a plan as stored, and the state of a plan, which is worked out at each reading."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from engine.domain.base import Frozen, Instant
from engine.domain.cases.lifecycle import BEING_ASKED, State
from engine.domain.plans.actions import OPEN_STATUSES, ActionContent, ActionStatus, DepartureReason
from engine.domain.plans.approval import Approval

ENDS_PLAN = frozenset({State.IN_FOLLOW_UP, State.CLOSED})
"""States of an involvement whose plan is no longer delivered."""


class PlanState(StrEnum):
    """The state of the newest version of a plan."""

    DRAFT = "draft"
    WAITING = "waiting for approval"
    IN_DELIVERY = "in delivery"
    ENDED = "ended"


class StoredAction(ActionContent):
    """One action: its content in one version of the plan, and the newest report on it.

    ``plan_version`` is the version of the plan that its content came with; None in a record of before plans
    were approved. ``reported_by`` and ``reported_at`` are of the newest report, None where there is none.
    """

    reference: str
    involvement: str
    version: int
    plan_version: int | None = None
    status: ActionStatus
    status_note: str | None
    done_on: date | None = None
    sessions: int | None = None
    minutes: int | None = None
    sessions_offered: int | None = None
    by: str
    at: Instant
    reported_by: str | None = None
    reported_at: Instant | None = None
    written_by: tuple[tuple[str, str], ...] = ()
    """By typed text who wrote it: a later version that leaves it as it was does not change its writer."""

    def writer_of(self, text: str) -> str | None:
        """Return who wrote one of its typed texts."""
        return dict(self.written_by).get(text)


class Report(Frozen):
    """A report on an action: the version of the action that it made, by whom and when."""

    version: int
    by: str
    at: Instant


class StoredPlan(Frozen):
    """The newest version of a plan, and what of the plan is in delivery.

    ``actions`` are those of the newest version. ``live`` are those that agencies deliver now: of the version
    that was approved last, and the urgent safety actions of a newer one.
    """

    reference: str
    version: int
    reason: str
    departs_from_wishes: str | None
    departure_by: str | None = None
    """The writer of how it departs: a later version that leaves the text as it was changes no writer."""
    departure_reason: DepartureReason | None = None
    asks_approval: bool = False
    actions: tuple[StoredAction, ...]
    live: tuple[StoredAction, ...]
    in_delivery: int | None
    """The version that is in delivery; None before the first approval."""
    approval: Approval | None
    """Of the version that is in delivery; None also in a record of before plans were approved."""
    approved: frozenset[str] = frozenset()
    """The actions of the version that is in delivery."""
    left_out_in: int = 0
    """The newest version that leaves out an action of the version before it; 0 for none."""
    approved_before: int = 0
    """The version that was in delivery before this one, or beside it; 0 for none."""
    by: str
    at: Instant

    @property
    def must_stay(self) -> frozenset[str]:
        """Urgent safety actions that are open and in no approved version: leaving one out would stop it."""
        return frozenset(
            action.reference
            for action in self.live
            if action.is_urgent and action.status in OPEN_STATUSES and action.reference not in self.approved
        )

    @property
    def departs(self) -> bool:
        """True if the plan or one of its actions departs from the victim's wishes."""
        return self.departs_from_wishes is not None or any(a.departs_from_wishes for a in self.actions)

    @property
    def actions_changed_in(self) -> int:
        """The newest version that added, changed or left out one of its actions."""
        return max(self.left_out_in, *(action.plan_version or 0 for action in self.actions), 0)

    @property
    def is_approved(self) -> bool:
        """True if the newest version is the one in delivery."""
        return self.in_delivery == self.version

    def is_before_decision(self, involvement: State) -> bool:
        """Return whether the panel has not decided yet: the plan has urgent actions only, and no gate.

        The plan of a case that was stepped up was approved in an earlier round.
        """
        return self.in_delivery is None and involvement in BEING_ASKED | {State.IN_CONFERENCE}

    def state(self, involvement: State) -> PlanState:
        """Return the state of the newest version; an approved one stays in delivery beside a newer draft."""
        return plan_state(involvement, is_approved=self.is_approved, asks_approval=self.asks_approval)


def plan_state(involvement: State, *, is_approved: bool, asks_approval: bool) -> PlanState:
    """Return the state of the newest version of a plan on an involvement in this state."""
    if involvement in ENDS_PLAN:
        return PlanState.ENDED
    if is_approved:
        return PlanState.IN_DELIVERY
    return PlanState.WAITING if asks_approval else PlanState.DRAFT
