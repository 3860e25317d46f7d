"""A person's lines about orders on their cases: a gap, a service that is awaited, what is due soon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time

from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import Acting
from engine.domain.cases.due import Waits
from engine.domain.cases.worklists import LongLines, WorkItem
from engine.domain.orders.dates import OrderDate
from engine.domain.orders.orders import StoredOrder
from engine.services.access.checks import open_cases, or_nowhere
from engine.services.due.lines import lines_with_those_of_viewer
from engine.services.orders.asking import asked_on
from engine.services.orders.due import OF_SEVERAL, ORDER
from engine.services.orders.listing import name_of
from engine.store.unit_of_work import Work


def order_lines(work: Work, acting: Acting, clock: Clock) -> Iterator[LongLines]:
    """Yield a person's lines about orders, one for each date, with its rule; what only starts has none."""

    def write(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        orders = work.orders.of(or_nowhere(dict.fromkeys(each.case for each in rows)), always=True)
        for each in rows:
            reference, _, name = each.about.split(" ", 2)
            of_case = [order for order in orders if each.case in order.cases]
            order = next(order for order in of_case if order.reference == reference)
            asked = {asked.name: asked.date for asked in asked_on(order, of_case, on=clock.today())}
            yield _item(order, each.case, asked[name], clock)

    def of_several(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        return _of_several(work, acting, clock, rows)

    yield lines_with_those_of_viewer(
        (ORDER,), OF_SEVERAL, work, acting, clock, write=write, items=of_several, named=ORDER.name
    )


def _of_several(work: Work, acting: Acting, clock: Clock, rows: Sequence[Waits]) -> Iterator[WorkItem]:
    """Yield the lines about orders whose dates rest on several cases, by those open to this person."""
    serving = work.orders.of(or_nowhere(each.case for each in rows), always=True)
    there = {case for order in serving for case in order.cases}
    open_to = {each.reference for each in open_cases(work, acting, work.cases.all(there))}
    orders = work.orders.of(or_nowhere(sorted(open_to)), always=True)
    for reference in dict.fromkeys(each.about for each in rows):
        order = next(each for each in orders if each.reference == reference)
        others = [other for case in order.cases for other in orders if case in other.cases]
        for asked in asked_on(order, others, on=clock.today()):
            yield _item(order, next(case for case in order.cases if case in open_to), asked.date, clock)


def _item(order: StoredOrder, case: str, each: OrderDate, clock: Clock) -> WorkItem:
    today, late = clock.today(), each.is_late(on=clock.today(), now=_naive(clock))
    gap = f" {each.gap_days} days without an order before the hearing." if each.gap_days else ""
    missed = f" {each.missed}" if late and each.missed else ""
    rule = f" ({each.rests_on})" if each.rests_on else ""
    when = f"{each.day.day} {each.day:%B %Y}" if each.day else "no date yet"
    at = each.at or (datetime.combine(each.day, time(23, 59)) if each.day else None)
    return WorkItem(
        reference=case,
        what=f"Order {order.reference}: {each.what[:1].lower()}{each.what[1:]}",
        why=f"{name_of(order)}: {when}{rule}.{gap}{missed} {each.next}.",
        due_at=at.replace(tzinfo=LONDON) if at else None,
        since=order.at if each.day is None or each.day < today else None,
        is_overdue=late,
        is_alarm=False,
        kind=ORDER.name,
    )


def _naive(clock: Clock) -> datetime:
    return clock.now().astimezone(LONDON).replace(tzinfo=None)
