"""Due dates of responses, and alarms that bring them forward. Knows no storage, no setting and no clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from engine.clock import LONDON
from engine.domain.base import Frozen, Instant
from engine.domain.working_days import EndOfWorkingDay


class AlarmForAll(NamedTuple):
    """An alarm that everyone on a case may know of: when the panel had it, and from when all others may."""

    told_at: datetime
    open_at: datetime


class BroughtForward(Frozen):
    """A due date that an alarm brought forward, the date that the request was given, and the alarm's time.

    It has no topic and no name.
    """

    due_at: Instant
    given_at: Instant
    alarm_at: Instant

    @property
    def in_words(self) -> str:
        """The date before, and the date of the alarm: to be read after the due date."""
        given, alarm = _day(self.given_at, beside=self.due_at), _day(self.alarm_at, beside=self.due_at)
        return f"brought forward from {given} because of the alarm of {alarm}"

    @property
    def sentence(self) -> str:
        """The due date with the same, as a sentence."""
        return f"Due {self.due_at.astimezone(LONDON):%-d %B %Y}, {self.in_words}."


def brought_forward(
    due_at: datetime,
    *,
    asked_at: datetime,
    answered_at: datetime | None,
    alarms: Iterable[AlarmForAll],
    working_days: int,
) -> BroughtForward | None:
    """Return a due date as alarms bring it forward; None where it is as it was given.

    An alarm that the panel had when the agency was asked does not: the date was chosen with it. Nor does one
    that others could know of only when a good response was released (``answered_at``). The date is counted
    from when everyone could know, and is not later than the one that was given.
    """
    counted = [
        each
        for each in alarms
        if each.told_at > asked_at and (answered_at is None or each.open_at < answered_at)
    ]
    if not counted:
        return None
    first = min(counted, key=lambda each: (each.open_at, each.told_at))
    sooner = EndOfWorkingDay().due(first.open_at, working_days)
    if sooner >= due_at:
        return None
    return BroughtForward(due_at=sooner, given_at=due_at, alarm_at=first.told_at)


def _day(at: datetime, *, beside: datetime) -> str:
    """Return a date; with its year where that of the date beside it is another."""
    day = at.astimezone(LONDON)
    is_same_year = day.year == beside.astimezone(LONDON).year
    return f"{day:%-d %B}" if is_same_year else f"{day:%-d %B %Y}"
