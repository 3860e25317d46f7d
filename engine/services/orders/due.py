"""Rows of what orders ask, by date; and of notices to the victim, for advocates, coordinators and chair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from engine.clock import LONDON
from engine.domain.cases.due import OF_DESK, PEOPLE_OF_CASE, Waits, of_agency
from engine.domain.orders.dates import OrderDate
from engine.domain.orders.notices import StoredNotice
from engine.domain.orders.orders import StoredOrder
from engine.services.due.kinds import DueGiven, DueKind
from engine.services.orders.asking import asked_between
from engine.store.unit_of_work import Work

_READS = frozenset({"victim_notice", "victim_notice_attempt"})
_ORDERS = frozenset({"court_order", "court_order_case", "court_order_step", "court_order_relation"})


def asked_of_orders(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield what each order of one case asks, and when, unless what another case has would count for it."""
    for case, orders in _by_case(work, cases).items():
        for order in orders:
            if is_of_several(order, orders):
                continue
            recorded = max(step.at for step in order.steps).astimezone(LONDON).date()
            times = Counter[str]()
            for each in asked_between(order, orders):
                if each.last is not None and each.last < recorded:
                    continue
                times[each.asked.name] += 1
                yield Waits(
                    case=case,
                    about=f"{order.reference} {times[each.asked.name]} {each.asked.name}",
                    whom=PEOPLE_OF_CASE,
                    since=order.at,
                    starts=_start_of(each.first) if each.first else None,
                    ends=_end_of(each.last) if each.last else None,
                    due=_due_of(each.asked.date),
                )


def orders_of_several(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield on each case the orders whose dates rest on another case too: what of it counts is a viewer's."""
    for case, orders in _by_case(work, cases).items():
        for order in orders:
            if is_of_several(order, orders):
                yield Waits(case=case, about=order.reference, whom=PEOPLE_OF_CASE, since=order.at)


def is_of_several(order: StoredOrder, of_case: Sequence[StoredOrder]) -> bool:
    """Return whether an order serves another case too, or is tied to an order that this case has not."""
    there = {each.reference for each in of_case}
    tied = {each for _, each in order.earlier} | {each for _, each, _ in order.successors}
    return len(order.cases) > 1 or not tied <= there


def _by_case(work: Work, cases: Sequence[str]) -> dict[str, list[StoredOrder]]:
    found: dict[str, list[StoredOrder]] = {}
    wanted = set(cases)
    for order in work.orders.of(cases):
        for case in wanted.intersection(order.cases):
            found.setdefault(case, []).append(order)
    return found


def _due_of(each: OrderDate) -> datetime | None:
    if each.at is not None:
        return each.at.replace(tzinfo=LONDON)
    return _end_of(each.day) if each.day is not None else None


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


def _end_of(day: date) -> datetime:
    return _start_of(day + timedelta(days=1)) - datetime.resolution


def to_inform(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each notice without an attempt that is not late, for who speaks for the victim."""
    for notice in work.victim_notices.of(cases):
        if not notice.attempts:
            for code in _speaking(given):
                yield _waits(notice, of_agency(code))._replace(ends=notice.due_at)


def not_reached(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each notice that is late or did not reach the victim, for them, coordinators and chair."""
    for notice in work.victim_notices.of(cases):
        if notice.is_done:
            continue
        starts = None if notice.attempts else notice.due_at + datetime.resolution
        for whom in (OF_DESK, *map(of_agency, _speaking(given))):
            yield _waits(notice, whom)._replace(starts=starts)


def _waits(notice: StoredNotice, whom: str) -> Waits:
    return Waits(case=notice.case, about=str(notice.number), whom=whom, since=notice.at, due=notice.due_at)


def _speaking(given: DueGiven) -> list[str]:
    return sorted(agency.code for agency in given.agencies if agency.speaks_for_victim)


ORDER = DueKind("order", reads=_ORDERS, of=asked_of_orders, version=2)
OF_SEVERAL = DueKind("order of several cases", reads=_ORDERS, of=orders_of_several, version=2)
INFORM = DueKind("inform victim", reads=_READS, of=to_inform, given=_speaking)
NOT_REACHED = DueKind("victim not reached", reads=_READS, of=not_reached, given=_speaking)
"""Its lines come before all but alarms: an attempt failed, or the target has passed."""
