"""The person who acts, their agency, role and task: in the context of every use case."""

from __future__ import annotations

from enum import StrEnum

from engine.domain.base import Code, Frozen


class Role(StrEnum):
    """A person's role in the STAC; its permissions are policy, not part of the role."""

    COORDINATOR = "co-ordinator"
    CHAIR = "chair"
    PRACTITIONER = "practitioner"
    ANALYST = "analyst"
    MANAGER = "manager"
    AUDITOR = "auditor"
    DATA_PROTECTION = "data-protection officer"
    ADMINISTRATOR = "administrator"
    ROOM_SCREEN = "room screen"
    """A screen on the wall of the room, and no person: it shows what all in the room may see."""
    SYSTEM = "system"

    @property
    def label(self) -> str:
        """The role as a person reads it; the value is what is stored."""
        return _ROLE_LABELS.get(self, self.value)


_ROLE_LABELS = {Role.COORDINATOR: "coordinator", Role.DATA_PROTECTION: "data protection officer"}

COORDINATOR_AND_CHAIR = frozenset({Role.COORDINATOR, Role.CHAIR})
"""The roles that lead the STAC and belong to no agency."""
CASE_WORKERS = COORDINATOR_AND_CHAIR | {Role.PRACTITIONER}
"""The roles that work on cases: those two on all, a practitioner on those that name them."""


class Acting(Frozen):
    """A person at a task, or a flow acting as itself for the purpose of the person who started it.

    ``agency`` is the agency that a practitioner speaks for; coordinators and chair have none. ``account`` is
    the operating-system account of a command; a browser has none.
    """

    user: str
    role: Role
    agency: Code | None = None
    purpose: str = "case work"
    on_behalf_of: str | None = None
    account: str | None = None

    def speaks_for(self, agency: str) -> bool:
        """Return whether this is a practitioner of that agency."""
        return self.role is Role.PRACTITIONER and self.agency == agency


class User(Frozen):
    """A person who works with the record."""

    name: Code
    display_name: str
    role: Role
    agency: Code | None = None
    active: bool = True

    def acting(self, purpose: str = "case work", *, account: str | None = None) -> Acting:
        """Return this person at a task."""
        return Acting(user=self.name, role=self.role, agency=self.agency, purpose=purpose, account=account)


def flow_acting(purpose: str, on_behalf_of: str) -> Acting:
    """Return a flow acting as itself, for the purpose of the person who started it."""
    return Acting(user="flow", role=Role.SYSTEM, purpose=purpose, on_behalf_of=on_behalf_of)
