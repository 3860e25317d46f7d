"""A toy agency that gives no answer."""

from __future__ import annotations

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn | None:
    """It gives no answer."""
    return None
