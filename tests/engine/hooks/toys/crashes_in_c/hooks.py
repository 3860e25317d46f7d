"""A toy agency that reads memory that is not there."""

from __future__ import annotations

import ctypes

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It reads memory that is not there."""
    ctypes.string_at(0)
    return NilReturn(looked_in=("toys",), says="Nothing was found.")
