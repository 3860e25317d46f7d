"""Look-ups of new referrals by the agencies that do them, by the runner.

Knows no finding, and waits for none.

It needs neither Prefect nor an outbox: what is to be looked up is worked out from the record each time, so
a runner that was killed leaves nothing out, and no row anywhere shows that something was found.
"""

from __future__ import annotations

import time

from engine.domain.accounts.acting import flow_acting
from engine.runtime import Runtime
from engine.services.referrals.arrival import look_up_arrivals

AT_ONCE = 50
"""So many referrals are put to each agency, then flows that wait have their turn."""
_PURPOSE = "look up on arrival"


class Arrivals:
    """A check every few seconds, and again at once while there is more."""

    def __init__(self, runtime: Runtime, *, on_behalf_of: str) -> None:
        self._runtime = runtime
        self._acting = flow_acting(_PURPOSE, on_behalf_of)
        self._next_at = float("-inf")

    def look(self) -> int:
        """Make look-ups now and return how many; none when it is not yet time."""
        if time.monotonic() < self._next_at:
            return 0
        made = look_up_arrivals(self._runtime.context(self._acting), at_most=AT_ONCE)
        if not made:
            self._next_at = time.monotonic() + self._runtime.settings.runner_poll_seconds
        return made
