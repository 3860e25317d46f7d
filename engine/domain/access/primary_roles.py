"""The primary role, and the people who work a counter-allegation. No storage.

A role is a claim. A victim's rights come only from a role that the panel has assessed as primary.
"""

from __future__ import annotations

from enum import StrEnum

from engine.domain.access.need_to_know import Why
from engine.domain.base import Frozen, Instant


class VictimStanding(StrEnum):
    """The certainty of the victim's role in this case."""

    CLAIMED = "claimed, and not contradicted"
    CONTESTED = "contested: a counter-allegation says the opposite"
    ASSESSED = "assessed by the panel as primary"
    NOT_PRIMARY = "assessed by the panel as not primary"

    @property
    def gives_rights(self) -> bool:
        """True if a victim's rights apply: from the panel's judgement, not from a claim."""
        return self is VictimStanding.ASSESSED


NO_RIGHT = frozenset({VictimStanding.CONTESTED, VictimStanding.NOT_PRIMARY})
"""With these standings, no one is informed of an order as its victim."""


class RoleAssessed(Frozen):
    """The panel's judgement that the roles claimed in this case are, or are not, the primary ones."""

    involvement: str
    is_primary: bool
    why: Why
    by: str
    at: Instant


class Investigator(Frozen):
    """A person whom the chair lets work both sides of a counter-allegation."""

    involvement: str
    user: str
    why: Why
    by: str
    at: Instant


class RolesOnCase(Frozen):
    """The roles of a case and its counter-allegations, for those who may know of them."""

    reference: str
    standing: VictimStanding
    assessments: tuple[RoleAssessed, ...] = ()
    mirrored: tuple[str, ...] = ()
    investigators: tuple[Investigator, ...] = ()
    may_assess: bool = False
