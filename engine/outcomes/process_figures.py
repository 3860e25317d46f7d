"""The work itself in figures: how long, how whole, how contested. Pure; no agency and no person in it.

A time is of the cases that came so far; those that have not are counted beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum

from engine.domain.absence import ItemState
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.outcomes.process import Offered, ProcessCase, ResponseKind, Timing
from engine.domain.outcomes.tables import FigureTable, Hiding, Spread
from engine.domain.plans.actions import ActionStatus
from engine.domain.plans.lists import Wishes
from engine.outcomes.figure_tables import exact_table, spread

_WITH_CONFERENCE = frozenset({TriageOutcome.CONFERENCE, TriageOutcome.URGENT})
NOT_SCREENED = "not screened yet"


class _Reached(StrEnum):
    REACHED = "was in conference"
    NOT_YET = "waiting for conference"
    NOT_SENT = "not sent to conference"


class _Dissent(StrEnum):
    DISSENT = "with dissent"
    NONE_RECORDED = "no dissent recorded"
    NO_DECISION = "no decision yet"


def process_days(cases: Sequence[ProcessCase]) -> tuple[Spread, ...]:
    """Return times in days: to screening, from there to conference, and from referral to conference."""
    screened = [(case, case.screened_on) for case in cases if case.screened_on is not None]
    in_conference = [
        (case, screened_on, case.conference_on)
        for case, screened_on in screened
        if case.conference_on is not None
    ]
    sent = sum(case.triage in _WITH_CONFERENCE for case in cases)
    return (
        spread(
            "days_to_screening",
            "From referral to screening",
            [(on - case.received_on).days for case, on in screened],
            within=[len(cases)],
        ),
        spread(
            "days_to_conference",
            "From screening to conference",
            [(held - screened_on).days for _, screened_on, held in in_conference],
            within=[sent],
        ),
        spread(
            "days_in_all",
            "From referral to conference",
            [(held - case.received_on).days for case, _, held in in_conference],
            within=[sent],
        ),
    )


def process_tables(cases: Sequence[ProcessCase]) -> tuple[FigureTable, ...]:
    """Return the exact tables of these cases.

    Those of cases have every referral in them, also one that has not come so far: a table of fewer would
    show, beside another, how few have not.
    """
    requests = [request for case in cases for request in case.requests]
    items: Counter[str] = Counter()
    for case in cases:
        items.update({state.value: number for state, number in case.items.items()})
    actions = [_action(status, is_overdue=late) for case in cases for status, late in case.actions]
    sent = sum(_reached(case) is not _Reached.NOT_SENT for case in cases)
    decided = sum(case.has_dissent is not None for case in cases)
    planned = sum(case.wishes is not None for case in cases)
    asked = sum(bool(case.requests) for case in cases)
    with_items = sum(bool(case.items) for case in cases)
    with_actions = sum(bool(case.actions) for case in cases)
    return (
        _table(
            "process_screening",
            "Referrals by screening",
            _REFERRALS,
            "screening",
            [*(each.value for each in TriageOutcome), NOT_SCREENED],
            (case.triage.value if case.triage else NOT_SCREENED for case in cases),
        ),
        _table(
            "process_conference",
            "Referrals by conference",
            _REFERRALS,
            "conference",
            _Reached,
            (_reached(case) for case in cases),
        ),
        _table(
            "process_timing",
            "Responses of agencies, by time",
            _REQUESTS,
            "time",
            Timing,
            (request.timing for request in requests),
            behind=asked,
        ),
        _table(
            "process_responses",
            "Responses of agencies, by kind",
            _REQUESTS,
            "kind",
            ResponseKind,
            (request.kind for request in requests),
            behind=asked,
        ),
        _table(
            "process_items",
            "Items of questionnaires",
            "items in the newest responses",
            "state",
            ItemState,
            items.elements(),
            behind=with_items,
        ),
        _table(
            "process_actions",
            "Actions of plans",
            "actions",
            "status",
            [_OVERDUE, *(each.value for each in ActionStatus)],
            actions,
            behind=with_actions,
        ),
        _table(
            "process_dissent",
            "Newest decisions by dissent",
            _REFERRALS,
            "dissent",
            _Dissent,
            (_dissent(case) for case in cases),
            rests=[sent - decided],
        ),
        _table(
            "process_advocate",
            "Offer of an advocate to the victim",
            _REFERRALS,
            "offer",
            Offered,
            (case.offered for case in cases),
        ),
        _table(
            "process_wishes",
            "Plans beside the victim's wishes",
            _REFERRALS,
            "wishes",
            [*(each.value for each in Wishes), _NO_PLAN],
            (case.wishes.value if case.wishes else _NO_PLAN for case in cases),
            rests=[decided - planned, sent - planned],
        ),
    )


_REFERRALS, _REQUESTS = "referrals", "requests to agencies"
_NO_PLAN = "no plan yet"


def _reached(case: ProcessCase) -> _Reached:
    if case.conference_on is not None:
        return _Reached.REACHED
    return _Reached.NOT_YET if case.triage in _WITH_CONFERENCE else _Reached.NOT_SENT


def _dissent(case: ProcessCase) -> _Dissent:
    if case.has_dissent is None:
        return _Dissent.NO_DECISION
    return _Dissent.DISSENT if case.has_dissent else _Dissent.NONE_RECORDED


_OVERDUE = "open and overdue"


def _action(status: ActionStatus, *, is_overdue: bool) -> str:
    return _OVERDUE if is_overdue else status.value


def _table(
    name: str,
    title: str,
    counts: str,
    dimension: str,
    levels: Iterable[str],
    found: Iterable[str],
    *,
    rests: Sequence[int] = (),
    behind: int | None = None,
) -> FigureTable:
    counted = Counter(str(each) for each in found)
    return exact_table(
        name,
        title,
        counts=counts,
        dimensions=(dimension,),
        rows={(str(level),): counted[str(level)] for level in levels},
        whole=counted.total(),
        hiding=Hiding.JOINED,
        rests=rests,
        behind=behind,
    )
