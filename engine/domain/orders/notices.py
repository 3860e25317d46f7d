"""Notices to the victim about an order or custody: their due time, their contact, and the attempts.

A notice goes through the safe contact only. What was tried stays, and a victim who was not reached safely
stays on top of the case until someone reaches them.
"""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from engine.clock import LONDON
from engine.domain.asked import Asked
from engine.domain.base import Frozen, Instant


class NoticeEvent(StrEnum):
    """An event that the victim is informed of."""

    ARREST = "arrest"
    RELEASE = "release from custody"
    BAIL_CHANGE = "change of bail"
    CHARGE = "charge"
    NO_ACTION = "no further action"
    MADE = "order made"
    SERVED = "order served"
    VARIED = "order varied"
    ENDING = "order about to end"
    ENDED = "order ended"


BEFORE_IT = frozenset({NoticeEvent.RELEASE, NoticeEvent.BAIL_CHANGE, NoticeEvent.ENDING})
"""Events that the victim is informed of before they take effect."""
HISTORY_DAYS = 14
"""An event of an order that is over is history so many days after it. A local rule."""
OUTER_LIMIT = (
    "The outer limit of the Victims' Code is off: its text was not verified. The target here is a local rule."
)


def is_history(event_on: date, protects_until: date | None, *, on: date) -> bool:
    """Return whether no notice of an event is due, though none was recorded in time: the order is over.

    ``protects_until`` is the last date of the order, None if it has no end on record. While it applies, a
    victim who was not informed does not know what protects them, however long ago it was made.
    """
    is_over = protects_until is not None and protects_until < on
    return is_over and (on - event_on).days > HISTORY_DAYS


class Through(StrEnum):
    """The person who may reach the victim: no other way is recorded."""

    OFFICER = "the safe-contact officer"
    ADVOCATE = "the victim's advocate, through the safe contact"


_TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
_ASKED_TIME = Asked(
    "Time, such as 14:05",
    missing="give the time, such as 14:05",
    wrong="give a time, such as 14:05",
    rows=1,
    longest=5,
)


class NoticeGiven(Frozen):
    """An event that the victim is informed of."""

    event: Annotated[NoticeEvent, Asked("Event", missing="choose the event")]
    on: Annotated[date, Asked("Date it happens or happened", part="date")]
    at_time: Annotated[_TimeOfDay | None, _ASKED_TIME] = None
    order: str | None = None


class AttemptGiven(Frozen):
    """An attempt to inform the victim. The reason does not hold how to reach the victim."""

    through: Annotated[Through, Asked("Through", missing="choose who")]
    reached: Annotated[bool, Asked("Was the victim reached safely?", missing="choose yes or no")]
    on: Annotated[date, Asked("Date of the attempt", part="date")]
    at_time: Annotated[_TimeOfDay, _ASKED_TIME]
    why_not: Annotated[
        Annotated[str, StringConstraints(min_length=3, max_length=300)] | None,
        Asked(
            "Why not (do not write how or where to reach the victim)",
            longest=300,
            only_if=("reached", ("No",)),
        ),
    ] = None
    next_by: Annotated[
        Annotated[str, StringConstraints(min_length=2, max_length=120)] | None,
        Asked("Next attempt: person and time", longest=120, only_if=("reached", ("No",))),
    ] = None

    @model_validator(mode="after")
    def _says_why_not(self) -> Self:
        if self.reached == (self.why_not is not None):
            raise ValueError("'why_not': give the reason if the victim was not reached safely, and only then")
        return self


class StoredAttempt(Frozen):
    """An attempt as stored; ``given`` None is one whose content was erased."""

    given: AttemptGiven | None
    reached: bool
    by: str
    at: Instant


class StoredNotice(Frozen):
    """A notice with its attempts, oldest first."""

    number: int
    case: str
    given: NoticeGiven
    attempts: tuple[StoredAttempt, ...]
    by: str
    at: Instant

    @property
    def due_at(self) -> datetime:
        """The target: before it takes effect, or else the end of its day. A local rule."""
        if self.given.event in BEFORE_IT:
            begins = time.fromisoformat(self.given.at_time) if self.given.at_time else time.min
            return datetime.combine(self.given.on, begins, LONDON)
        return datetime.combine(self.given.on, time(23, 59), LONDON)

    @property
    def is_done(self) -> bool:
        """True once the victim was reached."""
        return self.informed_on is not None

    @property
    def informed_on(self) -> date | None:
        """The date when the victim was informed; if only the envelope of it is left, when it was recorded."""
        reached = next((each for each in self.attempts if each.reached), None)
        if reached is None:
            return None
        return reached.given.on if reached.given else reached.at.astimezone(LONDON).date()


class NoticeView(Frozen):
    """A notice as one person reads it."""

    number: int
    event: NoticeEvent
    on: date
    order: str | None
    due_at: Instant
    is_done: bool
    is_overdue: bool
    is_before: bool
    attempts: tuple[str, ...]
    failed: int
    next_by: str | None
    may_record: bool

    @property
    def stays_on_top(self) -> bool:
        """True while the victim was tried and not reached, or the target has passed."""
        return not self.is_done and (self.failed > 0 or self.is_overdue)

    @property
    def without_names(self) -> NoticeView:
        """The same for a shared screen: the next attempt can name a person."""
        return self.model_copy(update={"next_by": None, "attempts": ()})

    @property
    def sentence(self) -> str:
        """The notice in one sentence."""
        about = f"about {self.event.value} on {self.on.day} {self.on:%b %Y}"
        if self.is_done:
            return f"Victim informed {about}."
        tried = f"{self.failed} attempt{'' if self.failed == 1 else 's'} through the safe contact"
        then = f" Next: {self.next_by}." if self.next_by else ""
        return f"Victim not reached safely {about}. {tried if self.failed else 'No attempt recorded'}.{then}"
