"""What the list of orders costs among 100,000 referrals, beside the same in the demonstration.

The record is the one of ``case_page``, and shared with it where both are measured in one run. Its orders are
the demonstration's, again under other numbers: some 10,000.
"""

from __future__ import annotations

import sys

from benchmarks.case_page import READER, Works, drawn_pages, measured
from benchmarks.measured import Measured
from dashboard.pages import Place
from engine.runtime import Runtime
from engine.services.accounts import users
from engine.services.cases.worklists import worklist
from engine.services.orders.breaches import list_breaches
from engine.services.orders.export import export_orders
from engine.services.orders.listing import list_orders

TIMES = 3


def measure() -> list[Measured]:
    """Medians in milliseconds, warm, each with its audit entry."""
    return measured(_works, times=TIMES)


def _works(runtime: Runtime) -> Works:
    acting = users.find_user(uow=runtime.uow, name=READER).acting()
    context = runtime.context(acting)
    print(f"{list_orders(context).recorded:,} orders", file=sys.stderr)
    yield "dates of all orders for 28 days, read", lambda: list_orders(context)
    yield "likely breaches on every case, read", lambda: list_breaches(context)
    yield "dates of orders as a calendar", lambda: export_orders(context, form="ics")
    yield "the worklist with its orders, read", lambda: worklist(context)
    yield "the Orders page, drawn", drawn_pages(runtime, acting)(Place.ORDERS, None)
