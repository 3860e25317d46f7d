"""A toy agency that starts a process of its own and then hangs."""

from __future__ import annotations

import subprocess
import time

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It starts a process of its own and then hangs."""
    (records.folder / "grandchild").write_text(str(subprocess.Popen(["sleep", "3600"]).pid))
    time.sleep(3600)
    return NilReturn(looked_in=("toys",), says="Nothing was found.")
