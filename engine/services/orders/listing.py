"""All orders within one person's access: what starts, is awaited, is due, heard or ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from engine.access.policy import May, require
from engine.access.redaction import Masker
from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import CASE_WORKERS, Acting
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import InvalidInputError
from engine.domain.orders.dates import DateKind, OrderDate
from engine.domain.orders.orders import StoredOrder
from engine.domain.orders.stages import REACHED, is_copy, stage_of
from engine.domain.orders.views import TEXT_WITHHELD, OrderLine, OrderRow, OrdersPage
from engine.orders.on_record import dates_of, is_checked, last_day_by_rule
from engine.orders.rules import courts, order_type
from engine.services.access.checks import known_part, open_cases
from engine.services.access.masking import maskers_for
from engine.services.context import Context
from engine.services.orders.seen import exempting, hearing_for
from engine.store.unit_of_work import Work

ORDER = "order"
"""The kind of a line about an order."""
LONGEST_AHEAD = 366
_SOON_DAYS = 7
_QUIET_KINDS = frozenset({DateKind.STARTS})
_STATUS = {
    DateKind.STARTS: "Starts",
    DateKind.AWAITING: "No clock yet",
    DateKind.DUE: "Due",
    DateKind.HEARING: "Hearing",
    DateKind.EXPIRES: "Expires",
}


def list_orders(context: Context, *, ahead_days: int = 28) -> OrdersPage:
    """Return the orders on the cases that are open to this person, and their open dates so many days ahead.

    Gaps in protection come first, then dates in order. What is overdue stays listed.

    Raises
    ------
    InvalidInputError
        The number of days is not between 1 and 366.
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    require(May.SEE_ORDERS, context.acting)
    if not 1 <= ahead_days <= LONGEST_AHEAD:
        raise InvalidInputError("days", f"give a number between 1 and {LONGEST_AHEAD}")
    today = context.clock.today()
    with context.reading("list orders") as work:
        orders, open_to = _within_access(work, context.acting)
        until = today + timedelta(days=ahead_days)
        there = _on_shared_cases(orders)
        named = {case for order in orders for case in order.cases}
        maskers = maskers_for(work=work, references=sorted(open_to & named)) if orders else {}
        rows = tuple(_row(order, open_to, maskers, on=today) for order in orders)
        lines = [
            _line(order, open_to, each, maskers)
            for order in orders
            for each in _dates(order, there, on=today)
            if _is_listed(each, on=today, until=until) and _still_asks(order, each, on=today)
        ]
        lines.sort(key=_pressing)
        work.notes(orders=len(orders), dates=len(lines))
        work.touches(*sorted({case for row in rows for case in row.cases}))
        return OrdersPage(
            today=today,
            until=until,
            rows=rows,
            lines=tuple(lines),
            stages=_stages(orders),
            forces=_sorted(row.force for row in rows),
            courts=_sorted(row.court for row in rows),
            types=tuple(sorted({(row.type, row.name) for row in rows}, key=lambda pair: pair[1])),
        )


def order_items(work: Work, acting: Acting, clock: Clock) -> Iterator[WorkItem]:
    """Yield a person's lines about orders on their cases: a gap, a service that is awaited, what is due soon.

    One line for each date, with its rule; what only starts has none.
    """
    if acting.role not in CASE_WORKERS:
        return
    today = clock.today()
    orders, open_to = _within_access(work, acting)
    there = _on_shared_cases(orders)
    for order in orders:
        for each in _dates(order, there, on=today):
            if each.kind in _QUIET_KINDS or not _asks_now(each, on=today):
                continue
            if not _still_asks(order, each, on=today):
                continue
            yield _item(order, open_to, each, clock)


def _asks_now(each: OrderDate, *, on: date) -> bool:
    if not each.is_open:
        return False
    if each.kind is DateKind.AWAITING or each.gap_days:
        return True
    return each.is_near(on=on, within=_SOON_DAYS)


def _item(order: StoredOrder, open_to: frozenset[str], each: OrderDate, clock: Clock) -> WorkItem:
    today, late = clock.today(), each.is_late(on=clock.today(), now=_naive(clock))
    gap = f" {each.gap_days} days without an order before the hearing." if each.gap_days else ""
    rule = f" ({each.rests_on})" if each.rests_on else ""
    when = f"{each.day.day} {each.day:%B}" if each.day else "no date yet"
    at = each.at or (datetime.combine(each.day, time(23, 59)) if each.day else None)
    return WorkItem(
        reference=next(case for case in order.cases if case in open_to),
        what=f"Order {order.reference}: {each.what[:1].lower()}{each.what[1:]}",
        why=f"{_name(order)}: {when}{rule}.{gap} {each.next}.",
        due_at=at.replace(tzinfo=LONDON) if at else None,
        since=order.at if each.day is None or each.day < today else None,
        is_overdue=late,
        is_alarm=False,
        kind=ORDER,
    )


