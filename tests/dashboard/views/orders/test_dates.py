"""Dates of orders as table rows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dashboard.views.orders import dates
from engine.domain.orders.dates import DateKind, OrderDate

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(("hour", "tag", "edge"), [(7, "Due", "wait"), (9, "Overdue", "late")])
def test_a_time_that_passed_today_is_overdue_in_its_tag_and_its_edge(hour: int, tag: str, edge: str) -> None:
    dated = OrderDate(
        order="PO-7K3M9QV",
        kind=DateKind.DUE,
        what="Court hears the application",
        day=TODAY,
        at=datetime(2026, 3, 2, 8, 0),  # noqa: DTZ001  # local time, as a clock answers it
        counts="48 hours",
        next="Record the hearing",
    )
    now = datetime(2026, 3, 2, hour, 0, tzinfo=UTC)
    assert f">{tag}<" in str(dates.when(dated, today=TODAY, now=now))
    assert dates.row_class(dated, today=TODAY, now=now) == edge
