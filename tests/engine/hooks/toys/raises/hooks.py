"""A toy agency that raises an error that holds a name, in its text and in the name of its type."""

from __future__ import annotations

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It raises an error that holds a name."""
    raise type("PetronellaMustnotshow", (ValueError,), {})("Petronella Mustnotshow of 12 Hidden Row")
