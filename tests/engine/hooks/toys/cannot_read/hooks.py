"""A toy agency that cannot read its records."""

from __future__ import annotations

from engine.domain.answers import NilReturn
from engine.domain.asking import CaseAsked
from engine.hooks import AgencyRecords, RecordsFault, RecordsUnreadableError, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It cannot read its records."""
    raise RecordsUnreadableError("toys.csv", RecordsFault.BAD_LINE, line=14, column="happened")
