"""Answers every case with a full contribution of about five kilobytes, or with nothing held."""

from __future__ import annotations

from engine.hooks.v1 import (
    AgencyRecords,
    CaseAsked,
    Contribution,
    Finding,
    MatchBasis,
    NilReturn,
    RecordPointer,
    hookimpl,
)

FINDINGS = 16
SAYS = (
    "On the day that is named in the record an incident of following and watching at the place of work was "
    "recorded, with a warning given on the spot and no further action taken since."
)


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution | NilReturn:
    """A contribution for even references and a nil return for odd ones."""
    if case.reference.endswith(("1", "3", "5", "7", "9")):
        return NilReturn(looked_in=("register", "archive"), says="Nothing was held about the person.")
    return Contribution(
        matched_on=MatchBasis(says="by PNC ID", confirmed=True),
        findings=tuple(
            Finding(
                key=f"finding-{number}",
                says=SAYS,
                records=(RecordPointer(record=f"{case.reference}-{number}", kind="incident record"),),
            )
            for number in range(FINDINGS)
        ),
    )
