"""A toy agency that reads memory that is not there."""

from __future__ import annotations

import ctypes

from engine.domain.answers import NilReturn
from engine.domain.asking import CaseAsked
from engine.hooks import AgencyRecords, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It reads memory that is not there."""
    ctypes.string_at(0)
    return NilReturn(looked_in=("toys",), says="Nothing was found.")
