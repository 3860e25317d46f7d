"""Times of likely breaches: edge dates, partial dates, timetables over midnight, and changes of clocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from engine.clock import LONDON
from engine.domain.orders.breaches import BreachResult
from tests.engine.orders.compared import SERVED, an_incident, an_order, only

LIKELY, NOT, UNCLEAR = BreachResult.LIKELY, BreachResult.NOT, BreachResult.UNCLEAR


@pytest.mark.parametrize(
    ("happened", "details", "result"),
    [
        ("2026-03-01", {}, NOT),
        ("2026-03-02", {}, UNCLEAR),
        ("2026-03-09", {}, UNCLEAR),
        ("2026-03-10", {}, UNCLEAR),
        ("2026-03-10", {"time": "14:04"}, UNCLEAR),
        ("2026-03-10", {"time": "14:05"}, LIKELY),
        ("2026-03-10", {"time": "14:10", "minutes_off": 5}, LIKELY),
        ("2026-03-10", {"time": "14:10", "minutes_off": 6}, UNCLEAR),
        ("2026-03-11", {}, LIKELY),
        ("2028-03-01", {}, LIKELY),
        ("2028-03-01", {"time": "23:59"}, LIKELY),
        ("2028-03-01", {"time": "23:59", "minutes_off": 1}, UNCLEAR),
        ("2028-03-02", {}, NOT),
        ("2026-03", {}, UNCLEAR),
        ("2026-04", {}, LIKELY),
        ("2026-02", {}, NOT),
        ("2026", {}, UNCLEAR),
        ("2027", {}, LIKELY),
        ("2025", {}, NOT),
        (None, {}, UNCLEAR),
    ],
)
def test_the_dates_of_an_order_that_was_served(
    happened: str | None, details: dict[str, Any], result: BreachResult
) -> None:
    assert only(an_incident(happened, **details), an_order()).result is result


def test_an_order_that_is_not_served_makes_no_likely_breach() -> None:
    found = only(an_incident(), an_order(served=None))
    assert (found.result, found.asks) == (UNCLEAR, True)
    assert any("Service of the order is not recorded." in each for each in found.unclear)


def test_a_type_without_service_applies_from_the_date_after_it_was_made() -> None:
    bail = an_order(kind="court-bail", served=None, ends="2026-06-01")
    assert only(an_incident("2026-03-02"), bail).result is UNCLEAR
    assert only(an_incident("2026-03-03"), bail).result is LIKELY


def test_on_the_date_of_service_without_a_time_it_cannot_be_said() -> None:
    order = an_order(served={"on": "2026-03-10"})
    assert only(an_incident("2026-03-10", time="23:00"), order).result is UNCLEAR
    assert only(an_incident("2026-03-11", time="00:00"), order).result is LIKELY


def test_an_order_served_on_the_date_of_its_making_was_made_before() -> None:
    order = an_order(served={"on": "2026-03-02", "at_time": "14:05"})
    assert only(an_incident("2026-03-02", time="14:05"), order).result is LIKELY
    assert only(an_incident("2026-03-02", time="14:04"), order).result is UNCLEAR


def test_a_discharge_ends_it_at_a_time_that_is_not_recorded() -> None:
    order = an_order(discharged="2026-05-06")
    assert only(an_incident("2026-05-05"), order).result is LIKELY
    assert only(an_incident("2026-05-06"), order).result is UNCLEAR
    assert only(an_incident("2026-05-07"), order).result is NOT


def test_a_date_that_is_not_recorded_is_no_later_than_its_report() -> None:
    before = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert only(an_incident(None, reported_at=before), an_order()).result is NOT
    assert only(an_incident("2026-03", reported_at=before), an_order()).result is NOT


@pytest.mark.parametrize(
    ("starts", "until", "happened", "result"),
    [
        ("2026-05-06", None, "2026-05-05", NOT),
        ("2026-05-06", None, "2026-05-06", LIKELY),
        (None, "2026-05-06", "2026-05-06", LIKELY),
        (None, "2026-05-06", "2026-05-07", NOT),
        ("2026-05-06", "2026-05-20", "2026-05", UNCLEAR),
    ],
)
def test_a_condition_has_its_own_period(
    starts: str | None, until: str | None, happened: str, result: BreachResult
) -> None:
    condition = {"code": "no-contact", "means": ["any means"], "starts": starts, "until": until}
    assert only(an_incident(happened), an_order(condition)).result is result


EVERY_DAY = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def curfew(*hours: tuple[list[str], str, str]) -> Mapping[str, object]:
    written = [{"days": days, "begins": begins, "ends": ends} for days, begins, ends in hours]
    return {"code": "curfew", "hours": written}


OVER_MIDNIGHT = curfew((EVERY_DAY, "19:00", "24:00"), (EVERY_DAY, "00:00", "07:00"))


@pytest.mark.parametrize(
    ("happened", "details", "result"),
    [
        ("2026-05-06", {"time": "18:59"}, NOT),
        ("2026-05-06", {"time": "19:00"}, LIKELY),
        ("2026-05-06", {"time": "23:59"}, LIKELY),
        ("2026-05-06", {"time": "23:55", "minutes_off": 30}, LIKELY),
        ("2026-05-07", {"time": "00:05", "minutes_off": 30}, LIKELY),
        ("2026-05-07", {"time": "06:59"}, LIKELY),
        ("2026-05-07", {"time": "07:00"}, NOT),
        ("2026-05-07", {"time": "07:10", "minutes_off": 15}, UNCLEAR),
        ("2026-05-06", {}, UNCLEAR),
        ("2026-05", {}, UNCLEAR),
        ("2027", {}, UNCLEAR),
        (None, {}, UNCLEAR),
        ("2026-05-06", {"time": "17:00", "until": "2026-05-06T20:00"}, LIKELY),
        ("2026-05-06", {"time": "17:00", "until": "2026-05-06T18:00"}, NOT),
    ],
)
def test_a_timetable_over_midnight_is_one_span(
    happened: str | None, details: dict[str, Any], result: BreachResult
) -> None:
    incident = an_incident(happened, "loitering", "in person", **details)
    assert only(incident, an_order(OVER_MIDNIGHT)).result is result


@pytest.mark.parametrize(("happened", "result"), [("2026-05-06", NOT), ("2026-05-07", LIKELY)])
def test_hours_are_of_the_weekdays_that_they_name(happened: str, result: BreachResult) -> None:
    order = an_order(curfew((["Thursday"], "19:00", "24:00")))
    assert only(an_incident(happened, "loitering", "in person", time="20:00"), order).result is result


@pytest.mark.parametrize(
    ("happened", "time", "hours", "result"),
    [
        # 25 October 2026: 01:00 to 02:00 comes twice.
        ("2026-10-25", "01:30", ("01:00", "02:00"), UNCLEAR),
        ("2026-10-25", "01:30", ("00:00", "07:00"), LIKELY),
        ("2026-10-25", "01:30", ("01:45", "03:00"), UNCLEAR),
        ("2026-10-25", "00:30", ("01:00", "02:00"), NOT),
        ("2026-10-25", "02:00", ("02:00", "07:00"), LIKELY),
        # 28 March 2027: 01:00 to 02:00 is left out.
        ("2027-03-28", "00:59", ("00:00", "01:00"), LIKELY),
        ("2027-03-28", "02:00", ("00:00", "01:00"), NOT),
        ("2027-03-28", "02:00", ("02:00", "07:00"), LIKELY),
    ],
)
def test_in_a_night_when_the_clocks_change(
    happened: str, time: str, hours: tuple[str, str], result: BreachResult
) -> None:
    order = an_order(curfew((EVERY_DAY, *hours)))
    assert only(an_incident(happened, "loitering", "in person", time=time), order).result is result


def test_service_in_the_hour_that_comes_twice_is_sure_from_its_second() -> None:
    order = an_order(made="2026-10-20", served={"on": "2026-10-25", "at_time": "01:30"})
    assert only(an_incident("2026-10-25", time="01:40"), order).result is UNCLEAR
    assert only(an_incident("2026-10-25", time="02:00"), order).result is LIKELY


LOCAL = st.datetimes(min_value=datetime(2026, 3, 1), max_value=datetime(2028, 3, 10))  # noqa: DTZ001  # local


@settings(max_examples=60, deadline=None)
@over(
    LOCAL,
    st.integers(min_value=1, max_value=720),
)
def test_a_less_precise_time_never_turns_one_certain_answer_into_the_other(at: datetime, off: int) -> None:
    day, time = at.date().isoformat(), f"{at:%H:%M}"
    exact = only(an_incident(day, time=time), an_order()).result
    for rough in (
        only(an_incident(day, time=time, minutes_off=off), an_order()).result,
        only(an_incident(day), an_order()).result,
        only(an_incident(day[:7]), an_order()).result,
        only(an_incident(day[:4]), an_order()).result,
    ):
        assert rough in {exact, UNCLEAR}


@settings(max_examples=60, deadline=None)
@over(LOCAL)
def test_a_likely_breach_by_the_clock_in_london_is_after_service_and_before_the_end(at: datetime) -> None:
    found = only(an_incident(at.date().isoformat(), time=f"{at:%H:%M}"), an_order()).result
    instant = at.replace(second=0, microsecond=0, tzinfo=LONDON).astimezone(UTC)
    served = datetime.fromisoformat(f"{SERVED['on']}T{SERVED['at_time']}").replace(tzinfo=LONDON)
    end = datetime(2028, 3, 2, tzinfo=LONDON).astimezone(UTC)
    if found is LIKELY:
        assert served <= instant < end
    elif served + timedelta(hours=1) <= instant < end - timedelta(hours=1):
        assert found is LIKELY
