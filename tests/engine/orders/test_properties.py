"""Properties of every count: any start, any year, against arithmetic that shares nothing with the rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clock import LONDON
from engine.orders.clocks import answer_clock
from engine.orders.counting import end_of_hours, last_day_of_months
from engine.orders.periods import _readings

DAY = timedelta(days=1)
days_of_spa = st.dates(date(2020, 1, 20), date(2190, 1, 1))
days_of_daa = st.dates(date(2024, 11, 27), date(2190, 1, 1))
moments = st.builds(
    lambda day, minutes: datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes),
    days_of_daa,
    st.integers(0, 24 * 60 - 1),
)
periods = st.integers(1, 240)
some = settings(max_examples=60, deadline=None)


def counted(rule: str, **facts: Any) -> Any:
    return answer_clock({"rule": rule, **facts})


@given(moments)
@some
def test_48_hours_in_local_time_are_48_hours_by_the_sun(given_at: datetime) -> None:
    """Clocks change only on days that are disregarded: elapsed time that counts is the same in UTC."""
    for reading in _readings(given_at.year):
        end, _ = end_of_hours(given_at, 48, reading)
        elapsed = timedelta()
        day = given_at.date()
        while day <= end.date():
            if reading(day) is None:
                begins = max(datetime.combine(day, datetime.min.time()), given_at)
                ends = min(datetime.combine(day + DAY, datetime.min.time()), end)
                elapsed += in_utc(ends) - in_utc(begins)
            day += DAY
        assert elapsed == timedelta(hours=48)


def in_utc(local: datetime) -> datetime:
    return local.replace(tzinfo=LONDON).astimezone(UTC)


@given(moments)
@some
def test_a_notice_never_ends_before_48_hours_nor_on_a_day_that_is_disregarded(given_at: datetime) -> None:
    answer = counted("daa-29", given=given_at.strftime("%Y-%m-%dT%H:%M"))
    assert answer.ends_at >= given_at + timedelta(hours=48)
    assert answer.ends_at < given_at + timedelta(days=10)
    before = answer.ends_at - timedelta(minutes=1)
    assert before.weekday() != 6
    assert (before.month, before.day) != (12, 25)
    assert answer.alternatives is None or answer.ends_at == min(answer.alternatives)


@given(moments, st.integers(1, 3000))
@some
def test_a_notice_given_later_never_ends_earlier(given_at: datetime, minutes: int) -> None:
    later = given_at + timedelta(minutes=minutes)
    first, second = (counted("daa-29", given=each.strftime("%Y-%m-%dT%H:%M")) for each in (given_at, later))
    assert first.ends_at <= second.ends_at


@given(moments)
@some
def test_any_instant_of_service_counts_from_its_date_in_london(moment: datetime) -> None:
    """However the instant is written."""
    served = moment.replace(tzinfo=UTC)
    local = served.astimezone(LONDON)
    for written in (served.isoformat(timespec="minutes"), local.isoformat(timespec="minutes")):
        assert counted("spa-9-1", served=written).last_day.toordinal() == local.date().toordinal() + 2


@given(days_of_spa)
@some
def test_three_days_are_two_nights(day: date) -> None:
    for rule, fact in (("spa-9-1", "served"), ("spa-9-3", "first_used"), ("spa-9-4", "moved")):
        answer = counted(rule, **{fact: day.isoformat()})
        assert answer.last_day - day == 2 * DAY
        assert len(answer.counted) == 3


@given(
    rule=st.sampled_from(("daa-41-4", "daa-41-5", "daa-41-6")),
    day=st.dates(date(2026, 3, 1), date(2026, 3, 12)),
    ends=st.dates(date(2026, 3, 1), date(2026, 3, 12)),
    runs=st.none() | st.booleans(),
    of=st.sampled_from(("spa_9", "soa_part_2")),
)
@settings(max_examples=100, deadline=None)
def test_a_change_is_due_only_once_the_duty_that_exempts_has_ended(
    rule: str, day: date, ends: date, *, runs: bool | None, of: str
) -> None:
    fact = {"daa-41-4": "first_used", "daa-41-5": "moved", "daa-41-6": "lost_home"}[rule]
    answer = counted(rule, **{fact: day.isoformat(), of: runs, f"{of}_ends": ends.isoformat()})
    assert answer.last_day == (day + 2 * DAY if day >= ends else None)
    assert answer.state.value == ("due" if day >= ends else "no clock")


near = st.none() | st.dates(date(2026, 3, 1), date(2026, 3, 12))
perhaps = st.none() | st.booleans()


@given(
    dates=st.fixed_dictionaries(dict.fromkeys(("made", "served", "soa_part_2_ends", "order_ends"), near)),
    answers=st.fixed_dictionaries(dict.fromkeys(("soa_part_2", "soa_part_2_at_making"), perhaps)),
)
@settings(max_examples=300, deadline=None)
def test_no_date_is_earlier_than_an_exemption_allows(
    dates: dict[str, date | None], answers: dict[str, bool | None]
) -> None:
    """A date counts from service or from the end of the exemption, and is never before the order was made."""
    written = {name: day.isoformat() for name, day in dates.items() if day is not None}
    answer = counted("spa-9-1", **written, **answers)
    starts = {day for name, day in dates.items() if day is not None and name in ("served", "soa_part_2_ends")}
    found = [each for each in (answer.last_day, *(answer.alternatives or ())) if isinstance(each, date)]
    assert all(each - 2 * DAY in starts for each in found)
    assert all(dates["made"] is None or each - 2 * DAY >= dates["made"] for each in found)
    assert (answer.state.value == "due") == (answer.last_day is not None)
    if answers["soa_part_2"] and dates["soa_part_2_ends"] is None:
        assert answer.last_day is None
    if not starts:
        assert answer.state.value in ("awaiting", "no clock", "invalid")


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), periods)
@some
def test_months_end_where_counting_them_one_by_one_on_a_calendar_ends(start: date, months: int) -> None:
    """Independent: walk to the month that many later; its same number less a day, or its last day."""
    first_of_month = start.replace(day=1)
    for _ in range(months):
        first_of_month = (first_of_month + timedelta(days=31)).replace(day=1)
    first_of_next = (first_of_month + timedelta(days=31)).replace(day=1)
    same_number = first_of_month + timedelta(days=start.day - 1)
    expected = same_number - DAY if same_number < first_of_next else first_of_next - DAY
    assert last_day_of_months(start, months) == expected


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), periods)
@some
def test_a_longer_or_later_period_never_ends_earlier(start: date, months: int) -> None:
    assert last_day_of_months(start, months) < last_day_of_months(start, months + 1)
    assert last_day_of_months(start, months) <= last_day_of_months(start + DAY, months)


@given(days_of_spa, st.integers(2, 5))
@some
def test_a_full_order_of_any_start_lasts_at_least_its_years(made: date, years: int) -> None:
    last = counted("spa-3-2", made=made.isoformat(), years=years).last_day
    assert (last - made).days + 1 >= 365 * years
    assert counted("spa-3-2", made=made.isoformat(), ends=last.isoformat()).last_day == last
    shortest = counted("spa-3-2", made=made.isoformat(), years=2).last_day
    a_day_less = counted("spa-3-2", made=made.isoformat(), ends=(shortest - DAY).isoformat())
    assert a_day_less.state.value == "invalid"


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
@some
def test_working_days_there_and_back_return_to_a_working_day(start: date, days: int) -> None:
    there = counted("working-days", **{"from": start.isoformat()}, days=days).last_day
    assert there.weekday() < 5
    back = counted("working-days", **{"from": there.isoformat()}, days=-days).last_day
    assert back <= start
    assert (there - start).days >= days


@given(
    st.dictionaries(st.text(max_size=12), st.none() | st.booleans() | st.integers() | st.text() | st.floats())
)
@some
def test_any_facts_have_an_answer(facts: dict[str, Any]) -> None:
    for rule in ("spa-9-1", "daa-29", "spa-3-2", "pace-47z", "working-days"):
        assert answer_clock({"rule": rule, **facts}).says
