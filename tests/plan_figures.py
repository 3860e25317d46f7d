"""Figures over plans that a test writes, counted here one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time

from engine.clock import LONDON
from engine.domain.plans.actions import ActionStatus
from engine.domain.plans.figures import DONE_LATELY, ActionFacts, Counted, PlanFigures, figures_of
from engine.domain.plans.lists import DueIn, PlanLine
from engine.domain.plans.reviews import day_due, is_brought_forward
from engine.domain.plans.versions import PlanState


def figures_over(lines: Iterable[PlanLine], *, today: date, now: datetime | None = None) -> PlanFigures:
    """The figures of these plans, of which those that have ended are left out."""
    plans = [line for line in lines if line.state is not PlanState.ENDED]
    actions = [action for plan in plans for action in plan.actions if action.is_live]
    days = [day_due(plan.review, plan.review_causes, on=today) for plan in plans]
    since = (now or datetime.combine(today, time(12), LONDON)) - DONE_LATELY
    counted = Counted(
        plans=Counter(plan.facts for plan in plans),
        actions=Counter(
            ActionFacts(each.agency, each.status, each.due if each.is_open else None) for each in actions
        ),
        done_lately=Counter(
            each.agency
            for each in actions
            if each.status is ActionStatus.DONE and each.done_at is not None and each.done_at >= since
        ),
        overdue_cases=sum(
            any(action.due_in(today) is DueIn.OVERDUE for action in plan.actions) for plan in plans
        ),
        reviews=Counter(day for day in days if day is not None),
        brought_forward=Counter(
            frozenset(cause.trigger for cause in plan.review_causes)
            for plan in plans
            if is_brought_forward(plan.review_causes)
        ),
    )
    return figures_of(counted, today=today)
