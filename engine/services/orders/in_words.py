"""Orders of cases in words: how many apply, or that none is recorded. All that a list of cases loads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.domain.orders.orders import StoredOrder
from engine.domain.orders.views import orders_in_words
from engine.orders.on_record import last_day_by_rule
from engine.store.unit_of_work import Work


def orders_of_case_in_words(work: Work, cases: Sequence[str], *, on: date) -> str:
    """Return what the record says about orders on a case; part of larger use cases."""
    return _in_words(work.orders.of(cases), on)


def orders_of_each_in_words(work: Work, cases: Sequence[str], *, on: date) -> dict[str, str]:
    """Return the same for each of these cases, in one reading of all."""
    by_case: dict[str, list[StoredOrder]] = {case: [] for case in cases}
    for order in work.orders.of(cases):
        for case in order.cases:
            by_case.get(case, []).append(order)
    return {case: _in_words(orders, on) for case, orders in by_case.items()}


def _in_words(orders: Sequence[StoredOrder], on: date) -> str:
    count = sum(order.applies_on(on, by_rule=last_day_by_rule(order)) for order in orders)
    return orders_in_words(count, len(orders))
