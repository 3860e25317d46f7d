"""A toy agency whose register lies where its settings say."""

from __future__ import annotations

from pathlib import Path

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It reads the register and finds nobody."""
    Path(str(records.settings["register"])).read_text(encoding="utf-8")
    return NilReturn(looked_in=("register",), says="Nothing was found.")
