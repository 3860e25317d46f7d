"""What the police answer. Knows the contract; the work is in ``assessor``."""

from __future__ import annotations

from engine.domain.answers import Contribution, NilReturn, Refused
from engine.domain.asking import CaseAsked
from engine.hooks import AgencyRecords, hookimpl
from plugins.police.assessor import assess
from plugins.police.records import police_records


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution | NilReturn | Refused:
    """What the police hold about the alleged perpetrator."""
    return assess(case, police_records(records))
