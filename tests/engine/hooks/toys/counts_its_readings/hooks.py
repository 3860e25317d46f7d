"""A toy agency that counts how often it read its extract."""

from __future__ import annotations

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl, once_per_extract

_READ: list[str] = []


@once_per_extract
def readings(records: AgencyRecords) -> int:
    """How often an extract was read in this process, this time included."""
    _READ.append(records.digest)
    return len(_READ)


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It counts how often it read its extract."""
    return NilReturn(looked_in=(str(readings(records)),), says="Nothing was found.")
