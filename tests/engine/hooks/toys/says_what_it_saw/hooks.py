"""A toy agency that tells back what it was shown and where it runs."""

from __future__ import annotations

import json
import os

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It tells back what it was shown and where it runs."""
    saw = {
        "case": case.model_dump(mode="json"),
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "settings": records.settings,
        "dated": str(records.dated),
        "leads its group": os.getpgrp() == os.getpid(),
    }
    return NilReturn(looked_in=(json.dumps(saw),), says="Nothing was found.")
