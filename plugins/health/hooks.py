"""What health answers. Knows the contract; the work is in ``assessor``."""

from __future__ import annotations

from engine.domain.answers import Contribution, NilReturn, Refused
from engine.domain.asking import CaseAsked
from engine.hooks import AgencyRecords, hookimpl
from plugins.health.assessor import assess
from plugins.health.records import health_records


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution | NilReturn | Refused:
    """What health may say about the alleged perpetrator."""
    return assess(case, health_records(records))
