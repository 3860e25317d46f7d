"""Asking agencies for outcomes each quarter without a person: which cases are due, and their flows.

An agency is due once a quarter, and a week after it failed. It is not asked again while a return waits for
its release, and not after the follow-up has ended or a part of the case was erased.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from engine.access.policy import May, require
from engine.clock import LONDON
from engine.domain.accounts.acting import Acting
from engine.domain.cases.worklists import WorkItem
from engine.services.access.checks import open_cases
from engine.services.context import Context
from engine.store.repositories.system.outbox import FlowName
from engine.store.unit_of_work import Work

AT_MOST_A_DAY = 2_000
"""A register of 100,000 decided cases is then asked within the quarter, and no day is full of it."""
_ADDED_AT_ONCE = 200
_AFTER_A_FAILURE = timedelta(days=7)


def request_due(context: Context) -> int:
    """Ask for the flows of the cases that are due, those with the oldest decision first; return how many.

    It may be interrupted and run again: a case whose request waits gets no other.
    """
    require(May.SWEEP, context.acting)
    installed = {agency.code for agency in context.agencies_known}
    with context.reading("find cases due for outcomes") as work:  # takes long: no writer waits for it
        due = [case for case, agency in _due(work, context, None) if agency in installed]
        chosen = list(dict.fromkeys(due))[:AT_MOST_A_DAY]
        work.notes(cases=len(chosen))
    for first in range(0, len(chosen), _ADDED_AT_ONCE):
        part = chosen[first : first + _ADDED_AT_ONCE]
        with context.writing("request outcomes of the quarter", steps_back=True) as work:
            for case in part:
                work.outbox.add(
                    FlowName.FOLLOW_UP_OF_THE_QUARTER, case, acting=context.acting, at=context.clock.now()
                )
            work.notes(cases=len(part))
    return len(chosen)


def agencies_due(work: Work, context: Context, reference: str) -> frozenset[str]:
    """Return the agencies that are due on one case."""
    return frozenset(agency for _, agency in _due(work, context, reference))


def outcome_items(work: Work, acting: Acting) -> Iterator[WorkItem]:
    """Yield for a practitioner the returns on outcomes that wait for their release."""
    if acting.agency is None:
        return
    since = work.agency_outcomes.waiting_of(acting.agency)
    named_on = work.cases.open_to(acting.user) & since.keys() if since else frozenset()
    mine = open_cases(work, acting, work.cases.all(named_on)) if named_on else ()
    for reference in sorted(each.reference for each in mine):
        yield WorkItem(
            reference=reference,
            what="Record or withhold outcomes from your records",
            why="Your agency was asked for outcomes. No other agency sees its response until you release it.",
            due_at=None,
            is_overdue=False,
            is_alarm=False,
            kind="outcomes",
            since=since[reference],
        )


def _due(work: Work, context: Context, reference: str | None) -> tuple[tuple[str, str], ...]:
    now = context.clock.now()
    return work.agency_outcomes.due(
        asked_before=_quarter_began(context.clock.today()),
        failed_before=now - _AFTER_A_FAILURE,
        decided_after=now - timedelta(days=round(365.25 * context.settings.outcomes.asked_for_years)),
        references=None if reference is None else [reference],
    )


def _quarter_began(on: date) -> datetime:
    first = date(on.year, 3 * ((on.month - 1) // 3) + 1, 1)
    return datetime.combine(first, time(), LONDON).astimezone(UTC)
