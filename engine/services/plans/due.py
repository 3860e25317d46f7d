"""Actions of plans that are late or due soon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from engine.clock import LONDON
from engine.domain.cases.due import OF_DESK, PEOPLE_OF_CASE, Waits, of_agency
from engine.domain.plans.actions import OPEN_STATUSES
from engine.services.due.kinds import DueGiven, DueKind
from engine.store.unit_of_work import Work

_SOON = timedelta(days=7)
_END = timedelta(days=1)


def open_actions(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each open action in delivery, in its status: for its agency from a week before, for the desk once
    it is late.
    """
    there = work.action_texts.cases_with_open_actions(cases)
    for case, plan in work.plans.of([case for case in cases if case in there]).items():
        for action in plan.live:
            if action.status not in OPEN_STATUSES:
                continue
            waits = Waits(
                case=case,
                about=f"{action.reference} {action.agency}",
                whom=of_agency(action.agency),
                since=action.at,
                starts=_start_of(action.due - _SOON),
                due=_start_of(action.due + _END) - datetime.resolution,
                version=action.status.value,
            )
            yield waits
            yield waits._replace(whom=OF_DESK, starts=_start_of(action.due + _END))


def texts_of_actions(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each case with an action that is open: its texts are compared with what is protected.

    They are compared only when a person who may know the result reads it, and no row depends on that.
    """
    states = given.states(work, cases)
    for case in sorted(work.action_texts.cases_with_open_actions(cases)):
        _, received_at = states[case]
        yield Waits(case=case, about="texts", whom=PEOPLE_OF_CASE, since=received_at)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


ACTION = DueKind(
    "action",
    reads=frozenset({"plan", "plan_approval", "action", "action_version"}),
    of=open_actions,
    version=3,
)
TEXTS_TO_COMPARE = DueKind(
    "texts of actions to compare", reads=frozenset({"action", "action_version"}), of=texts_of_actions
)
