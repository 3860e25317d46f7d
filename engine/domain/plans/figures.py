"""Figures over the plans that one viewer may see: counts only, no rate and no order of agencies. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from engine.domain.base import Frozen
from engine.domain.plans.actions import ActionStatus, DepartureReason
from engine.domain.plans.approval import WhyNot
from engine.domain.plans.lists import WEEKS, ActionLine, DueIn, PlanLine, Wishes, due_in, monday_of
from engine.domain.plans.reviews import ReviewTrigger, day_due, is_brought_forward
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


def figures_of(plans: Iterable[PlanLine], *, today: date) -> PlanFigures:
    """Count over these plans; those that have ended are left out."""
    current = [plan for plan in plans if plan.state is not PlanState.ENDED]
    late = [
        (plan.case, action.due)
        for plan in current
        for action in plan.actions
        if action.due_in(today) is DueIn.OVERDUE
    ]
    actions = [action for plan in current for action in plan.actions if action.is_live]
    days = [day_due(plan.review, plan.review_causes, on=today) for plan in current]
    reviews = [day for day in days if day is not None]
    forward = [plan.review_causes for plan in current if is_brought_forward(plan.review_causes)]
    triggers = Counter(trigger for causes in forward for trigger in {cause.trigger for cause in causes})
    departing = [plan for plan in current if plan.wishes is Wishes.DEPARTED]
    departed = Counter(plan.departure for plan in departing)
    unheard = Counter(plan.not_recorded_because for plan in current if plan.wishes is Wishes.NOT_RECORDED)
    wishes = Counter(plan.wishes for plan in current)
    states = Counter(plan.state for plan in current)
    return PlanFigures(
        plans=len(current),
        by_state={state: states[state] for state in PlanState if state is not PlanState.ENDED},
        overdue=len(late),
        overdue_cases=len({case for case, _ in late}),
        oldest_overdue=min((due for _, due in late), default=None),
        reviews_overdue=sum(review < today for review in reviews),
        reviews_dated=len(reviews),
        brought_forward=len(forward),
        brought_forward_by={trigger: triggers[trigger] for trigger in ReviewTrigger if triggers[trigger]},
        weeks=_weeks(actions, reviews, today),
        bank_holidays=_closed(today),
        wishes={each: wishes[each] for each in Wishes},
        departures={reason: departed[reason] for reason in DepartureReason if departed[reason]},
        departing_without_informer=sum(not plan.has_informer for plan in departing),
        not_recorded_because={reason: unheard[reason] for reason in WhyNot if unheard[reason]},
        agencies=_agencies(actions, today),
    )


def _weeks(actions: Sequence[ActionLine], reviews: Sequence[date], today: date) -> tuple[WeekAhead, ...]:
    due = Counter(action.due_in(today) for action in actions)
    to_review = Counter(due_in(review, today) for review in reviews)
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


def _agencies(actions: Sequence[ActionLine], today: date) -> tuple[AgencyProgress, ...]:
    by_agency: dict[str, list[ActionLine]] = {}
    for action in actions:
        by_agency.setdefault(action.agency, []).append(action)
    return tuple(_progress(agency, by_agency[agency], today) for agency in sorted(by_agency))


def _progress(agency: str, actions: Sequence[ActionLine], today: date) -> AgencyProgress:
    status = Counter(action.status for action in actions)
    due = Counter(action.due_in(today) for action in actions)
    return AgencyProgress(
        agency=agency,
        open=sum(action.is_open for action in actions),
        overdue=due[DueIn.OVERDUE],
        due_this_week=due[DueIn.WEEK_1],
        done_lately=sum(action.is_done_lately for action in actions),
        not_possible=status[ActionStatus.NOT_POSSIBLE],
        not_done=status[ActionStatus.NOT_DONE],
    )
