"""What 10,000 orders cost on the pages that list them, beside 1,000: the growth with their number.

The cases are those of the demonstration that have an order, again under other numbers.
"""

from __future__ import annotations

import os

from benchmarks.case_page import READER, Works, drawn_pages
from benchmarks.measured import Measured, in_turns, median
from benchmarks.scaled_record import record_with_orders
from dashboard.pages import Place
from engine.runtime import Runtime
from engine.services.accounts import users
from engine.services.cases.worklists import worklist
from engine.services.orders.breaches import list_breaches
from engine.services.orders.export import export_orders
from engine.services.orders.listing import list_orders

ORDERS = int(os.environ.get("STAC_BENCH_ORDERS", "10000"))
TIMES = 3
PAGE_MS = 1_000.0


def measure() -> list[Measured]:
    """Medians in milliseconds, warm, each with its audit entry."""
    taken: dict[int, dict[str, list[float]]] = {}
    for number in (ORDERS // 10, ORDERS):
        with record_with_orders(number) as runtime:
            taken[number] = in_turns(dict(_works(runtime)), times=TIMES, warm=1)
    return [
        Measured(
            name=f"{name}, {ORDERS:,} orders",
            figure=1_000 * median(of_it),
            unit="ms",
            target=PAGE_MS,
            yardstick=1_000 * median(taken[ORDERS // 10][name]),
            against=f"the same with {ORDERS // 10:,}",
        )
        for name, of_it in taken[ORDERS].items()
    ]


def _works(runtime: Runtime) -> Works:
    acting = users.find_user(uow=runtime.uow, name=READER).acting()
    context = runtime.context(acting)
    yield "dates of orders for 28 days, read", lambda: list_orders(context)
    yield "likely breaches, read", lambda: list_breaches(context)
    yield "dates of orders as a calendar", lambda: export_orders(context, form="ics")
    yield "the worklist, read", lambda: worklist(context)
    yield "the Orders page, drawn", drawn_pages(runtime, acting)(Place.ORDERS, None)
