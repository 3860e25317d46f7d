"""Orders counted by the stage that they reached. None that serves only restricted cases is counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container

from engine.domain.orders.breaches import BreachResult, BreachStatus, StoredBreach
from engine.domain.orders.stages import OrderCounted, OrderStage, first_of_copies, furthest, stage_of
from engine.store.repositories.access.visibility import NO_RESTRICTED_CASE
from engine.store.unit_of_work import Work


def orders_counted(work: Work, cases: Container[str]) -> tuple[OrderCounted, ...]:
    """Return each order that serves one of these cases, with its stage; a part of larger use cases.

    A variation or renewal is the same protection: an order is counted once with its copies, by the stage
    that any of them reached.
    """
    breaches: dict[str, list[StoredBreach]] = defaultdict(list)
    for breach in work.likely_breaches.visible(NO_RESTRICTED_CASE):
        if breach.case in cases:
            breaches[breach.order].append(breach)
    orders = work.orders.visible(NO_RESTRICTED_CASE, terms_only=True)
    first = first_of_copies(orders)
    stages: dict[str, list[OrderStage]] = defaultdict(list)
    served: dict[str, list[str]] = defaultdict(list)
    for order in orders:
        there = breaches[order.reference]
        stage = stage_of(
            order,
            is_likely_breached=any(
                each.is_open and each.newest.result is BreachResult.LIKELY for each in there
            ),
            is_breached=any(each.status is BreachStatus.CONFIRMED for each in there),
        )
        stages[first[order.reference]].append(stage)
        served[first[order.reference]] += [case for case in order.cases if case in cases]
    return tuple(
        OrderCounted(stage=furthest(stages[reference]), cases=tuple(dict.fromkeys(those)))
        for reference, those in served.items()
        if those
    )
