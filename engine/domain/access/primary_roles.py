"""Which role is primary, and who works a mirrored case. No storage.

A role is a claim. What only a victim has a right to comes from a role that the panel has assessed as primary.
"""

from __future__ import annotations

from enum import StrEnum

from engine.domain.access.need_to_know import Why
from engine.domain.base import Frozen, Instant


class VictimStanding(StrEnum):
    """How firmly it stands who is the victim in this case."""

    CLAIMED = "claimed, and nobody contradicts it"
    CONTESTED = "contested: a mirrored case says the opposite"
    ASSESSED = "assessed by the panel as primary"
    NOT_PRIMARY = "assessed by the panel as not primary"


class RoleAssessed(Frozen):
    """The panel's word that the roles claimed in this case are, or are not, the primary ones."""

    involvement: str
    is_primary: bool
    why: Why
    by: str
    at: Instant


class Investigator(Frozen):
    """Somebody whom the chair lets work both sides of a mirrored case."""

    involvement: str
    user: str
    why: Why
    by: str
    at: Instant


class RolesOnCase(Frozen):
    """How the roles of a case stand, and with which cases it is mirrored, for those who may know of it."""

    reference: str
    standing: VictimStanding
    assessments: tuple[RoleAssessed, ...] = ()
    mirrored: tuple[str, ...] = ()
    investigators: tuple[Investigator, ...] = ()
    may_assess: bool = False
