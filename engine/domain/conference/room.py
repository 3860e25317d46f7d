"""The room's screen: what it is set to, and what everyone in the room may see on it. Knows no storage."""

from __future__ import annotations

from enum import StrEnum

from engine.domain.base import Frozen, Instant
from engine.domain.cases.names import CaseNames
from engine.domain.conference.attendance import Quorum
from engine.domain.conference.changes import ChangeKind
from engine.domain.conference.meetings import ConferenceState
from engine.domain.conference.risk import Domain, Level
from engine.domain.responses.answers import AnswerState


class RoomShows(StrEnum):
    """The chair's choice for the room's screen: one domain with reasons, all four without, or nothing."""

    ALL = "all domains"
    VIOLENCE = Domain.VIOLENCE.value
    PERSISTENCE = Domain.PERSISTENCE.value
    RECURRENCE = Domain.RECURRENCE.value
    PSYCHOSOCIAL_HARM = Domain.PSYCHOSOCIAL_HARM.value
    BLANK = "blank"

    @property
    def domain(self) -> Domain | None:
        """The one domain; None for all or none of them."""
        return None if self in (RoomShows.ALL, RoomShows.BLANK) else Domain(self.value)


class RoomSet(Frozen):
    """The newest setting of a room's screen. ``account`` None: no account shows it."""

    account: str | None = None
    shows: RoomShows = RoomShows.ALL
    by: str | None = None
    at: Instant | None = None


class RoomAgency(Frozen):
    """An agency as the room may see it: its state, and its level on each domain, with the reason.

    ``state`` None, and a domain that is not in ``levels``, is not shown in this room, whatever the cause. A
    level None means that the agency did not assess the domain. A reason that is not in ``reasons`` is not
    shown in this room either.
    """

    name: str
    state: AnswerState | None
    levels: dict[Domain, Level | None]
    reasons: dict[Domain, str] = {}


class RoomItem(Frozen):
    """The item on the screen, with what everyone in the room may see of its case."""

    case: str
    names: CaseNames | None
    agencies: tuple[RoomAgency, ...]
    missing: tuple[str, ...]
    decided: dict[Domain, Level]
    """Levels of the newest decision; empty before there is one."""
    quorum: Quorum


class RoomView(Frozen):
    """The room's screen. ``item`` None is a break, or an item that is private for someone in the room.

    It has nothing of the agenda but the place on the screen and minutes, which are the same for everyone.
    """

    conference: str
    state: ConferenceState
    version: int
    screen: int
    place: int | None
    planned: int | None
    minutes_after: int
    shows: RoomShows
    changes: dict[ChangeKind, str]
    item: RoomItem | None
    agencies: tuple[str, ...]
    """The agencies of those in the room, by code."""
    observers: int
