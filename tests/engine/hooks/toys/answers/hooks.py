"""A toy agency that answers as it should."""

from __future__ import annotations

from engine.domain.answers import NilReturn
from engine.domain.asking import CaseAsked
from engine.hooks import AgencyRecords, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It answers as it should."""
    return NilReturn(looked_in=("toys",), says="Nothing was found.")
