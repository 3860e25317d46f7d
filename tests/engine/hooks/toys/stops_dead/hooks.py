"""A toy agency that stops its own process."""

from __future__ import annotations

import os

from engine.domain.answers import NilReturn
from engine.domain.asking import CaseAsked
from engine.hooks import AgencyRecords, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It stops its own process."""
    os._exit(7)
