"""A toy agency that answers as it should."""

from __future__ import annotations

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It answers as it should."""
    return NilReturn(looked_in=("toys",), says="Nothing was found.")
