"""Need to know: restrictions, connections, emergency access, and the access log. No storage."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from engine.domain.accounts.acting import Role
from engine.domain.base import Frozen, Instant

Why = Annotated[str, StringConstraints(min_length=1, max_length=600)]
"""A written reason; shown on the case, and in no log and no error."""
ARRIVED_RESTRICTED = "The referral says that a party works for one of our agencies."
ANSWERED_RESTRICTED = "A person recorded that a party works for one of our agencies."


class RestrictedBecause(StrEnum):
    """The source of a restriction, or its lifting."""

    PARTY_WORKS_FOR_US = "a party works for one of our agencies"
    CHAIR = "the chair says so"
    ADVOCATE = "the victim's advocate says so"
    LIFTED = "lifted by the chair"


class Restriction(Frozen):
    """A decision on whether a case exists only for its named people; the newest one applies."""

    involvement: str
    because: RestrictedBecause
    why: Why
    by: str
    at: Instant

    @property
    def is_restricted(self) -> bool:
        """True if this decision restricts."""
        return self.because is not RestrictedBecause.LIFTED


class SaidBy(StrEnum):
    """The source of a declaration that a person is, or is not, connected to a party."""

    SELF = "the person"
    ADVOCATE = "the advocate"
    VICTIM = "the victim, through the advocate"
    CHAIR = "the chair"


class ConflictDeclaration(Frozen):
    """A declaration on whether one person is connected to a party of a case; the newest one applies."""

    involvement: str
    user: str
    is_connected: bool
    said_by: SaidBy
    by: str
    why: Why | None = None
    at: Instant


class ConnectionQuestion(Frozen):
    """The question for a named person before a case first opens for them."""

    reference: str
    parties: tuple[str, ...]


class EmergencyAccessReviewed(Frozen):
    """Another person's review of an emergency access."""

    was_right: bool
    why: Why
    by: str
    at: Instant


class EmergencyAccess(Frozen):
    """Emergency access to a case that was not open to the person, for a limited time."""

    reference: str
    involvement: str
    user: str
    agency: str | None
    why: Why
    at: Instant
    until: Instant
    reviewed: EmergencyAccessReviewed | None = None


class AccessLogEntry(Frozen):
    """One use case that touched a case: who, their role, when, the task, and what."""

    at: Instant
    user: str
    role: Role
    agency: str | None
    purpose: str
    on_behalf_of: str | None
    what: str
    is_named: bool


class LooksPage(Frozen):
    """Some entries of a case's access log, newest first, and how many it has."""

    reference: str
    looks: tuple[AccessLogEntry, ...]
    total: int
    first: int


class ReasonGiven(Frozen):
    """A person's reason for opening a restricted case, for one task of one day."""

    involvement: str
    user: str
    purpose: str
    why: Why
    at: Instant


class WhoMayKnow(Frozen):
    """Need to know on one case, for those who may record something about it."""

    reference: str
    is_restricted: bool
    restrictions: tuple[Restriction, ...]
    connections: tuple[ConflictDeclaration, ...]
    urgent_looks: tuple[EmergencyAccess, ...]
    people: tuple[str, ...]
    may_restrict: bool
    may_lift: bool
    may_see_looks: bool
