"""Figures over the plans that one viewer may see: counts only, no rate and no order of agencies. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from engine.domain.base import Frozen
from engine.domain.plans.actions import ActionStatus, DepartureReason
from engine.domain.plans.approval import WhyNot
from engine.domain.plans.lists import WEEKS, DueIn, PlanFacts, Wishes, due_in, monday_of
from engine.domain.plans.reviews import ReviewTrigger
from engine.domain.plans.versions import PlanState
from engine.domain.working_days import is_working_day

DONE_LATELY = timedelta(days=28)


class WeekAhead(Frozen):
    """One week: the open actions and the reviews that are due in it."""

    due_in: DueIn
    starts: date
    ends: date
    actions: int
    reviews: int


class AgencyProgress(Frozen):
    """Counts of one agency's actions."""

    agency: str
    open: int
    overdue: int
    due_this_week: int
    done_lately: int
    not_possible: int
    not_done: int


class PlanFigures(Frozen):
    """Counts over all plans that have not ended and that the viewer may see: their actions in delivery.

    A review that was brought forward is due today; one with several reasons is counted under each of them.
    """

    plans: int
    by_state: dict[PlanState, int]
    overdue: int
    overdue_cases: int
    oldest_overdue: date | None
    reviews_overdue: int
    reviews_dated: int
    brought_forward: int
    brought_forward_by: dict[ReviewTrigger, int]
    weeks: tuple[WeekAhead, ...]
    bank_holidays: tuple[date, ...]
    wishes: dict[Wishes, int]
    departures: dict[DepartureReason, int]
    departing_without_informer: int
    not_recorded_because: dict[WhyNot, int]
    agencies: tuple[AgencyProgress, ...]

    @property
    def this_week(self) -> WeekAhead:
        """The present week, from today on."""
        return self.weeks[0]


class ActionFacts(NamedTuple):
    """The facts of an action in delivery that are counted; without ``due`` it is no longer open."""

    agency: str
    status: ActionStatus
    due: date | None


class Counted(NamedTuple):
    """Numbers of plans and actions with the same facts. ``overdue_cases`` have an open action past its date.

    ``reviews`` are by their date, ``brought_forward`` by their reasons.
    """

    plans: Mapping[PlanFacts, int]
    actions: Mapping[ActionFacts, int]
    done_lately: Mapping[str, int]
    """By agency the actions that were done since ``DONE_LATELY`` ago."""
    overdue_cases: int
    reviews: Mapping[date, int]
    brought_forward: Mapping[frozenset[ReviewTrigger], int]


def figures_of(counted: Counted, *, today: date) -> PlanFigures:
    """Return the figures from what was counted over plans that have not ended."""
    plans, actions, reviews = counted.plans, counted.actions, counted.reviews
    late = {each: number for each, number in actions.items() if each.due is not None and each.due < today}
    triggers, departed, unheard = Counter[ReviewTrigger](), Counter[DepartureReason](), Counter[WhyNot]()
    wishes, states = Counter[Wishes](), Counter[PlanState]()
    uninformed = 0
    for causes, number in counted.brought_forward.items():
        triggers.update(dict.fromkeys(causes, number))
    for plan, number in plans.items():
        wishes[plan.wishes] += number
        states[plan.state] += number
        if plan.wishes is Wishes.DEPARTED:
            uninformed += 0 if plan.has_informer else number
            if plan.departure is not None:
                departed[plan.departure] += number
        if plan.wishes is Wishes.NOT_RECORDED and plan.not_recorded_because is not None:
            unheard[plan.not_recorded_because] += number
    return PlanFigures(
        plans=sum(plans.values()),
        by_state={state: states[state] for state in PlanState if state is not PlanState.ENDED},
        overdue=sum(late.values()),
        overdue_cases=counted.overdue_cases,
        oldest_overdue=min((each.due for each in late if each.due is not None), default=None),
        reviews_overdue=sum(number for day, number in reviews.items() if day < today),
        reviews_dated=sum(reviews.values()),
        brought_forward=sum(counted.brought_forward.values()),
        brought_forward_by={trigger: triggers[trigger] for trigger in ReviewTrigger if triggers[trigger]},
        weeks=_weeks(actions, reviews, today),
        bank_holidays=_closed(today),
        wishes={each: wishes[each] for each in Wishes},
        departures={reason: departed[reason] for reason in DepartureReason if departed[reason]},
        departing_without_informer=uninformed,
        not_recorded_because={reason: unheard[reason] for reason in WhyNot if unheard[reason]},
        agencies=_agencies(counted, today),
    )


def _weeks(
    actions: Mapping[ActionFacts, int], reviews: Mapping[date, int], today: date
) -> tuple[WeekAhead, ...]:
    due, to_review = Counter[DueIn](), Counter[DueIn]()
    for action, number in actions.items():
        if action.due is not None:
            due[due_in(action.due, today)] += number
    for day, number in reviews.items():
        to_review[due_in(day, today)] += number
    first = monday_of(today)
    starts = [first + timedelta(weeks=week) for week in range(WEEKS)]
    return tuple(
        WeekAhead(
            due_in=part,
            starts=start,
            ends=start + timedelta(days=6),
            actions=due[part],
            reviews=to_review[part],
        )
        for start in starts
        for part in [due_in(max(start, today), today)]
    )


def _closed(today: date) -> tuple[date, ...]:
    """Return the bank holidays, Monday to Friday, from today to the end of the weeks that are shown."""
    end = monday_of(today) + timedelta(weeks=WEEKS)
    days = [today + timedelta(days=number) for number in range((end - today).days)]
    return tuple(day for day in days if day.weekday() < 5 and not is_working_day(day))


def _agencies(counted: Counted, today: date) -> tuple[AgencyProgress, ...]:
    by_agency: dict[str, dict[ActionFacts, int]] = {}
    for action, number in counted.actions.items():
        by_agency.setdefault(action.agency, {})[action] = number
    return tuple(
        _progress(agency, by_agency[agency], counted.done_lately.get(agency, 0), today)
        for agency in sorted(by_agency)
    )


def _progress(
    agency: str, actions: Mapping[ActionFacts, int], done_lately: int, today: date
) -> AgencyProgress:
    status, due, is_open = Counter[ActionStatus](), Counter[DueIn](), 0
    for action, number in actions.items():
        status[action.status] += number
        if action.due is not None:
            is_open += number
            due[due_in(action.due, today)] += number
    return AgencyProgress(
        agency=agency,
        open=is_open,
        overdue=due[DueIn.OVERDUE],
        due_this_week=due[DueIn.WEEK_1],
        done_lately=done_lately,
        not_possible=status[ActionStatus.NOT_POSSIBLE],
        not_done=status[ActionStatus.NOT_DONE],
    )
