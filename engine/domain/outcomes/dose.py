"""Intervention dose: what plans offered and delivered, over all cases. No arithmetic.

None is "not recorded", not nought: a sum is over those cases only that recorded it, and has their number
beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.domain.plans.actions import ActionStatus, Side


@dataclass(frozen=True, slots=True)
class ActionDose:
    """One action of a plan in delivery, as it was last reported."""

    agency: str
    side: Side | None
    status: ActionStatus
    sessions_offered: int | None
    sessions_delivered: int | None
    minutes: int | None
    happened_on: date | None
    """The date that the report gives, or else its own; None without a report."""


@dataclass(frozen=True, slots=True)
class CaseDose:
    """One case: the panel's first decision, the actions in delivery, and when delivery ended."""

    reference: str
    decided_on: date
    actions: tuple[ActionDose, ...]
    ended_on: date | None
    """The end of delivery. None: it goes on, or the end is not recorded."""


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over the cases that recorded it."""

    total: int
    cases: int
    not_recorded: int
    """Cases with such an action that recorded nothing: not in the sum, and not 0."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Days: the quartiles over the cases where they are known; None without any."""

    cases: int
    not_known: int
    quarter: int | None
    half: int | None
    three_quarters: int | None


@dataclass(frozen=True, slots=True)
class Dose:
    """The dose over all decided cases."""

    cases: int
    without_plan: int
    """Decided cases without a plan in delivery. They are in no other figure."""
    with_intervention: int
    """Cases with an action of intervention with the alleged perpetrator."""
    sessions_offered: Total
    sessions_delivered: Total
    sessions_missed: Total
    """Offered and not delivered, in cases that recorded both for each action."""
    actions: Mapping[Side | None, Mapping[ActionStatus, int]]
    minutes: Mapping[str, Total]
    """By agency."""
    first_contact: Spread
    """Days from the decision to the first session, or action that was done, of an intervention."""
    end_of_service: Spread
    """Days from the decision to the end of delivery."""
