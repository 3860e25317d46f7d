"""A toy agency that stops its own process."""

from __future__ import annotations

import os

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It stops its own process."""
    os._exit(7)
