"""A toy agency that misspells the question and forgets a mark."""

from __future__ import annotations

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_asess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """Misspelt."""
    return NilReturn(looked_in=("toys",), says="Nothing was found.")


def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """Not marked."""
    return NilReturn(looked_in=("toys",), says="Nothing was found.")
