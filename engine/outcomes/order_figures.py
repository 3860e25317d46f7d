"""The table of orders by the stage that they reached, exact, for a release to take. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from engine.domain.orders.stages import OrderCounted, OrderStage
from engine.domain.outcomes.tables import FigureTable, Hiding
from engine.outcomes.figure_tables import exact_table

ORDERS = "orders_stage"
"""The name of the table."""


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
