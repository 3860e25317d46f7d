"""Police decisions about a breach or a threat: recorded by hand, and missed aloud until it is."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from engine.domain.base import Frozen, Instant, Sentence
from engine.domain.cases.incidents import IncidentKind

NEEDS_DECISION = frozenset({IncidentKind.BREACH, IncidentKind.THREAT})
"""The kinds of incident that stay on top of the case until a decision of police is recorded."""


class PoliceAction(StrEnum):
    """The act that police decided on."""

    ARREST = "arrest"
    VOLUNTARY_INTERVIEW = "voluntary interview"
    CHARGE = "charge"
    INVESTIGATE = "investigate further"
    NO_ACTION = "no further action"


class PoliceDecisionGiven(Frozen):
    """A decision of police on one incident: what, by whom and when."""

    incident: str
    action: PoliceAction
    decided_by: Annotated[str, StringConstraints(min_length=2, max_length=120)]
    decided_on: date
    why: Sentence | None = None


class StoredPoliceDecision(PoliceDecisionGiven):
    """The same as recorded; the newest of an incident applies, and earlier ones stay."""

    by: str
    at: Instant
