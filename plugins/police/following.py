"""Further stalking in the police's records after a date: reports, and those recorded as crimes. Weighs
nothing."""

from __future__ import annotations

from collections.abc import Iterator

from engine.hooks.v1 import (
    AgainstWhom,
    CaseAsked,
    FoundNobody,
    FoundUnclear,
    IncidentKind,
    Measure,
    NilReturn,
    OutcomeAct,
    OutcomesFound,
    OutcomeWindow,
)
from engine.instruments.offences import Scored, harm_of
from plugins.police.records import LOOKED_IN, IncidentRow, OffenceRow, PoliceRecords

SEARCHED = (Measure.REPORTED, Measure.RECORDED)


def outcomes(case: CaseAsked, window: OutcomeWindow, held: PoliceRecords) -> OutcomesFound | NilReturn:
    """Return each report within the window, and again as recorded crime where it has a crime reference.

    The case's crime references show which victim this case is about. Without one of them no report can be
    placed, and all are counted instead. While a report is not placed, "none found" is claimed for no measure.
    """
    found = held.index.find(case.perpetrator)
    if isinstance(found, FoundNobody):
        return found.answer(who="the police", looked_in=LOOKED_IN)
    if isinstance(found, FoundUnclear):
        return OutcomesFound(is_certain=False)
    reports = held.incidents.get(found.key, [])
    known = {each.crime_reference for each in case.incidents if each.crime_reference}
    victims = {row.victim_id for row in reports if row.victim_id and row.crime_reference in known}
    within = [row for row in reports if row.happened is None or window.may_include(row.happened)]
    placed = [row for row in within if row.happened is not None and row.victim_id and victims]
    acts = [act for row in placed for act in _acts(row, victims, held.offences.get(row.incident_id, []))]
    unplaced = len(within) - len(placed)
    had = {act.measure for act in acts}
    searched = SEARCHED if not unplaced else tuple(measure for measure in SEARCHED if measure in had)
    return OutcomesFound(searched=searched, acts=tuple(acts), unplaced=unplaced)


def _acts(row: IncidentRow, victims: set[str], offences: list[OffenceRow]) -> Iterator[OutcomeAct]:
    assert row.happened is not None
    against = AgainstWhom.SAME_VICTIM if row.victim_id in victims else AgainstWhom.NEW_VICTIM
    is_breach = True if row.kind is IncidentKind.BREACH else None
    yield OutcomeAct(
        measure=Measure.REPORTED, happened=row.happened, against=against, is_order_breach=is_breach
    )
    if row.crime_reference:
        scored = _scored(offences)
        yield OutcomeAct(
            measure=Measure.RECORDED,
            happened=row.happened,
            against=against,
            offence=scored.code if scored else None,
            offence_row=scored.cchi_urn if scored else None,
            is_order_breach=is_breach,
        )


def _scored(offences: list[OffenceRow]) -> OffenceRow | None:
    """Return the principal offence, or else the first, of those that the harm index has a score for."""
    scored = [each for each in offences if each.code and _has_score(each)]
    return min(scored, key=lambda each: (not each.principal, each.offence_id), default=None)


def _has_score(offence: OffenceRow) -> bool:
    return isinstance(harm_of(offence.code or "", urn=offence.cchi_urn), Scored)
