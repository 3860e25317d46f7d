"""Time is asked in one place, aware and in UTC; days are London's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from engine.clock import SetClock, SystemClock


def test_the_system_clock_is_aware_and_in_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert now.utcoffset() == timedelta(0)
    assert timedelta(0) <= now - before < timedelta(minutes=1)


def test_a_summer_evening_in_utc_is_the_next_day_in_london() -> None:
    clock = SetClock(datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    assert clock.today() == date(2026, 7, 1)
    clock.move_to(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    assert clock.today() == date(2026, 12, 31)
    clock.forward(timedelta(minutes=30))
    assert clock.today() == date(2027, 1, 1)
