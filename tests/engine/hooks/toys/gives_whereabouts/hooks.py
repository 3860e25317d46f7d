"""A toy agency that gives a protected value without being the victim's voice."""

from __future__ import annotations

from engine.domain.answers import Contribution, MatchBasis
from engine.domain.asking import CaseAsked
from engine.domain.referral import ProtectedKind, ProtectedValue
from engine.hooks import AgencyRecords, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution:
    """It gives a protected value without being the victim's voice."""
    return Contribution(
        matched_on=MatchBasis(says="by toy number", confirmed=True),
        protected=(ProtectedValue(kind=ProtectedKind.ADDRESS, value="12 Hidden Row"),),
    )
