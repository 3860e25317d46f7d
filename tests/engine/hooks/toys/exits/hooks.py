"""A toy agency that calls sys.exit."""

from __future__ import annotations

import sys

from engine.domain.answers import NilReturn
from engine.domain.asking import CaseAsked
from engine.hooks import AgencyRecords, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It calls sys.exit."""
    sys.exit("Petronella Mustnotshow")
