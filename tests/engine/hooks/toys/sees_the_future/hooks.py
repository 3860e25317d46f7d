"""A toy agency that carries a view that was recorded after the day of asking."""

from __future__ import annotations

from datetime import timedelta

from engine.hooks.v1 import (
    AgencyRecords,
    CaseAsked,
    Contribution,
    Domain,
    DomainView,
    Level,
    MatchBasis,
    Professional,
    hookimpl,
)


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
