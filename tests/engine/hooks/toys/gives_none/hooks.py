"""A toy agency that gives no answer."""

from __future__ import annotations

from engine.domain.answers import NilReturn
from engine.domain.asking import CaseAsked
from engine.hooks import AgencyRecords, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn | None:
    """It gives no answer."""
    return None
