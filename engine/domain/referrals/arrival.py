"""The matches in an agency's own records when a referral arrived. Only for that agency's people."""

from __future__ import annotations

from enum import StrEnum

from engine.domain.agencies.people import PersonHeld
from engine.domain.base import Code, Frozen, Instant


class ArrivalOutcome(StrEnum):
    """The result of the search on arrival."""

    FOUND = "found"
    NOTHING_FOUND = "nothing found"
    FAILED = "failed"
    NOT_LOOKED_UP = "not looked up"


class LookedUp(Frozen):
    """One search on arrival."""

    involvement: str
    agency: Code
    outcome: ArrivalOutcome
    found: tuple[PersonHeld, ...] = ()
    plugin_version: str
    at: Instant
