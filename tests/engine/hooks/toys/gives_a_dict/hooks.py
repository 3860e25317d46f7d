"""A toy agency that gives a dict."""

from __future__ import annotations

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It gives a dict."""
    return {"kind": "nil return", "says": "Petronella Mustnotshow"}  # type: ignore[return-value]
