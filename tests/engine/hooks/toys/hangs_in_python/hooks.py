"""A toy agency that never comes back from a loop."""

from __future__ import annotations

from engine.domain.answers import NilReturn
from engine.domain.asking import CaseAsked
from engine.hooks import AgencyRecords, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It never comes back from a loop."""
    while records.digest:
        pass
    return NilReturn(looked_in=("toys",), says="Nothing was found.")
