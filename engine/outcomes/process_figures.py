"""The work itself in figures: how long, how whole, how contested. Pure; no agency and no person in it.

A time is of the cases that came so far; those that have not are counted beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from engine.domain.absence import ItemState
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.outcomes.process import Offered, ProcessCase, ResponseKind, Timing
from engine.domain.outcomes.tables import FigureTable, Hiding, Spread
from engine.domain.plans.actions import ActionStatus
from engine.domain.plans.lists import Wishes
from engine.outcomes.figure_tables import exact_table, spread
from engine.outcomes.small_numbers import HIDDEN_UNDER

WITH_CONFERENCE = (TriageOutcome.CONFERENCE, TriageOutcome.URGENT)
NOT_SCREENED = "not screened yet"


REACHED, WAITING, NOT_SENT = "was in conference", "waiting for conference", "not sent to conference"
DISSENT, NO_DISSENT, NO_DECISION = "with dissent", "no dissent recorded", "no decision yet"
NO_PLAN = "no plan yet"


def process_days(cases: Sequence[ProcessCase], limit: int = HIDDEN_UNDER) -> tuple[Spread, ...]:
    """Return times in days: to screening, from there to conference, and from referral to conference."""
    screened = [(case, case.screened_on) for case in cases if case.screened_on is not None]
    in_conference = [
        (case, screened_on, case.conference_on)
        for case, screened_on in screened
        if case.conference_on is not None
    ]
    sent = sum(case.triage in WITH_CONFERENCE for case in cases)
    return (
        spread(
            "days_to_screening",
            "From referral to screening",
            [(on - case.received_on).days for case, on in screened],
            within=[len(cases)],
            limit=limit,
        ),
        spread(
            "days_to_conference",
            "From screening to conference",
            [(held - screened_on).days for _, screened_on, held in in_conference],
            within=[sent],
            limit=limit,
        ),
        spread(
            "days_in_all",
            "From referral to conference",
            [(held - case.received_on).days for case, _, held in in_conference],
            within=[sent],
            limit=limit,
        ),
    )


def process_tables(cases: Sequence[ProcessCase]) -> tuple[FigureTable, ...]:
    """Return the exact tables of these cases.

    Those of cases have every referral in them, also one that has not come so far: a table of fewer would
    show, beside another, how few have not.
    """
    sent = sum(_reached(case) != NOT_SENT for case in cases)
    decided = sum(case.has_dissent is not None for case in cases)
    planned = sum(case.wishes is not None for case in cases)
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
            (REACHED, WAITING, NOT_SENT),
            (_reached(case) for case in cases),
        ),
        _table_of_things(
            "process_timing",
            "Responses of agencies, by time",
            _REQUESTS,
            "time",
            Timing,
            [Counter(str(request.timing) for request in case.requests) for case in cases],
        ),
        _table_of_things(
            "process_responses",
            "Responses of agencies, by kind",
            _REQUESTS,
            "kind",
            ResponseKind,
            [Counter(str(request.kind) for request in case.requests) for case in cases],
        ),
        _table_of_things(
            "process_items",
            "Items of questionnaires",
            "items in the newest responses",
            "state",
            ItemState,
            [Counter({state.value: number for state, number in case.items.items()}) for case in cases],
        ),
        _table_of_things(
            "process_actions",
            "Actions of plans",
            "actions",
            "status",
            [_OVERDUE, *(each.value for each in ActionStatus)],
            [Counter(_action(status, is_overdue=late) for status, late in case.actions) for case in cases],
        ),
        _table(
            "process_dissent",
            "Newest decisions by dissent",
            _REFERRALS,
            "dissent",
            (DISSENT, NO_DISSENT, NO_DECISION),
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
            [*(each.value for each in Wishes), NO_PLAN],
            (case.wishes.value if case.wishes else NO_PLAN for case in cases),
            rests=[decided - planned, sent - planned],
        ),
    )


_REFERRALS, _REQUESTS = "referrals", "requests to agencies"


def _reached(case: ProcessCase) -> str:
    if case.conference_on is not None:
        return REACHED
    return WAITING if case.triage in WITH_CONFERENCE else NOT_SENT


def _dissent(case: ProcessCase) -> str:
    if case.has_dissent is None:
        return NO_DECISION
    return DISSENT if case.has_dissent else NO_DISSENT


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
    )


def _table_of_things(
    name: str,
    title: str,
    counts: str,
    dimension: str,
    levels: Iterable[str],
    by_case: Sequence[Counter[str]],
) -> FigureTable:
    """Return a table of things that a case has several of, with the cases behind each row."""
    named = [str(level) for level in levels]
    counted = {level: sum(of_case[level] for of_case in by_case) for level in named}
    return exact_table(
        name,
        title,
        counts=counts,
        dimensions=(dimension,),
        rows={(level,): counted[level] for level in named},
        whole=sum(counted.values()),
        hiding=Hiding.JOINED,
        behind=[sum(of_case[level] > 0 for of_case in by_case) for level in named],
    )
