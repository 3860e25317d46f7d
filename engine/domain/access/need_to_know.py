"""Who may know of a case at all: restrictions, connections, urgent looks, and who has looked. No storage."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from engine.domain.accounts.acting import Role
from engine.domain.base import Frozen, Instant

Why = Annotated[str, StringConstraints(min_length=1, max_length=600)]
"""A written reason; shown on the case, and in no log and no error."""
ARRIVED_RESTRICTED = "The referral says that a party works for one of our agencies."


class RestrictedBecause(StrEnum):
    """On whose word a case was restricted, or that it is restricted no more."""

    PARTY_WORKS_FOR_US = "a party works for one of our agencies"
    CHAIR = "the chair says so"
    ADVOCATE = "the victim's advocate says so"
    LIFTED = "lifted by the chair"


class Restriction(Frozen):
    """A word on whether a case exists for its named people alone; the newest one holds."""

    involvement: str
    because: RestrictedBecause
    why: Why
    by: str
    at: Instant

    @property
    def is_restricted(self) -> bool:
        """Whether this word restricts."""
        return self.because is not RestrictedBecause.LIFTED


class SaidBy(StrEnum):
    """Who says that somebody is, or is not, connected to a party."""

    SELF = "the person"
    ADVOCATE = "the advocate"
    VICTIM = "the victim, through the advocate"
    CHAIR = "the chair"


class ConflictDeclaration(Frozen):
    """A word on whether one person is connected to a party of a case; the newest one holds."""

    involvement: str
    user: str
    is_connected: bool
    said_by: SaidBy
    by: str
    why: Why | None = None
    at: Instant


class ConnectionQuestion(Frozen):
    """What a named person is asked before a case first opens for them."""

    reference: str
    parties: tuple[str, ...]


class EmergencyAccessReviewed(Frozen):
    """What somebody else made of an urgent look."""

    was_right: bool
    why: Why
    by: str
    at: Instant


class EmergencyAccess(Frozen):
    """An urgent look at a case that was not open to the person, for a limited time."""

    reference: str
    involvement: str
    user: str
    agency: str | None
    why: Why
    at: Instant
    until: Instant
    reviewed: EmergencyAccessReviewed | None = None


class AccessLogEntry(Frozen):
    """One use case that touched a case: who, in which role, when, for which task, and what."""

    at: Instant
    user: str
    role: Role
    agency: str | None
    purpose: str
    on_behalf_of: str | None
    what: str
    is_named: bool


class LooksPage(Frozen):
    """Some of the looks at a case, newest first, and how many there are."""

    reference: str
    looks: tuple[AccessLogEntry, ...]
    total: int
    first: int


class ReasonGiven(Frozen):
    """Why somebody opened a restricted case, for one task of one day."""

    involvement: str
    user: str
    purpose: str
    why: Why
    at: Instant


class WhoMayKnow(Frozen):
    """How a case stands to need to know, for those who may say something about it."""

    reference: str
    is_restricted: bool
    restrictions: tuple[Restriction, ...]
    connections: tuple[ConflictDeclaration, ...]
    urgent_looks: tuple[EmergencyAccess, ...]
    people: tuple[str, ...]
    may_restrict: bool
    may_lift: bool
    may_see_looks: bool
