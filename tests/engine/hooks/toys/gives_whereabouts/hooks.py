"""A toy agency that gives a protected value without being the victim's voice."""

from __future__ import annotations

from engine.hooks.v1 import (
    AgencyRecords,
    CaseAsked,
    Contribution,
    MatchBasis,
    ProtectedKind,
    ProtectedValue,
    hookimpl,
)


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution:
    """It gives a protected value without being the victim's voice."""
    return Contribution(
        matched_on=MatchBasis(says="by toy number", confirmed=True),
        protected=(ProtectedValue(kind=ProtectedKind.ADDRESS, value="12 Hidden Row"),),
    )
