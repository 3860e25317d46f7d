"""The timer of an item: the server holds the absolute end, and every screen works out what is left of it.

Without a running clock of its own a screen that was reloaded, or came later, shows the same. An overrun is
shown as minutes like any other: the timer ends nothing, and is counted for no chair and no case.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import model_validator

from engine.domain.base import Frozen, Instant
from engine.domain.conference.changes import ChangeKind
from engine.domain.conference.meetings import ConferenceState


class TimerAct(StrEnum):
    """An act of the chair on a timer."""

    START = "start"
    STOP = "stop"
    RESET = "reset"


class ItemTimer(Frozen):
    """A timer: running towards an end, or stopped with so many seconds left, which may be less than none."""

    ends_at: Instant | None = None
    seconds_left: float | None = None

    @model_validator(mode="after")
    def _runs_or_is_stopped(self) -> ItemTimer:
        if (self.ends_at is None) == (self.seconds_left is None):
            raise ValueError("a timer runs towards an end, or has seconds left")
        return self

    @property
    def is_running(self) -> bool:
        """True while it runs."""
        return self.ends_at is not None

    def left(self, at: datetime) -> timedelta:
        """Return the time that is left; negative once the planned time is over."""
        if self.ends_at is not None:
            return self.ends_at - at
        return timedelta(seconds=self.seconds_left or 0)

    def after(self, act: TimerAct, *, at: datetime, planned: timedelta) -> ItemTimer:
        """Return the timer after an act. Starting one that runs changes nothing; neither does stopping twice.

        A reset gives it the planned time again; it runs or is stopped as before.
        """
        match act:
            case TimerAct.START:
                return running(at + self.left(at))
            case TimerAct.STOP:
                return stopped(self.left(at))
            case TimerAct.RESET:
                return running(at + planned) if self.is_running else stopped(planned)


class Pulse(Frozen):
    """The answer to a screen that asks every second: the version, the timer, and no content of a case.

    ``changes`` has by kind a mark of what its person may know of the case on the screen. ``now`` is the
    server's time, so that a screen whose clock is wrong still shows the right minutes.
    """

    version: int
    state: ConferenceState
    screen: int
    on_screen: int | None
    timer: ItemTimer | None
    now: Instant
    changes: dict[ChangeKind, str] = {}

    def left_on(self, own_clock_now: datetime, own_clock_at_poll: datetime) -> timedelta | None:
        """Return what is left by a screen's own clock, however wrong it is; None without a timer."""
        if self.timer is None:
            return None
        return self.timer.left(self.now + (own_clock_now - own_clock_at_poll))


def running(ends_at: datetime) -> ItemTimer:
    """Return a timer that runs towards this end."""
    return ItemTimer(ends_at=ends_at)


def stopped(left: timedelta) -> ItemTimer:
    """Return a stopped timer with so much time left."""
    return ItemTimer(seconds_left=left.total_seconds())
