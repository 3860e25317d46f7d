"""Further stalking that the victim reported to the service, and agreed to share."""

from __future__ import annotations

from engine.hooks.v1 import (
    CaseAsked,
    FoundNobody,
    FoundUnclear,
    Measure,
    NilReturn,
    OutcomeAct,
    OutcomesFound,
    OutcomeWindow,
    Refused,
)
from plugins.advocacy.assessor import file_of, refusal
from plugins.advocacy.records import LOOKED_IN, AdvocacyRecords


def outcomes(
    case: CaseAsked, window: OutcomeWindow, held: AdvocacyRecords
) -> OutcomesFound | NilReturn | Refused:
    """Return what the victim agreed that everyone on the case hears.

    Without any, no search is claimed: "none found" would show that there is nothing, or hide that the victim
    has not agreed.
    """
    found = held.index.find(case.victim)
    if isinstance(found, FoundNobody):
        return found.answer(who="victim advocacy", looked_in=LOOKED_IN)
    if isinstance(found, FoundUnclear):
        return OutcomesFound(is_certain=False)
    file = file_of(case, held)
    if file is None:
        return OutcomesFound(is_certain=False)
    if file.refuse_on is not None:
        return refusal(file.refuse_on)
    acts = tuple(
        OutcomeAct(measure=Measure.REPORTED, happened=each.happened, against=each.against)
        for each in file.further
        if each.is_for_everyone and window.may_include(each.happened)
    )
    return OutcomesFound(searched=(Measure.REPORTED,) if acts else (), acts=acts)