def _naive(clock: Clock) -> datetime:
    return clock.now().astimezone(LONDON).replace(tzinfo=None)


def _within_access(work: Work, acting: Acting) -> tuple[tuple[StoredOrder, ...], frozenset[str]]:
    """Return the orders of the cases that are open to a person, and those cases."""
    orders = work.orders.visible(known_part(work, acting))
    named = sorted({case for order in orders for case in order.cases})
    there = open_cases(work, acting, work.cases.all(named)) if named else ()
    open_to = frozenset(each.reference for each in there)
    return tuple(order for order in orders if open_to & {*order.cases}), open_to


def _on_shared_cases(orders: Sequence[StoredOrder]) -> Mapping[str, list[StoredOrder]]:
    by_case: dict[str, list[StoredOrder]] = defaultdict(list)
    for order in orders:
        for case in order.cases:
            by_case[case].append(order)
    return by_case


def _dates(order: StoredOrder, there: Mapping[str, list[StoredOrder]], *, on: date) -> tuple[OrderDate, ...]:
    others = [other for case in order.cases for other in there.get(case, ())]
    return dates_of(
        order,
        on=on,
        exempt=exempting(order, others, on=on),
        hearing=hearing_for(order, others, on=on),
    )


def _still_asks(order: StoredOrder, each: OrderDate, *, on: date) -> bool:
    """Return whether a date asks for something still: one that passed under an order that ended does not.

    It stays among the clocks of its case.
    """
    if each.day is None or each.day >= on:
        return True
    return order.applies_on(on, by_rule=last_day_by_rule(order))


def _is_listed(each: OrderDate, *, on: date, until: date) -> bool:
    if not each.is_open:
        return False
    if each.day is None:
        return each.kind is DateKind.AWAITING or each.answer is not None
    return each.day <= until and (each.day >= on or each.kind is DateKind.DUE)


def _pressing(line: OrderLine) -> tuple[bool, date, str]:
    return not line.date.gap_days, line.date.day or date.min, line.order


def _line(
    order: StoredOrder, open_to: frozenset[str], each: OrderDate, maskers: Mapping[str, Masker]
) -> OrderLine:
    return OrderLine(
        order=order.reference,
        cases=tuple(case for case in order.cases if case in open_to),
        name=_name(order),
        court=_court(order),
        force=_force(order, maskers),
        status=_STATUS[each.kind],
        date=each,
    )


def _row(order: StoredOrder, open_to: frozenset[str], maskers: Mapping[str, Masker], *, on: date) -> OrderRow:
    by_rule = last_day_by_rule(order)
    return OrderRow(
        reference=order.reference,
        cases=tuple(case for case in order.cases if case in open_to),
        type=order.type,
        name=_name(order),
        state=order.state_on(on, by_rule=by_rule),
        applies=order.applies_on(on, by_rule=by_rule),
        court=_court(order),
        force=_force(order, maskers),
        made=order.made,
        served=order.served,
        last_day=order.last_day(by_rule),
        is_checked=is_checked(order),
    )


def _name(order: StoredOrder) -> str:
    kind = order_type(order.type)
    return kind.name if kind else order.type


def _court(order: StoredOrder) -> str:
    """Return the kind of court: its name is typed, and read on the case, where it is masked."""
    terms = order.terms
    kind = courts().get(terms.court) if terms and terms.court else None
    return kind.name if kind else "court not recorded"


def _force(order: StoredOrder, maskers: Mapping[str, Masker]) -> str:
    """Return the force as a person typed it, masked for every case of the order that is open.

    One that was typed on a case that is closed to this person is withheld.
    """
    terms, step = order.terms, order.terms_step
    force = terms.force if terms else None
    if force is not None and (step is None or step.case not in maskers):
        return TEXT_WITHHELD
    for case in order.cases:
        masker = maskers.get(case)
        force = masker.masked_or_none(force) if masker else force
    return force or "force not recorded"


def _stages(orders: Sequence[StoredOrder]) -> tuple[tuple[str, int], ...]:
    """Return how many orders reached each stage, of those within access: counts, and no shares.

    A variation or renewal is the same protection and is not counted again.
    """
    stages = [stage_of(order) for order in orders if not is_copy(order)]
    return tuple((name, sum(stage in there for stage in stages)) for name, there in REACHED.items())


def _sorted(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*words}))
