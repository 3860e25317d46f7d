"""What an agency's own records held when a referral came. For that agency's people and for nobody else."""

from __future__ import annotations

from enum import StrEnum

from engine.domain.agencies.people import PersonHeld
from engine.domain.base import Code, Frozen, Instant


class ArrivalOutcome(StrEnum):
    """How the look-up on arrival ended."""

    FOUND = "found"
    NOTHING_FOUND = "nothing found"
    FAILED = "failed"
    NOT_LOOKED_UP = "not looked up"


class LookedUp(Frozen):
    """One look-up on arrival."""

    involvement: str
    agency: Code
    outcome: ArrivalOutcome
    found: tuple[PersonHeld, ...] = ()
    plugin_version: str
    at: Instant
