"""A toy agency that cannot read its records."""

from __future__ import annotations

from engine.hooks.v1 import (
    AgencyRecords,
    CaseAsked,
    NilReturn,
    RecordsFault,
    RecordsUnreadableError,
    hookimpl,
)


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It cannot read its records."""
    raise RecordsUnreadableError("toys.csv", RecordsFault.BAD_LINE, line=14, column="happened")
