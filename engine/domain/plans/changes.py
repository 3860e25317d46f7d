"""One viewer's view of a case's next review: why it is due, and what changed since the last one."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from engine.domain.base import Frozen, Instant
from engine.domain.cases.custody import StoredCustodyChange
from engine.domain.cases.incidents import OfKinds, kinds_in_words
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.cases.police_decisions import StoredPoliceDecision
from engine.domain.dates import PartialDate
from engine.domain.plans.reviews import TRIGGERS_NOT_CHECKED, PlanReview, ReviewCause


class ChangeKind(StrEnum):
    """The kind of record that changed."""

    INCIDENT = "incident"
    RESPONSE = "response"
    DECISION = "decision"
    PLAN = "plan"
    ACTION = "action"
    OUTCOME = "outcome"
    CUSTODY = "custody"
    POLICE_DECISION = "police decision"


class Change(Frozen):
    """One record that is new or changed: what in a sentence, when, and its reference where it has one."""

    kind: ChangeKind
    says: str
    at: Instant
    record: str | None = None


class NotDecidedByPolice(OfKinds):
    """An incident that awaits a decision of police."""

    incident: str
    happened: PartialDate | None

    @property
    def in_words(self) -> str:
        """The sentence that stays on top of the case."""
        when = self.happened.in_words() if self.happened else "date not recorded"
        return f"No police decision is recorded on the {self.kinds_in_words}, {when} ({self.incident})."

    @property
    def kinds_in_words(self) -> str:
        """Every kind that a report gives it."""
        return kinds_in_words(self.kinds)


class ReviewOnCase(Frozen):
    """The reviews of a case as one viewer sees them. ``since`` stays None until a panel has decided."""

    since: Instant | None
    since_what: str | None
    review_on: date | None
    why_due: str | None
    causes: tuple[ReviewCause, ...] = ()
    changes: tuple[Change, ...] = ()
    reviews: tuple[PlanReview, ...] = ()
    not_decided: tuple[NotDecidedByPolice, ...] = ()
    police_decisions: tuple[StoredPoliceDecision, ...] = ()
    custody: tuple[StoredCustodyChange, ...] = ()
    not_checked: str = TRIGGERS_NOT_CHECKED


class ReviewProposed(Frozen):
    """A date for the next review, so many days after the decision, by the outcome of screening."""

    on: date
    days: int
    outcome: TriageOutcome
