"""Figures of the work itself over all cases: times, responses, items, actions, dissent, advocacy, wishes."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from engine.clock import LONDON
from engine.domain.base import Frozen
from engine.domain.cases.lifecycle import State
from engine.domain.outcomes.process import ProcessCase, RequestMade, ResponseKind, Timing
from engine.domain.outcomes.tables import FigureTable, Spread
from engine.domain.plans.actions import is_overdue
from engine.domain.plans.versions import PlanState
from engine.outcomes.order_figures import after_service_table, orders_table
from engine.outcomes.process_figures import process_days, process_tables
from engine.services.context import Context
from engine.services.outcomes.observed import require_every_case
from engine.services.outcomes.orders import orders_counted
from engine.services.responses.due_dates import DueDates
from engine.settings import Settings
from engine.store.repositories.access.visibility import NO_RESTRICTED_CASE
from engine.store.repositories.process_figures import RequestFact, items_in, offer_in
from engine.store.unit_of_work import Work


class ProcessView(Frozen):
    """Times and tables."""

    days: tuple[Spread, ...]
    tables: tuple[FigureTable, ...]


def process_figures(context: Context) -> ProcessView:
    """Return the exact figures of the work today, over all cases. Others see a release.

    Raises
    ------
    NotPermittedError
        The role of the person who acts does not permit it, or a case in the figures is not open to them.
    """
    with context.reading("see figures of the work") as work:
        cases = process_cases(work, at=context.clock.now(), settings=context.settings)
        counted = {case.reference for case in cases}
        require_every_case(work, context.acting, counted)
        orders = orders_counted(work, counted, on=context.clock.today())
        tables = (*process_tables(cases), orders_table(orders), after_service_table(orders))
        work.notes(cases=len(cases))
    return ProcessView(days=process_days(cases, limit=0), tables=tables)


def process_cases(work: Work, *, at: datetime, settings: Settings) -> tuple[ProcessCase, ...]:
    """Return every case that is not restricted, in the same number of statements whatever their number."""
    today = at.astimezone(LONDON).date()
    requests: dict[str, list[RequestFact]] = defaultdict(list)
    for fact in work.process_figures.requests():
        requests[fact.case].append(fact)
    dates = DueDates(work, sorted(requests), settings)
    dissent = work.process_figures.dissent()
    plans = {
        plan.case: (plan,) for plan in work.plan_lines.of_cases(NO_RESTRICTED_CASE, states=frozenset(State))
    }
    return tuple(
        ProcessCase(
            reference=each.case,
            received_on=each.received_at.astimezone(LONDON).date(),
            screened_on=each.screened_at.astimezone(LONDON).date() if each.screened_at else None,
            triage=each.triage,
            conference_on=each.conference_at.astimezone(LONDON).date() if each.conference_at else None,
            requests=tuple(_made(fact, dates, at) for fact in requests[each.case]),
            items=items_in(requests[each.case]),
            actions=tuple(
                (
                    action.status,
                    plan.state is not PlanState.ENDED and is_overdue(action.status, action.due, today),
                )
                for plan in plans.get(each.case, ())
                for action in plan.actions
                if action.is_live
            ),
            has_dissent=dissent.get(each.case),
            offered=offer_in(requests[each.case]),
            wishes=next((plan.wishes for plan in plans.get(each.case, ())), None),
        )
        for each in work.process_figures.dates()
    )


def _made(fact: RequestFact, dates: DueDates, at: datetime) -> RequestMade:
    """Return whether it was in time by the date that applied to it, as its case shows it."""
    given, answered_at = fact.due_at, fact.first_good_at
    moved = dates.forward(fact.case, asked_at=fact.asked_at, due_at=given, answered_at=answered_at)
    due_at = moved.due_at if moved else given
    if answered_at is not None:
        timing = Timing.IN_TIME if answered_at <= due_at else Timing.LATE
    else:
        timing = Timing.OVERDUE if at > due_at else Timing.NOT_DUE
    return RequestMade(timing=timing, kind=ResponseKind(fact.newest_kind or ResponseKind.NONE))
