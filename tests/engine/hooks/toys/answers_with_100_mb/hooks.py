"""A toy agency that gives an answer of a hundred megabytes."""

from __future__ import annotations

from engine.hooks.v1 import (
    AgencyRecords,
    CaseAsked,
    Contribution,
    Finding,
    MatchBasis,
    RecordPointer,
    hookimpl,
)


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution:
    """It gives an answer of a hundred megabytes."""
    pointer = RecordPointer(record="T-1", kind="toy")
    finding = Finding.model_construct(key="long", says="x" * 100_000_000, records=(pointer,))
    return Contribution.model_construct(
        matched_on=MatchBasis(says="by toy number", confirmed=True), findings=(finding,)
    )
