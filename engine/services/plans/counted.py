"""Rows of plans that have not ended and of their actions, which the Plans page counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from engine.domain.cases.due import OF_FIGURES, Waits, of_agency
from engine.domain.cases.lifecycle import State
from engine.domain.plans.actions import ActionStatus, DepartureReason
from engine.domain.plans.approval import WhyNot
from engine.domain.plans.lists import PlanFacts, PlanLine, Wishes
from engine.domain.plans.versions import ENDS_PLAN, PlanState
from engine.services.due.kinds import DueGiven, DueKind
from engine.services.plans.reviews_waiting import A_DAY, start_of
from engine.store.repositories.access.visibility import EVERYTHING
from engine.store.repositories.plans.counts import action_code
from engine.store.unit_of_work import Work

NOT_ENDED = frozenset(State) - ENDS_PLAN - {State.NOT_SCREENED}
"""The states of an involvement whose plan has not ended."""
NO_DATE = str(date.max)
"""In place of a date in the row of a plan."""
_READS = frozenset(
    {"move", "decision", "plan_review", "plan", "plan_approval", "plan_need", "action", "action_version"}
)


class SeenPlan(NamedTuple):
    """A plan that a person may see, and what its row says: they sort in the order of a list by case.

    Dates are texts that sort, and ``NO_DATE`` where there is none. ``first_due`` is that of its first open
    action, ``first_late`` of the first in delivery. ``facts`` are for ``facts_from``.
    """

    first_due: str
    case: str
    number: int
    first_late: str
    review: str
    facts: str


def seen_plan(number: int, case: str, code: str) -> SeenPlan:
    """Return a plan from its row."""
    return SeenPlan(code[:10], case, number, code[11:21], code[22:32], code[33:])


def plans(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each plan that has not ended."""
    states = given.states(work, cases)
    for line in _lines(work, cases, given):
        _, received_at = states[line.case]
        yield Waits(case=line.case, about="plan", whom=OF_FIGURES, since=received_at, version=_code_of(line))


def actions(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each action in delivery, with the number of its content and its date; it is due if it is open.

    ``since`` is when it was done.
    """
    states = given.states(work, cases)
    for line in _lines(work, cases, given):
        _, received_at = states[line.case]
        for action in line.actions:
            if action.is_live:
                yield Waits(
                    case=line.case,
                    about=action_code(action.reference, action.due, action.content),
                    whom=of_agency(action.agency),
                    since=action.done_at or received_at,
                    due=start_of(action.due + A_DAY) - datetime.resolution if action.is_open else None,
                    version=action.status.value,
                )


def reports(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield by release class the newest report on each case with a plan: a list of changes begins there."""
    there = [line.case for line in _lines(work, cases, given)]
    for case, by_class in work.incidents.newest_by_class(there).items() if there else ():
        for number, received_at in by_class.items():
            about = f"reports {number or 'of all'}"
            yield Waits(case=case, about=about, whom=OF_FIGURES, since=received_at, release_class=number)


def facts_from(code: str) -> PlanFacts:
    """Return what is asked of the plans whose rows say this."""
    state, delivered, wishes, departure, unheard, informer = code.split("|")
    return PlanFacts(
        state=PlanState(state),
        is_delivered=delivered == "1",
        wishes=Wishes(wishes),
        departure=DepartureReason(departure) if departure else None,
        not_recorded_because=WhyNot(unheard) if unheard else None,
        has_informer=informer == "1",
    )


def agency_and_status(whom: str, version: str) -> tuple[str, ActionStatus]:
    """Return what the row of an action says."""
    return whom.removeprefix(of_agency("")), ActionStatus(version)


def _lines(work: Work, cases: Sequence[str], given: DueGiven) -> tuple[PlanLine, ...]:
    def read(some: Sequence[str]) -> tuple[PlanLine, ...]:
        asked = given.added.with_any("plan", some)
        return work.plan_lines.of_cases(EVERYTHING, states=NOT_ENDED, among=asked) if asked else ()

    return given.once("lines of plans", cases, read)


def _code_of(line: PlanLine) -> str:
    facts = line.facts
    dues = [each for each in line.actions if each.is_open]
    return "|".join(
        (
            str(min((each.due for each in dues), default=date.max)),
            str(min((each.due for each in dues if each.is_live), default=date.max)),
            str(line.review or date.max),
            facts.state.value,
            str(int(facts.is_delivered)),
            facts.wishes.value,
            facts.departure.value if facts.departure else "",
            facts.not_recorded_because.value if facts.not_recorded_because else "",
            str(int(facts.has_informer)),
        )
    )


PLAN = DueKind("plan counted", reads=_READS, of=plans)
DELIVERED = DueKind("action counted", reads=_READS, of=actions)
REPORTED = DueKind("newest report", reads=_READS | {"incident_report", "incident_rule"}, of=reports)
