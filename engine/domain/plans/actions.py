"""Actions of a plan: what is agreed, who owns it, what will show that it was done. Knows no approval."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from engine.domain.base import Code, Frozen, Sentence
from engine.domain.conference.risk import Domain


class Side(StrEnum):
    """The part of the plan that an action belongs to. None is "not recorded", of an older version."""

    VICTIM_SAFETY = "safety of the victim"
    INTERVENTION = "intervention with the alleged perpetrator"
    OTHERS_AT_RISK = "others at risk"


class ActionStatus(StrEnum):
    """The status of an action. "Not possible" (changed circumstances) and "not done" are different."""

    NOT_STARTED = "not started"
    IN_PROGRESS = "in progress"
    DONE = "done"
    NOT_POSSIBLE = "no longer possible"
    NOT_DONE = "not done"


OPEN_STATUSES = frozenset({ActionStatus.NOT_STARTED, ActionStatus.IN_PROGRESS})


class DepartureReason(StrEnum):
    """Why a plan departs from the victim's wishes; the plan's own text says more."""

    RISK_TO_LIFE = "risk to life"
    CHILD = "safeguarding a child"
    BAIL_OR_ORDER = "bail or order"
    OTHER = "other"


TYPED = ("what", "owner", "evidence", "differs_from_notice")
"""The texts of an action that a person types, and that a page shows masked to all but their writer."""


ProposalKey = Annotated[str, StringConstraints(pattern=r"^action:[0-9a-f]{8}$")]
"""The key of a proposed action among the items of a response."""


class LibraryRef(Frozen):
    """The item of the library of actions that an action was made from, in that version."""

    item: Code
    version: Annotated[int, Field(ge=1)]


class ActionContent(Frozen):
    """The agreed content of one action, as it is stored and shown. Status and reports are not part of it.

    ``owner`` is the text that is shown; ``owner_user`` the name of a user of the agency, if the owner is one.
    ``need`` is the need that it answers, beside the domain that it ``serves``. ``is_urgent``: it starts at
    once on the agency's own authority, before approval and quorum.
    """

    what: str
    agency: str
    owner: str
    due: date
    serves: Domain | None = None
    side: Side | None = None
    evidence: str | None = Field(default=None, description="what will show that it was done")
    owner_user: str | None = None
    library: LibraryRef | None = None
    proposed_by: str | None = Field(default=None, description="the agency whose proposal it was")
    proposal: str | None = Field(default=None, description="the key of that proposal in its response")
    need: str | None = None
    is_urgent: bool = False
    departs_from_wishes: bool = False
    differs_from_notice: str | None = Field(
        default=None, description="what is different, if it resembles a Police Information Notice"
    )

    @property
    def content(self) -> ActionContent:
        """The content without the reports, to compare two versions."""
        return ActionContent.model_validate(
            {name: getattr(self, name) for name in ActionContent.model_fields}
        )


class PlannedAction(ActionContent):
    """One action as a person gives it: what, which agency, who, by when, and what it answers."""

    what: Sentence
    agency: Code
    owner: Annotated[str, StringConstraints(min_length=2, max_length=120)]
    evidence: Sentence | None = None
    owner_user: Annotated[str, StringConstraints(min_length=1, max_length=120)] | None = None
    proposed_by: Code | None = None
    proposal: ProposalKey | None = None
    need: Code | None = None
    differs_from_notice: Sentence | None = None
    reference: str | None = Field(
        default=None, description="of the action that this changes; None for a new one"
    )


class Delivered(Frozen):
    """Facts that a report gives beside the status. None is "not recorded"."""

    done_on: date | None = None
    sessions: Annotated[int, Field(ge=0, le=10_000)] | None = None
    minutes: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    sessions_offered: Annotated[int, Field(ge=0, le=10_000)] | None = None
    """Sessions offered so far. Those that were offered and not delivered were missed."""

    @model_validator(mode="after")
    def _delivered_were_offered(self) -> Delivered:
        if self.sessions_offered is not None and self.sessions_offered < (self.sessions or 0):
            raise ValueError("sessions_offered: more were delivered; give at least that number")
        return self


class PlanGiven(Frozen):
    """A whole plan as a person gives it. ``base_version`` is the version on the screen, 0 for none.

    With ``asks_approval`` the version waits for the chair's approval; without it the version is a draft.
    """

    actions: Annotated[tuple[PlannedAction, ...], Field(min_length=1)]
    reason: Sentence
    base_version: Annotated[int, Field(ge=0)] = 0
    departs_from_wishes: Sentence | None = None
    departure_reason: DepartureReason | None = None
    asks_approval: bool = False

    @model_validator(mode="after")
    def _a_reason_for_departing_has_its_text(self) -> PlanGiven:
        if self.departure_reason is not None and self.departs_from_wishes is None:
            raise ValueError("departs_from_wishes: say in one sentence how the plan departs from the wishes")
        return self


def is_overdue(status: ActionStatus, due: date, on: date) -> bool:
    """Return whether an action is open past its due date."""
    return status in OPEN_STATUSES and due < on
