"""Recent changes on the cases of one person's plans, a line each. Pure, without text."""

from __future__ import annotations

from enum import StrEnum

from engine.domain.base import Frozen, Instant
from engine.domain.cases.incidents import IncidentKind
from engine.domain.dates import PartialDate
from engine.domain.plans.actions import ActionStatus


class RecentKind(StrEnum):
    """The kind of a change."""

    INCIDENT = "incident recorded"
    REPORT = "action reported"
    VERSION = "plan saved"
    APPROVAL = "plan approved"


class RecentChange(Frozen):
    """One line. ``reference`` is the record's own: an incident, an action, or the plan.

    What does not belong to the kind is None: kind and date of an incident, agency and status of an action,
    version of a plan.
    """

    kind: RecentKind
    case: str
    reference: str
    at: Instant
    by: str | None = None
    incident: IncidentKind | None = None
    also: tuple[IncidentKind, ...] = ()
    happened: PartialDate | None = None
    agency: str | None = None
    status: ActionStatus | None = None
    version: int | None = None
