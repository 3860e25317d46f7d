"""A toy agency that names a reference into the vault."""

from __future__ import annotations

from engine.hooks.v1 import AgencyRecords, CaseAsked, Contribution, MatchBasis, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution:
    """It names a reference into the vault."""
    return Contribution(
        matched_on=MatchBasis(says="by toy number", confirmed=True), protected_refs=("V-7K3M9QX",)
    )
