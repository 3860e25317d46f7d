"""A toy agency that calls sys.exit."""

from __future__ import annotations

import sys

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It calls sys.exit."""
    sys.exit("Petronella Mustnotshow")
