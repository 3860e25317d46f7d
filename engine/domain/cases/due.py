"""A cause why something waits on a case, its people and its times. Knows no storage, sentence or clock."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting, Role

OF_DESK = "co-ordinators and chair"
"""Everyone of either role who can view the case."""
CHASE = "chase"
"""The kind of a response that is to be chased: figures of agencies count its rows."""
PEOPLE_OF_CASE = "people of the case"
"""Everyone who is named on the case, of whatever role."""

OF_FIGURES = "figures of plans"
"""In place of a person: a row that is counted for everyone who may see its plan."""


def of_role(role: Role) -> str:
    """Return the code for everyone of a role who can view the case."""
    return f"role {role.value}"


def of_agency(code: str) -> str:
    """Return the code for the practitioners of an agency who are named on the case."""
    return f"agency {code}"


def of_user(name: str) -> str:
    """Return the code for one person, if the case is open to them."""
    return f"user {name}"


class Sign(StrEnum):
    """Something that an agency did, which shows others whether it responds."""

    RELEASED = "released"
    ANSWERED = "answered"
    FAILED = "failed"


def sign_of(code: str, sign: Sign) -> str:
    """Return the code for a row that no person has: a sign and its agency."""
    return f"{sign.value} of {code}"


def addressed(acting: Acting) -> tuple[str, ...]:
    """Return every code that a cause for this person may have.

    A coordinator or chair who is also named on a case has its cause once, by their role.
    """
    found = [of_role(acting.role), of_user(acting.user)]
    if acting.role in COORDINATOR_AND_CHAIR:
        found.append(OF_DESK)
    if acting.agency:
        found.append(of_agency(acting.agency))
    return (*found, PEOPLE_OF_CASE)


class Waits(NamedTuple):
    """One cause why something waits; a line of a worklist may group the causes of its case.

    ``about`` is a reference, or several with what they are, without text. ``starts`` and ``ends`` are for
    what only the clock begins or ends. ``release_class`` is that of the fact that made it, and cuts it as
    the fact is cut. ``version`` is that of the fact, so that a changed one is a changed row.
    """

    case: str
    about: str
    whom: str
    since: datetime
    due: datetime | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    release_class: int | None = None
    version: str = ""
