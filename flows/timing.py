"""The work that is due in a runner, by the table of schedules, and what it did. Does and writes nothing."""

from __future__ import annotations

import time
from datetime import datetime

from engine.runtime import Runtime
from flows.schedules import schedules_of


class Timing:
    """The intervals of one runner, and when it did what. Its threads share it."""

    def __init__(self, runtime: Runtime) -> None:
        self._clock = runtime.clock
        self.began_at = runtime.clock.now()
        self.every = {name: each.seconds for name, each in schedules_of(runtime.settings).items()}
        """Seconds from one time to the next, by the name of the work."""
        self._next_at: dict[str, float] = {}
        self._done: dict[str, datetime] = {}
        self._written: dict[str, datetime] = {}

    def is_due(self, name: str) -> bool:
        """Return whether it is time to do it; at first all is due."""
        return time.monotonic() >= self._next_at.get(name, float("-inf"))

    def until_due(self, *names: str) -> float:
        """Return the seconds until one of these is due."""
        return max(0.0, min(self._next_at.get(name, 0.0) for name in names) - time.monotonic())

    def did(self, name: str, *, has_more: bool = False, at: datetime | None = None) -> None:
        """Note that it was done, now or ``at``; it is due after its interval, or at once with more left."""
        self._done[name] = at or self._clock.now()
        if not has_more:
            self._next_at[name] = time.monotonic() + self.every[name]

    def unwritten(self) -> dict[str, datetime]:
        """Return what was done since it was last written into the record."""
        return {name: at for name, at in self._done.copy().items() if self._written.get(name) != at}

    def written(self, done: dict[str, datetime]) -> None:
        """Note that this is in the record now."""
        self._written.update(done)
