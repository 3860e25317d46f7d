"""Likely breaches that wait: lines and their number, for the people who may confirm or reject them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.access.policy import May, require
from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.due import Waits
from engine.domain.cases.worklists import LongLines, WorkItem
from engine.domain.orders.breaches import BreachResult, BreachStatus, StoredBreach
from engine.domain.orders.orders import StoredOrder
from engine.orders.rules import order_type
from engine.services.context import Context
from engine.services.due.lines import lines_with_those_of_viewer
from engine.services.orders.breaches import LIKELY_BREACH, UNCLEAR_BREACH, is_asked, of_cases
from engine.services.orders.breaches_waiting import LIKELY, OF_VIEWER, UNCLEAR
from engine.store.unit_of_work import Work


def count_waiting(context: Context, *, most: int) -> int:
    """Return how many likely breaches wait for this person, as their worklist counts them.

    ``most`` means so many or more; 0 without a read where none can wait.
    """
    require(May.SEE_ORDERS, context.acting)
    agencies = context.agencies_known
    if not is_asked(context.acting, agencies):
        return 0
    with context.reading("count likely breaches") as work:
        lines = breach_lines(work, context.acting, context.clock, agencies)
        count = min(sum(each.total for each in lines), most)
        work.notes(breaches=count)
        return count


def breach_lines(
    work: Work, acting: Acting, clock: Clock, agencies: Sequence[AgencyKnown]
) -> Iterator[LongLines]:
    """Yield a line for each likely breach that waits, for the people who may confirm or reject it."""
    if not is_asked(acting, agencies):
        return

    def write(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        there = dict(_items(work, acting, clock, list(dict.fromkeys(each.case for each in rows))))
        yield from (there[each.about] for each in rows)

    def of_viewer(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        return (item for _, item in _items(work, acting, clock, [each.case for each in rows]))

    yield lines_with_those_of_viewer(
        (LIKELY, UNCLEAR),
        OF_VIEWER,
        work,
        acting,
        clock,
        write=write,
        items=of_viewer,
        named=LIKELY_BREACH,
    )


def _items(work: Work, acting: Acting, clock: Clock, cases: Sequence[str]) -> Iterator[tuple[str, WorkItem]]:
    waiting, there = of_cases(work, acting, clock, cases)
    orders = {order.reference: order for order in work.orders.of(there, always=True)}
    for each, incident in waiting:
        if each.case in cases:
            yield each.reference, _item(each, incident, orders[each.order])


def _item(breach: StoredBreach, incident: str, order: StoredOrder) -> WorkItem:
    is_likely = breach.newest.result is BreachResult.LIKELY
    kind = order_type(order.type)
    name = kind.name if kind else order.type
    what = "Confirm or reject a likely breach" if is_likely else "Find out whether a condition was broken"
    happened = breach.happened.in_words() if breach.happened else "date not recorded"
    question = " A question was asked about it." if breach.status is BreachStatus.ASKED else ""
    return WorkItem(
        reference=breach.case,
        what=f"{what}: {name[:1].lower()}{name[1:]}, condition {breach.condition}",
        why=f"Incident {incident}, {happened}.{question} A person decides whether it was a breach.",
        due_at=None,
        since=breach.newest.at,
        is_overdue=False,
        is_alarm=False,
        kind=LIKELY_BREACH if is_likely else UNCLEAR_BREACH,
    )
