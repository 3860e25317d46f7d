"""Look-ups of new referrals by the agencies that do them, by the runner.

Knows no finding, and waits for none.

It needs neither Prefect nor an outbox: what is to be looked up is worked out from the record each time, so
a runner that was killed leaves nothing out, and no row anywhere shows that something was found.
"""

from __future__ import annotations

from engine.domain.accounts.acting import flow_acting
from engine.runtime import Runtime
from engine.services.referrals.arrival import look_up_arrivals

AT_ONCE = 50
"""So many referrals are put to each agency, then flows that wait have their turn."""
_PURPOSE = "look up on arrival"


def look_up_some(runtime: Runtime, *, on_behalf_of: str) -> int:
    """Make look-ups now and return how many; with none, no more is left."""
    acting = flow_acting(_PURPOSE, on_behalf_of)
    return look_up_arrivals(runtime.context(acting), at_most=AT_ONCE)
