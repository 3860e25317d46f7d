"""This machine's clock against that of the database's server, which all machines of a record have in common.

A machine whose clock differs too much refuses itself. Otherwise one that is ahead would record an entry after
which every right machine is refused.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from engine.clock import ServedClock
from engine.domain.errors import MachineClockError
from engine.store.record_state import CLOCKS_MAY_DIFFER

MACHINE_MAY_DIFFER = CLOCKS_MAY_DIFFER * 7 / 15
"""Less than half of what an entry may be older than the newest: no entry of one machine refuses another."""
_AGAIN_SECONDS, _JUMP_SECONDS = 60.0, 1.0
_NOW = text("SELECT clock_timestamp()")


class ServerTime:
    """Compares a clock with the server's, each minute and where this machine's was set since."""

    def __init__(self, clock: ServedClock) -> None:
        self._clock = clock
        self._compared: tuple[float, datetime] | None = None
        """When it was last right: by a clock that is not set, and by the machine's."""

    def require_right(self, connection: Connection) -> None:
        """Raise MachineClockError where this clock differs too much; else its instants are the server's."""
        if self._compared is not None and not self._is_due(*self._compared):
            return
        self._compared = None
        ahead = self._ahead_of(connection)
        if abs(ahead) > MACHINE_MAY_DIFFER:
            raise MachineClockError(ahead)
        self._clock.ahead = ahead
        self._compared = (time.monotonic(), self._clock.of_machine())

    def fault(self, connection: Connection) -> MachineClockError | None:
        """Return what the same would raise, and change nothing."""
        ahead = self._ahead_of(connection)
        return MachineClockError(ahead) if abs(ahead) > MACHINE_MAY_DIFFER else None

    def _ahead_of(self, connection: Connection) -> timedelta:
        """Return by how much this machine's clock is ahead of the server's."""
        read: Callable[[], datetime] = self._clock.of_machine
        before = read()
        server: datetime = connection.execute(_NOW).scalar_one()
        return before + (read() - before) / 2 - server

    def _is_due(self, at: float, by_machine: datetime) -> bool:
        since = time.monotonic() - at
        jumped = (self._clock.of_machine() - by_machine).total_seconds() - since
        return since > _AGAIN_SECONDS or abs(jumped) > _JUMP_SECONDS
