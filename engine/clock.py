"""The only place that asks what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class Clock(Protocol):
    """Source of the time for a use case."""

    def now(self) -> datetime:
        """Return the instant, aware and in UTC."""
        ...

    def today(self) -> date:
        """Return the day in London."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Return the instant, aware and in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Return the day in London."""
        return self.now().astimezone(LONDON).date()


class SetClock:
    """A clock that is set by hand: for tests, and for building an invented past."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant that it is set to."""
        return self._at

    def today(self) -> date:
        """Return the day in London that it is set to."""
        return self._at.astimezone(LONDON).date()

    def move_to(self, at: datetime) -> None:
        """Put it elsewhere."""
        self._at = at.astimezone(UTC)

    def forward(self, by: timedelta) -> None:
        """Move it on."""
        self._at += by
