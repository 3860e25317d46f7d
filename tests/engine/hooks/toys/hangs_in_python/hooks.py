"""A toy agency that never comes back from a loop."""

from __future__ import annotations

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It never comes back from a loop."""
    while records.digest:
        pass
    return NilReturn(looked_in=("toys",), says="Nothing was found.")
