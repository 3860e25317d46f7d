"""What victim advocacy answers. Knows the contract; the work is in ``assessor``."""

from __future__ import annotations

from engine.domain.answers import Contribution, NilReturn, Refused
from engine.domain.asking import CaseAsked
from engine.hooks import AgencyRecords, hookimpl
from plugins.advocacy.assessor import assess
from plugins.advocacy.records import advocacy_records


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution | NilReturn | Refused:
    """What the victim wants this case to know."""
    return assess(case, advocacy_records(records))
