"""A toy agency that gives a dict."""

from __future__ import annotations

from engine.domain.answers import NilReturn
from engine.domain.asking import CaseAsked
from engine.hooks import AgencyRecords, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It gives a dict."""
    return {"kind": "nil return", "says": "Petronella Mustnotshow"}  # type: ignore[return-value]
