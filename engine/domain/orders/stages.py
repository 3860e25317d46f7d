"""The furthest stage that an order reached, from considered to a confirmed breach. Knows no storage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from engine.domain.base import Frozen
from engine.domain.orders.orders import OrderAct, Relation, StoredOrder

_COPIES = frozenset({Relation.VARIES, Relation.RENEWS})


ORDERS, AFTER_SERVICE = "orders_stage", "orders_after_service"
"""The names of the tables of orders in a release."""


class OrderStage(StrEnum):
    """A stage that an order stays in: the stages of all orders add up to all orders."""

    CONSIDERED = "considered, and not decided whether to seek it"
    NOT_SOUGHT = "considered, and not sought"
    SOUGHT = "sought, and not decided"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    GRANTED = "granted, and service not recorded"
    SERVED = "served, and no likely breach recorded"
    LIKELY_BREACH = "likely breach, and none confirmed"
    BREACH = "breach confirmed"


_AT_LEAST_SOUGHT = frozenset(OrderStage) - {OrderStage.CONSIDERED, OrderStage.NOT_SOUGHT}
_AT_LEAST_GRANTED = _AT_LEAST_SOUGHT - {OrderStage.SOUGHT, OrderStage.REFUSED, OrderStage.WITHDRAWN}
REACHED = {
    "Considered": frozenset(OrderStage),
    "Sought": _AT_LEAST_SOUGHT,
    "Granted": _AT_LEAST_GRANTED,
    "Served": _AT_LEAST_GRANTED - {OrderStage.GRANTED},
}
"""The stages of orders that came at least so far, in the order of a funnel."""
REACHED_WITH_BREACHES = {
    **REACHED,
    "Likely breach, or breach confirmed": frozenset({OrderStage.LIKELY_BREACH, OrderStage.BREACH}),
    "Breach confirmed": frozenset({OrderStage.BREACH}),
}
"""The same, from considered to breached."""


class OrderGroup(StrEnum):
    """Types of orders as a table of counts groups them."""

    FULL = "stalking protection order"
    INTERIM = "interim stalking protection order"
    OTHER = "another order"


class AfterService(StrEnum):
    """The record of the 12 months that begin with service. The last three were not observed so long."""

    NONE = "no incident recorded"
    INCIDENT = "incident, and no breach recorded"
    REPORTED = "breach reported or likely, and none confirmed"
    BREACH = "breach confirmed"
    AT_RISK = "12 months are not over"
    ENDED = "observation ended early"
    UNKNOWN = "not known: not checked for 12 months, or a date is missing"


class OrderCounted(Frozen):
    """An order in a table of counts: its stage, what followed its service, and the cases behind it."""

    stage: OrderStage
    cases: tuple[str, ...]
    group: OrderGroup = OrderGroup.OTHER
    followed: AfterService | None = None
    """None: its service is not recorded."""


def is_copy(order: StoredOrder) -> bool:
    """Return whether it varies or renews another: the same protection, which is counted once."""
    return any(relation in _COPIES for relation, _ in order.earlier)


def stage_of(
    order: StoredOrder, *, is_likely_breached: bool = False, is_breached: bool = False
) -> OrderStage:
    """Return the furthest stage. A breach is one of any order, also of one whose service is not recorded."""
    if is_breached:
        return OrderStage.BREACH
    if is_likely_breached:
        return OrderStage.LIKELY_BREACH
    if order.served is not None:
        return OrderStage.SERVED
    if order.was_made:
        return OrderStage.GRANTED
    return _BEFORE_MAKING[_last_before_making(order)]


def furthest(stages: Iterable[OrderStage]) -> OrderStage:
    """Return the furthest of these stages, from considered to a breach."""
    return max(stages, key=list(OrderStage).index)


def first_of_copies(orders: Sequence[StoredOrder]) -> dict[str, str]:
    """Return for each of these orders the first one that it varies or renews, step by step; or itself."""
    before = {
        order.reference: earlier
        for order in orders
        for relation, earlier in order.earlier
        if relation in _COPIES
    }
    found = {}
    for order in orders:
        first = order.reference
        while first in before:
            first = before[first]
        found[order.reference] = first
    return found


_BEFORE_MAKING = {
    OrderAct.CONSIDERED: OrderStage.CONSIDERED,
    OrderAct.NOT_SOUGHT: OrderStage.NOT_SOUGHT,
    OrderAct.SOUGHT: OrderStage.SOUGHT,
    OrderAct.INTERIM: OrderStage.SOUGHT,
    OrderAct.REFUSED: OrderStage.REFUSED,
    OrderAct.WITHDRAWN: OrderStage.WITHDRAWN,
}


def _last_before_making(order: StoredOrder) -> OrderAct:
    return next(step.act for step in reversed(order.steps) if step.act in _BEFORE_MAKING)
