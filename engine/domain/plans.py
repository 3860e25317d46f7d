"""Intervention plans: actions with owners and dates, in versions."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from engine.domain.base import Code, Frozen, Sentence
from engine.domain.conference.risk import Domain


class ActionStatus(StrEnum):
    """The status of an action. "Not possible" (changed circumstances) and "not done" are different."""

    NOT_STARTED = "not started"
    IN_PROGRESS = "in progress"
    DONE = "done"
    NOT_POSSIBLE = "no longer possible"
    NOT_DONE = "not done"


OPEN_STATUSES = frozenset({ActionStatus.NOT_STARTED, ActionStatus.IN_PROGRESS})


class PlannedAction(Frozen):
    """One action: what, which agency, who, by when, and which question of the formulation it serves."""

    what: Sentence
    agency: Code
    owner: Annotated[str, StringConstraints(min_length=2, max_length=120)]
    due: date
    serves: Domain | None = None
    reference: str | None = Field(
        default=None, description="of the action that this changes; None for a new one"
    )


class PlanGiven(Frozen):
    """A whole plan as a person gives it. ``base_version`` is the version on the screen, 0 for none."""

    actions: Annotated[tuple[PlannedAction, ...], Field(min_length=1)]
    reason: Sentence
    base_version: Annotated[int, Field(ge=0)] = 0
    departs_from_wishes: Sentence | None = None


def is_overdue(status: ActionStatus, due: date, on: date) -> bool:
    """Return whether an action is open past its due date."""
    return status in OPEN_STATUSES and due < on
