"""An order that is recorded late: the victim is informed while it applies, whatever its type."""

from __future__ import annotations

from datetime import date

import pytest

from engine.domain.orders.notices import HISTORY_DAYS, NoticeEvent, is_history
from engine.domain.orders.orders import OrderAct
from engine.orders.rules import order_types
from engine.services.orders.recording import vary_order
from tests.builders import Desk, a_referral
from tests.engine.services.orders.test_stories import create, events, given, move, step

TODAY = date(2026, 4, 20)
LATE = "2026-03-01"
FACTS: dict[str, dict[str, object]] = {
    "spo": {"years": 2},
    "interim-spo": {"days": 90},
    "police-bail": {"arrested": LATE, "months": 3},
    "dapn": {"made": None, "given_at": f"{LATE}T20:00"},
    "dvpn": {"made": None, "given_at": f"{LATE}T20:00"},
    "dvpo": {"ends": "2026-03-20"},
    "criminal-behaviour": {"ends": "2028-03-01"},
    "sexual-harm-prevention": {"ends": "2031-03-01"},
    "ni-spo": {"ends": "2028-03-01"},
}
"""The terms of types that need other terms than an end: each applies on 20 April but for the last."""
OVER = {"dvpo"}


@pytest.fixture
def case(desk: Desk) -> str:
    (reference,) = desk.refer(a_referral()).referrals
    move(desk, TODAY.isoformat())
    return reference


def late(desk: Desk, case: str, kind: str) -> str:
    facts = FACTS.get(kind, {"ends": "2027-03-01"})
    return create(desk, case, type=kind, **{"made": LATE, "years": None, "conditions": [], **facts})


def test_an_order_of_any_type_that_is_recorded_late_is_said_to_the_victim_while_it_applies(
    desk: Desk, case: str
) -> None:
    there = [each.code for each in order_types()]
    assert len(there) >= 20
    for kind in there:
        before = len(events(desk, case))
        late(desk, case, kind)
        assert len(events(desk, case)) - before == (kind not in OVER), kind
    assert set(events(desk, case)) == {NoticeEvent.MADE}


def test_each_step_that_is_recorded_late_is_said_while_the_order_would_apply(desk: Desk, case: str) -> None:
    order = late(desk, case, "spo")
    step(desk, order, OrderAct.SERVED, "2026-03-02", how="in person")
    varied = given(made="2026-03-10", conditions=[])
    copy = vary_order(desk.context(desk.chair), order=order, given=varied, why="So.").reference
    step(desk, copy, OrderAct.DISCHARGED, "2026-03-20", why="The court discharged it.")
    assert sorted(events(desk, case)) == sorted(
        [NoticeEvent.MADE, NoticeEvent.SERVED, NoticeEvent.VARIED, NoticeEvent.ENDED]
    )


def test_what_is_recorded_of_an_order_that_was_over_is_history(desk: Desk, case: str) -> None:
    order = create(desk, case, type="interim-spo", made=LATE, years=None, days=10)
    step(desk, order, OrderAct.SERVED, LATE, how="in person")
    step(desk, order, OrderAct.DISCHARGED, "2026-03-05", why="The court discharged it.")
    assert events(desk, case) == []


@pytest.mark.parametrize(
    ("event_on", "until", "history"),
    [
        (date(2026, 4, 1), None, False),
        (date(2026, 4, 1), TODAY, False),
        (date(2026, 4, 1), date(2026, 4, 19), True),
        (date(2026, 4, 6), date(2026, 4, 19), False),
        (date(2026, 4, 5), date(2026, 4, 19), True),
    ],
)
def test_only_an_event_long_past_of_an_order_that_is_over_is_history(
    event_on: date, until: date | None, history: bool
) -> None:
    assert HISTORY_DAYS == 14
    assert is_history(event_on, until, on=TODAY) is history
