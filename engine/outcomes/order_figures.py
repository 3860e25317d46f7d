"""Tables of orders, exact, for a release to take: by stage, and by what followed service. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.domain.orders.stages import (
    AFTER_SERVICE,
    ORDERS,
    AfterService,
    OrderCounted,
    OrderGroup,
    OrderStage,
)
from engine.domain.outcomes.tables import FigureTable, Hiding
from engine.outcomes.figure_tables import exact_table
from engine.outcomes.observed.windows import WINDOW_DAYS


@dataclass(frozen=True)
class Happened:
    """The dates between which something happened."""

    first: date
    last: date


@dataclass(frozen=True)
class Since:
    """Records of the cases of an order: incidents, breaches, and how far someone checked."""

    incidents: Sequence[Happened] = ()
    reported: Sequence[Happened] = ()
    """Breaches that were reported, and likely ones that wait for a person."""
    confirmed: Sequence[Happened] = ()
    checked_until: date | None = None
    ended: date | None = None


def checked_for_all(searches: Iterable[Iterable[date]]) -> date | None:
    """Return the date until every case of an order was checked; None where one of them was not.

    ``searches`` has the dates of each case: one case's check shows nothing of another's.
    """
    newest = [max(dates, default=None) for dates in searches]
    dates = [each for each in newest if each is not None]
    return min(dates) if dates and len(dates) == len(newest) else None


def after_service(served: date, since: Since, *, today: date) -> AfterService:
    """Return what followed in the 12 months that begin with service.

    Until they are over it is not known, whatever was found. The same where the date of something leaves open
    whether it was in them, the date of service itself included: it may have been before.

    Examples
    --------
    >>> year = Since(checked_until=date(2026, 3, 1))
    >>> after_service(date(2025, 3, 2), year, today=date(2026, 3, 2))
    <AfterService.NONE: 'no incident recorded'>
    """
    last = served + timedelta(days=WINDOW_DAYS - 1)
    if today <= last:
        return AfterService.AT_RISK
    for found, result in (
        (since.confirmed, AfterService.BREACH),
        (since.reported, AfterService.REPORTED),
        (since.incidents, AfterService.INCIDENT),
    ):
        if any(served < each.first and each.last <= last for each in found):
            return result
        if any(served <= each.last and each.first <= last for each in found):
            return AfterService.UNKNOWN
    until = last if since.ended is None or since.ended > last else since.ended
    if since.checked_until is None or since.checked_until < until:
        return AfterService.UNKNOWN
    return AfterService.NONE if until == last else AfterService.ENDED


def orders_table(orders: Sequence[OrderCounted]) -> FigureTable:
    """Return the exact table of these orders: each is in one row, and the rows add up to all of them.

    ``orders`` has no variation and no renewal: a copy is the same protection. One order may serve several
    cases and several orders one case, so the numbers of cases behind each row go with it.

    Examples
    --------
    >>> served = OrderCounted(stage=OrderStage.SERVED, cases=("R-7K3M9QV",))
    >>> table = orders_table([served, served])
    >>> table.whole, sum(table.behind)
    (2, 1)
    """
    counts = Counter(order.stage for order in orders)
    return exact_table(
        ORDERS,
        "Orders by the stage that they reached",
        counts="orders",
        dimensions=("stage",),
        rows={(stage.value,): counts[stage] for stage in OrderStage},
        whole=len(orders),
        hiding=Hiding.JOINED,
        behind=[
            len({case for order in orders if order.stage is stage for case in order.cases})
            for stage in OrderStage
        ],
    )


def after_service_table(orders: Sequence[OrderCounted]) -> FigureTable:
    """Return the exact table of the orders that were served, by group, and by what followed in 12 months.

    A row has the orders of one group with one result, and the rows add up to all served orders.
    """
    served = [order for order in orders if order.followed is not None]
    rows = [(group, result) for group in OrderGroup for result in AfterService]
    of_row: dict[tuple[OrderGroup, AfterService], list[OrderCounted]] = {row: [] for row in rows}
    for order in served:
        if order.followed is not None:
            of_row[order.group, order.followed].append(order)
    return exact_table(
        AFTER_SERVICE,
        "Within 12 months of service: what followed",
        counts="orders",
        dimensions=("type", "result"),
        rows={(group.value, result.value): len(of_row[group, result]) for group, result in rows},
        whole=len(served),
        hiding=Hiding.JOINED_IN_GROUP,
        behind=[len({case for order in of_row[row] for case in order.cases}) for row in rows],
    )
