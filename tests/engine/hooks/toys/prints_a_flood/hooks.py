"""A toy agency that prints without end."""

from __future__ import annotations

import sys

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It prints without end."""
    while records.digest:
        sys.stdout.write("Petronella Mustnotshow " * 1000)
    return NilReturn(looked_in=("toys",), says="Nothing was found.")
