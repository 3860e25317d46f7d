"""Orders of cases in words: how many apply, or that none is recorded, and what presses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.domain.orders.dates import OrderDate
from engine.domain.orders.orders import StoredOrder
from engine.domain.orders.views import OrderKnown, OrdersInBrief, orders_in_words
from engine.orders.on_record import dates_of, last_day_by_rule
from engine.orders.protection import needs_service, protection
from engine.services.orders.seen import hearing_for
from engine.store.unit_of_work import Work


def orders_in_brief(work: Work, cases: Sequence[str], *, on: date) -> OrdersInBrief:
    """Return what the record says about orders on a case, and what presses; part of larger use cases."""
    orders = work.orders.of(cases)
    today = protection(orders, on=on)
    return OrdersInBrief(
        in_words=_in_words(orders, on),
        gap=today.sentence if today.is_gap else None,
        pressing=_pressing(orders, on),
        made=_made(orders),
        known=tuple(
            OrderKnown(reference=each.reference, type=each.type, made=each.made, in_effect=each.in_effect)
            for each in orders
        ),
    )


def orders_of_each_in_words(work: Work, cases: Sequence[str], *, on: date) -> dict[str, str]:
    """Return the same for each of these cases, in one reading of all."""
    by_case: dict[str, list[StoredOrder]] = {case: [] for case in cases}
    for order in work.orders.of(cases):
        for case in order.cases:
            by_case.get(case, []).append(order)
    return {case: _in_words(orders, on) for case, orders in by_case.items()}


def _made(orders: Sequence[StoredOrder]) -> tuple[date, ...]:
    return tuple(sorted(order.made for order in orders if order.made is not None))


def _pressing(orders: Sequence[StoredOrder], on: date) -> str | None:
    """Return a gap in protection, what is not served, what is late and what comes next, in this order."""
    applying = [order for order in orders if order.applies_on(on, by_rule=last_day_by_rule(order))]
    unserved = sum(needs_service(order) and order.served is None for order in applying)
    dates = [
        each
        for order in orders
        for each in dates_of(order, on=on, others=orders, hearing=hearing_for(order, orders, on=on))
        if each.is_open
        and (order in applying or each.stays(on=on) or (each.day is not None and each.day >= on))
    ]
    gap = max((each.gap_days or 0 for each in dates), default=0)
    late = sum(each.is_late(on=on) for each in dates)
    following = min((each for each in dates if each.day and each.day >= on), key=_when, default=None)
    parts = [
        f"{gap} day{'' if gap == 1 else 's'} without an order before the hearing." if gap else "",
        f"{unserved} not served." if unserved else "",
        f"{late} overdue." if late else "",
        f"Next: {_lowered(following.what)}, {_when(following):%-d %b %Y}." if following else "",
    ]
    return " ".join(part for part in parts if part) or None


def _when(each: OrderDate) -> date:
    return each.day or date.max


def _lowered(what: str) -> str:
    return f"{what[:1].lower()}{what[1:]}"


def _in_words(orders: Sequence[StoredOrder], on: date) -> str:
    count = sum(order.applies_on(on, by_rule=last_day_by_rule(order)) for order in orders)
    return orders_in_words(count, len(orders))
