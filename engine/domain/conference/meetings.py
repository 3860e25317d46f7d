"""A conference as a record: date, place, people, state and what its screen shows. Knows no storage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from engine.domain.base import Code, Frozen, Instant, Text


class ConferenceState(StrEnum):
    """The state of a conference; each follows the one before it."""

    PLANNED = "planned"
    IN_SESSION = "in session"
    CLOSED = "closed"
    AGREED = "minutes agreed"


class ConferenceGiven(Frozen):
    """A conference as it is planned. ``chair`` None is the person who plans it, who must be a chair."""

    held_on: date
    place: Annotated[str, Field(min_length=1, max_length=200)] | None = Field(
        default=None, description="the room, or the link of a call"
    )
    chair: Code | None = None
    deputy: Code | None = Field(
        default=None, description="presides where the chair has a conflict of interest"
    )
    minute_taker: Code | None = None

    @model_validator(mode="after")
    def _deputy_is_another_person(self) -> ConferenceGiven:
        if self.deputy is not None and self.deputy == self.chair:
            raise ValueError("deputy: name another person than the chair")
        return self


class ConfidentialityStatement(Frozen):
    """One version of what the chair reads aloud at the start."""

    version: Annotated[int, Field(ge=1)]
    dated: date
    statement: Text


class Conference(Frozen):
    """A stored conference. ``version`` goes up with each change of what a screen may show."""

    reference: str
    held_on: date
    place: str | None
    chair: str
    deputy: str | None
    minute_taker: str | None
    statement: int
    version: int
    state: ConferenceState
    by: str
    at: Instant
    started_at: Instant | None = None
    closed_at: Instant | None = None

    @property
    def has_ended(self) -> bool:
        """True once it is closed."""
        return self.state in (ConferenceState.CLOSED, ConferenceState.AGREED)

    def is_presided_by(self, user: str) -> bool:
        """Return whether this is its chair or its deputy."""
        return user in (self.chair, self.deputy)


class ItemShown(Frozen):
    """A change of the room's screen; ``item`` None is a break."""

    number: int
    item: int | None
    by: str
    at: Instant


class TimesOnScreen(Frozen):
    """The first moment of an item on the screen, and the last; None while it is still there."""

    first: Instant
    last: Instant | None


def times_by_item(shown: tuple[ItemShown, ...], *, closed_at: Instant | None) -> dict[int, TimesOnScreen]:
    """Return, by item, when it was on the screen. The close of the conference ends the last one."""
    times: dict[int, TimesOnScreen] = {}
    ends = [*(each.at for each in shown[1:]), closed_at]
    for change, end in zip(shown, ends, strict=False):
        if change.item is not None:
            first = times[change.item].first if change.item in times else change.at
            times[change.item] = TimesOnScreen(first=first, last=end)
    return times


def time_on_screen(shown: Sequence[ItemShown], *, until: datetime) -> dict[int, timedelta]:
    """Return, by item, how long it has been on the screen, with each return to it. A break is of no item."""
    used: dict[int, timedelta] = {}
    ends = [*(each.at for each in shown[1:]), until]
    for change, end in zip(shown, ends, strict=False):
        if change.item is not None:
            used[change.item] = used.get(change.item, timedelta()) + (end - change.at)
    return used
