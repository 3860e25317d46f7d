"""Comparison of new person records with those known, by the runner. Knows no pair, and waits for nothing.

It needs neither Prefect nor an outbox: what was not compared yet is read from the record each time.
"""

from __future__ import annotations

import time

from engine.domain.accounts.acting import flow_acting
from engine.runtime import Runtime
from engine.services.people.matching import compare_new

AT_ONCE = 100
"""So many records are compared, then flows that wait have their turn."""
_PURPOSE = "compare new person records"


class Comparing:
    """A check every few seconds, and again at once while there is more."""

    def __init__(self, runtime: Runtime, *, on_behalf_of: str) -> None:
        self._runtime = runtime
        self._acting = flow_acting(_PURPOSE, on_behalf_of)
        self._next_at = float("-inf")

    def look(self) -> int:
        """Compare records now and return how many; none when it is not yet time."""
        if time.monotonic() < self._next_at:
            return 0
        compared = compare_new(self._runtime.context(self._acting), at_most=AT_ONCE)
        if not compared:
            self._next_at = time.monotonic() + self._runtime.settings.runner_poll_seconds
        return compared
