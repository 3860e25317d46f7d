"""Orders that one response takes: the newest, and a gap that counts the others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.domain.responses.reported import MOST_ORDERS, RecordPointer, ReportedOrder
from engine.hooks.carried_orders import newest_orders


def orders(number: int) -> list[ReportedOrder]:
    """Orders of which each is a day older than the one before; the last has no date."""
    made = [date(2026, 3, 1) - timedelta(days=place) for place in range(number - 1)]
    return [
        ReportedOrder(
            key=f"order-{place}",
            type="spo",
            made=day,
            source="records",
            records=(RecordPointer(record=str(place), kind="order"),),
        )
        for place, day in enumerate([*made, None])
    ]


@pytest.mark.parametrize(
    ("number", "gaps"),
    [
        (MOST_ORDERS, ()),
        (MOST_ORDERS + 1, ("One more order is in the extract, and not sent.",)),
        (MOST_ORDERS + 12, ("12 more orders are in the extract, and not sent.",)),
    ],
)
def test_the_newest_are_sent_oldest_first_and_the_others_counted(number: int, gaps: tuple[str, ...]) -> None:
    sent, left = newest_orders(orders(number))
    assert left == gaps
    assert [each.key for each in sent[-2:]] == ["order-1", "order-0"]
    assert len(sent) == MOST_ORDERS
    undated = f"order-{number - 1}" in {each.key for each in sent}
    assert undated is (not gaps), "the one without a date is cut first"
