"""Protection of each case today, by the orders of its episode that one person can read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from engine.domain.orders.dates import DateKind, OrderDate
from engine.domain.orders.orders import StoredOrder
from engine.domain.orders.protection import Protection
from engine.orders.protection import protection_of

Together = Mapping[str, Collection[str]]
"""By case, the cases of its episode."""
OfEach = Mapping[str, Sequence[StoredOrder]]
"""By case, the orders of its episode."""
RECORD_ORDER = "Ask the police lead which order applies, and record it"
RECORD_SERVICE = "Ask the police lead whether it is served, and record it"


def orders_of_each(
    orders: Sequence[StoredOrder], together: Together, cases: Collection[str], open_to: Collection[str]
) -> OfEach:
    """Return by case the orders of its episode, of the cases that are open to a person."""
    by_case: dict[str, list[StoredOrder]] = defaultdict(list)
    for order in orders:
        for case in order.cases:
            by_case[case].append(order)
    found: dict[str, list[StoredOrder]] = {}
    for case in cases:
        of_episode = {case, *(each for each in together.get(case, ()) if each in open_to)}
        there = {order.reference: order for each in of_episode for order in by_case.get(each, ())}
        found[case] = sorted(there.values(), key=lambda order: (order.at, order.reference))
    return found


def answers_of(orders: Sequence[StoredOrder], there: OfEach, *, on: date) -> dict[str, Protection]:
    """Return by reference whether each order applies; of several cases, with the gap of one that has one."""
    found: dict[str, Protection] = {}
    for order in orders:
        answers = [protection_of(order, there[case], on=on) for case in order.cases if case in there]
        gaps = [each for each in answers if each.is_gap]
        found[order.reference] = next(iter(gaps or answers), protection_of(order, (order,), on=on))
    return found


def gap_date(found: Protection, order: str) -> OrderDate:
    """Return a gap as a date of an order."""
    return OrderDate(
        order=order,
        kind=DateKind.GAP,
        what="No order applies",
        day=found.first,
        counts=found.sentence,
        changed_by="An order that applies and, where it needs service, is served.",
        next=RECORD_SERVICE if found.not_served else RECORD_ORDER,
        gap_days=found.days,
    )
