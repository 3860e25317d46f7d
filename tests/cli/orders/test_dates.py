"""Dates of orders on the command line: what is overdue says so, as on the page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cli.orders.reading import _print_date
from engine.orders.on_record import dates_of
from engine.orders.rules import order_types
from tests.engine.orders.test_protection import SERVED, TODAY, far


@pytest.mark.parametrize("after", [0, 40])
def test_each_date_of_each_type_says_overdue_when_it_is_and_not_before(
    capsys: pytest.CaptureFixture[str], after: int
) -> None:
    today = TODAY + timedelta(days=after - 30)
    seen = {True: 0, False: 0}
    for kind in order_types():
        for dated in dates_of(far(kind.code, SERVED), on=today):
            _print_date(dated, today=today)
            is_late = dated.is_late(on=today)
            assert ("OVERDUE" in capsys.readouterr().out) is is_late, (kind.code, dated.what)
            seen[is_late] += 1
    assert seen[False]
    assert bool(seen[True]) is (after > 0)
