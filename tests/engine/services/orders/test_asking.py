"""What an order asks between two days is what it asks on each day between them, in every history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.domain.orders.orders import OrderAct, Relation, StoredOrder
from engine.services.orders.asking import asked_between, asked_on
from tests.engine.orders.test_on_record import an_order

SERVED = (OrderAct.SERVED, "2026-03-05")
MAIN = replace(an_order((OrderAct.HEARING, "2026-04-10"), years=2), reference="PO-2H4N8RX")
INTERIM = replace(
    an_order(SERVED, (OrderAct.HEARING, "2026-04-03"), kind="interim-spo", days=28),
    earlier=((Relation.INTERIM_TO, MAIN.reference),),
)
VARIED = replace(an_order(years=2), successors=((Relation.VARIES, "PO-2H4N8RX", date(2026, 5, 4)),))
HISTORIES: tuple[tuple[StoredOrder, ...], ...] = (
    (an_order(years=2),),
    (an_order(SERVED, years=2),),
    (an_order(SERVED, (OrderAct.NOTIFIED, "2026-03-06"), (OrderAct.MOVED, "2026-03-09"), years=2),),
    (an_order(SERVED, (OrderAct.DISCHARGED, "2026-05-04"), years=2),),
    (an_order(SERVED, until_further_order=True),),
    (VARIED,),
    (INTERIM, MAIN),
    (an_order(SERVED, (OrderAct.MOVED, "2026-03-09"), kind="dapo"), an_order(SERVED, years=2)),
    (an_order(kind="dapn", made=None, given_at="2026-03-13T20:00"),),
    (an_order((OrderAct.HEARING, "2026-03-14"), kind="dapn", made=None, given_at="2026-03-13T20:00"),),
    (an_order(kind="police-bail", made="2026-03-02", arrested="2026-03-02", months=3),),
    (an_order(kind="court-bail", ends="2026-06-01"),),
    (an_order((OrderAct.HEARING, "2026-09-20"), kind="non-molestation", ends="2026-09-01"),),
)


@pytest.mark.parametrize("orders", HISTORIES, ids=lambda orders: orders[0].type)
def test_between_two_days_an_order_asks_what_it_asks_on_each_of_them(orders: tuple[StoredOrder, ...]) -> None:
    order, asked, seen = orders[0], list(asked_between(orders[0], orders)), set[str]()
    for days in range(-400, 1_000):
        day = date(2026, 3, 2) + timedelta(days=days)
        now = {each.name for each in asked_on(order, orders, on=day)}
        assert now == {
            each.asked.name
            for each in asked
            if (each.first is None or each.first <= day) and (each.last is None or day <= each.last)
        }, day
        seen |= now
    assert seen == {each.asked.name for each in asked}
    assert seen, "none of these never asks for anything"
