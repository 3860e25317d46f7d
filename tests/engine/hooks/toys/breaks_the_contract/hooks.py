"""A toy agency that gives an answer that was made without its checks."""

from __future__ import annotations

from engine.hooks.v1 import AgencyRecords, CaseAsked, Contribution, Finding, MatchBasis, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution:
    """It gives an answer that was made without its checks."""
    finding = Finding.model_construct(key="Petronella Mustnotshow", says="", records=())
    return Contribution.model_construct(
        matched_on=MatchBasis(says="by toy number", confirmed=True), findings=(finding,)
    )
