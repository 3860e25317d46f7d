"""A toy agency that asks for more memory than it may have."""

from __future__ import annotations

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It asks for more memory than it may have."""
    held = [bytearray(50_000_000) for _ in range(100)]
    return NilReturn(looked_in=(str(len(held)),), says="Nothing was found.")
