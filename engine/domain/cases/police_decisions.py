"""Police decisions about incidents: recorded by hand, and missed aloud until it is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from engine.domain.asked import Asked
from engine.domain.base import Frozen, Instant, Sentence
from engine.domain.cases.incidents import IncidentKind
from engine.domain.orders.notices import NoticeEvent

CRIMES = frozenset(
    {
        IncidentKind.ENTRY,
        IncidentKind.ASSAULT,
        IncidentKind.SEXUAL_ASSAULT,
        IncidentKind.INTERFERING,
        IncidentKind.THREAT,
        IncidentKind.BREACH,
    }
)
"""Kinds that are a crime in themselves, by any report."""
_STALKING = frozenset(
    {
        IncidentKind.FOLLOWING,
        IncidentKind.CONTACTING,
        IncidentKind.PUBLISHING,
        IncidentKind.MONITORING,
        IncidentKind.LOITERING,
        IncidentKind.WATCHING,
        IncidentKind.GIFT,
    }
)
"""Acts that are a crime as part of a course of conduct: police decide on those that they have recorded."""

NONE_RECORDED = "No police decision is recorded on an incident of this case."
"""As the panel may mark it as missing information that matters; it names no incident and no number."""


def needs_decision(
    kinds: Collection[IncidentKind],
    *,
    reported_by: Collection[str],
    is_recorded_crime: bool,
    investigators: Collection[str],
    is_confirmed: bool,
) -> bool:
    """Return whether a decision of police is awaited on an incident until one is recorded.

    ``investigators`` are the codes of the agencies that investigate. ``is_recorded_crime``: a report has a
    crime reference. ``is_confirmed``: a person confirmed it as a breach of an order. A suicidal statement
    awaits none.
    """
    found = {*kinds}
    if is_confirmed or found & CRIMES:
        return True
    if is_recorded_crime:
        return found != {IncidentKind.SUICIDAL_STATEMENT}
    return bool(found & _STALKING) and any(owner in investigators for owner in reported_by)


class PoliceAction(StrEnum):
    """The act that police decided on."""

    ARREST = "arrest"
    VOLUNTARY_INTERVIEW = "voluntary interview"
    BAIL = "bail"
    CHARGE = "charge"
    RELEASED = "released from custody"
    INVESTIGATE = "investigate further"
    NO_ACTION = "no further action"


INFORMS_VICTIM = {
    PoliceAction.ARREST: NoticeEvent.ARREST,
    PoliceAction.BAIL: NoticeEvent.BAIL_CHANGE,
    PoliceAction.CHARGE: NoticeEvent.CHARGE,
    PoliceAction.RELEASED: NoticeEvent.RELEASE,
    PoliceAction.NO_ACTION: NoticeEvent.NO_ACTION,
}
"""Decisions that the victim is informed about, with the right to review: the event of that notice."""


class PoliceDecisionGiven(Frozen):
    """A decision of police on one incident: what, by whom and when."""

    incident: Annotated[str, Asked("Incident", offered=True)]
    action: Annotated[PoliceAction, Asked("Decision", missing="choose the decision")]
    decided_by: Annotated[
        str,
        StringConstraints(min_length=2, max_length=120),
        Asked("Decided by (rank and name)", missing="give who decided", code="by", rows=1, longest=120),
    ]
    decided_on: Annotated[date, Asked("Date of the decision", code="on")]
    why: Annotated[Sentence | None, Asked("Reason (if any)", rows=2, longest=500)] = None


class StoredPoliceDecision(PoliceDecisionGiven):
    """The same as recorded; the newest of an incident applies, and earlier ones stay."""

    by: str
    at: Instant
