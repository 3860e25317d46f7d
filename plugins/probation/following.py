"""Custody in probation's records after a date: from a recall to prison until the next licence. Weighs
nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.hooks.v1 import (
    CaseAsked,
    CustodyPeriod,
    FoundNobody,
    FoundUnclear,
    NilReturn,
    OutcomesFound,
    OutcomeWindow,
    PartialDate,
)
from plugins.probation.records import (
    LOOKED_IN,
    BreachOutcome,
    BreachRow,
    ProbationRecords,
    SupervisedOn,
    SupervisionRow,
)

_AFTER_A_CONVICTION = frozenset({SupervisedOn.COMMUNITY_ORDER, SupervisedOn.SUSPENDED_SENTENCE})


def outcomes(case: CaseAsked, window: OutcomeWindow, held: ProbationRecords) -> OutcomesFound | NilReturn:
    """Return times in custody that probation knows of, and how many new sentences there are.

    A sentence proves an offence whose date these records do not hold: it is counted, for a person to record.
    So no measure was searched. A recall whose date is not known to the day is counted too.
    """
    found = held.index.find(case.perpetrator)
    if isinstance(found, FoundNobody):
        return found.answer(who="probation", looked_in=LOOKED_IN)
    if isinstance(found, FoundUnclear):
        return OutcomesFound(is_certain=False)
    periods = held.supervision[found.key]
    sentences = [
        row
        for row in periods
        if row.kind in _AFTER_A_CONVICTION and window.since <= row.started <= window.until
    ]
    recalls = [row for row in held.breaches.get(found.key, []) if row.outcome is BreachOutcome.RECALLED]
    return OutcomesFound(
        custody=tuple(_custody(recalls, periods, window)),
        unplaced=len(sentences) + sum(_is_unplaced(row.happened, window) for row in recalls),
    )


def _is_unplaced(day: PartialDate | None, window: OutcomeWindow) -> bool:
    return day is None or (not day.is_whole_day and window.may_include(day))


def _custody(
    recalls: Sequence[BreachRow], periods: Sequence[SupervisionRow], window: OutcomeWindow
) -> Iterator[CustodyPeriod]:
    """Yield custody after each recall with a full date."""
    licences = sorted(row.started for row in periods if row.kind is SupervisedOn.LICENCE)
    for day in sorted({row.happened for row in recalls if row.happened and row.happened.is_whole_day}):
        since = day.earliest
        if since <= window.until:
            until = next((each for each in licences if since < each <= window.until), None)
            if until is None or until >= window.since:
                yield CustodyPeriod(since=since, until=until)
