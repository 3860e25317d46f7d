"""Requests that a second person approves before they are used. Knows no storage."""

from __future__ import annotations

from engine.domain.access.need_to_know import Why
from engine.domain.accounts.acting import Role
from engine.domain.base import Frozen, Instant


class AccessApproval(Frozen):
    """One person's decision on a request: agreed, or not (any more). The newest of each person applies."""

    user: str
    agency: str | None
    agrees: bool
    at: Instant
    role: Role | None = None
    """The person's role at that moment; None: the kind of request does not record it."""


class ApprovalAsked(Frozen):
    """A request with a reason and an end; decisions on it oldest first."""

    reference: str
    user: str
    agency: str | None
    why: Why
    at: Instant
    lapses_at: Instant
    words: tuple[AccessApproval, ...] = ()
    is_used: bool = False

    @property
    def standing(self) -> dict[str, AccessApproval]:
        """The newest decision of each person."""
        return {approval.user: approval for approval in self.words}

    @property
    def is_withdrawn(self) -> bool:
        """True if the requester withdrew it."""
        own = self.standing.get(self.user)
        return own is not None and not own.agrees
