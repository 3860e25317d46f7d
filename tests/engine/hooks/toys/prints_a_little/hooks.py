"""A toy agency that prints and then answers."""

from __future__ import annotations

import os
import sys

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It prints and then answers."""
    print("Petronella Mustnotshow")
    print("Petronella Mustnotshow", file=sys.stderr)
    os.write(1, b"\x00" * 64)
    return NilReturn(looked_in=("toys",), says="Nothing was found.")
