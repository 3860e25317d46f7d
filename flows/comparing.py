"""Comparison of new person records with those known, by the runner. Knows no pair, and waits for nothing.

It needs neither Prefect nor an outbox: what was not compared yet is read from the record each time.
"""

from __future__ import annotations

from engine.domain.accounts.acting import flow_acting
from engine.runtime import Runtime
from engine.services.people.matching import compare_new

AT_ONCE = 100
"""So many records are compared, then flows that wait have their turn."""
_PURPOSE = "compare new person records"


def compare_some(runtime: Runtime, *, on_behalf_of: str) -> int:
    """Compare records now and return how many; with none, no more is left."""
    acting = flow_acting(_PURPOSE, on_behalf_of)
    return compare_new(runtime.context(acting), at_most=AT_ONCE)
