"""What probation answers. Knows the contract; the work is in ``assessor``."""

from __future__ import annotations

from engine.domain.answers import Contribution, NilReturn, Refused
from engine.domain.asking import CaseAsked
from engine.hooks import AgencyRecords, hookimpl
from plugins.probation.assessor import assess
from plugins.probation.records import probation_records


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution | NilReturn | Refused:
    """What probation holds about the alleged perpetrator."""
    return assess(case, probation_records(records))
