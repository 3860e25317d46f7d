"""A toy agency that carries a view that was recorded after the day of asking."""

from __future__ import annotations

from datetime import timedelta

from engine.domain.answers import Contribution, DomainView, MatchBasis, Professional
from engine.domain.asking import CaseAsked
from engine.domain.risk import Domain, Level
from engine.hooks import AgencyRecords, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution:
    """It carries a view that was recorded after the day of asking."""
    view = DomainView(
        domain=Domain.VIOLENCE,
        level=Level.HIGH,
        reasons="As a toy.",
        recorded_by=Professional(name="Toy Toyson", post="Toy"),
        recorded_on=case.on + timedelta(days=1),
    )
    return Contribution(matched_on=MatchBasis(says="by toy number", confirmed=True), views=(view,))
