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


class ServedClock:
    """The time of a database's server: this machine's, less by how much that was last ``ahead`` of it."""

    def __init__(self, machine: Clock) -> None:
        self._machine = machine
        self.ahead = timedelta()

    def of_machine(self) -> datetime:
        """Return the instant by this machine's own clock."""
        return self._machine.now()

    def now(self) -> datetime:
        """Return the instant, aware and in UTC."""
        return self._machine.now() - self.ahead

    def today(self) -> date:
        """Return the date in London."""
        return self.now().astimezone(LONDON).date()


class OnDatabase(Protocol):
    """Settings that name a database."""

    @property
    def database_url(self) -> str:
        """The address."""
        ...


def clock_of_record(clock: Clock, record: OnDatabase) -> Clock:
    """Return the server's time for a record on a server; the same clock for a file, and one set by hand."""
    is_on_server = not record.database_url.startswith("sqlite")
    return ServedClock(clock) if is_on_server and isinstance(clock, SystemClock) else clock


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
