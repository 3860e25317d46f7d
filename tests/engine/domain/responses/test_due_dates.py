"""An alarm brings a due date forward: by which one, from when it counts, and never to a later date."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import LONDON
from engine.domain.responses.due_dates import AlarmForAll, BroughtForward, brought_forward


def at(day: str, hour: int = 10) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(hour), LONDON).astimezone(UTC)


ASKED, DUE = at("2026-03-02"), at("2026-03-16", 17)
"""A Monday, and the tenth working day after it."""


def forward(
    *alarms: AlarmForAll, due: datetime = DUE, days: int = 2, answered: datetime | None = None
) -> BroughtForward | None:
    return brought_forward(due, asked_at=ASKED, answered_at=answered, alarms=alarms, working_days=days)


def an_alarm(day: str, *, hour: int = 10, open_on: str | None = None) -> AlarmForAll:
    return AlarmForAll(told_at=at(day, hour), open_at=at(open_on or day, hour))


def moved_to(*alarms: AlarmForAll, **given: object) -> str | None:
    moved = forward(*alarms, **given)  # type: ignore[arg-type]
    return moved.due_at.astimezone(LONDON).isoformat() if moved else None


@pytest.mark.parametrize(
    ("alarm", "due"),
    [
        (an_alarm("2026-03-03"), "2026-03-05T17:00:00+00:00"),
        (an_alarm("2026-03-06"), "2026-03-10T17:00:00+00:00"),  # a Friday: the weekend is not counted
        (an_alarm("2026-03-07"), "2026-03-10T17:00:00+00:00"),  # the Saturday after it
        (an_alarm("2026-03-11", hour=23), "2026-03-13T17:00:00+00:00"),
        (an_alarm("2026-03-12"), None),  # two working days later is the date that was given
        (an_alarm("2026-03-20"), None),  # later than due
        (an_alarm("2026-03-02"), None),  # known when the agency was asked
        (an_alarm("2026-03-01"), None),
        (an_alarm("2026-03-02", hour=11), "2026-03-04T17:00:00+00:00"),  # an hour after that
    ],
)
def test_two_working_days_after_an_alarm_of_after_the_request(alarm: AlarmForAll, due: str | None) -> None:
    assert moved_to(alarm) == due


@pytest.mark.parametrize(
    ("alarm", "given_at", "due"),
    [
        ("2026-03-27", "2026-04-14", "2026-03-31T17:00:00+01:00"),  # the clocks go forward on the 29th
        ("2026-04-02", "2026-04-14", "2026-04-08T17:00:00+01:00"),  # Easter: two bank holidays
        ("2026-10-23", "2026-11-06", "2026-10-27T17:00:00+00:00"),  # the clocks go back on the 25th
        ("2026-12-24", "2027-01-08", "2026-12-30T17:00:00+00:00"),  # Christmas, and a day in its place
    ],
)
def test_holidays_and_changes_of_the_clocks(alarm: str, given_at: str, due: str) -> None:
    assert moved_to(an_alarm(alarm), due=at(given_at, 17)) == due


def test_with_no_days_it_is_due_at_the_end_of_the_same_date() -> None:
    assert moved_to(an_alarm("2026-03-07"), days=0) == "2026-03-07T23:59:00+00:00"


def test_the_first_alarm_counts_and_a_second_changes_nothing() -> None:
    first, second = an_alarm("2026-03-03"), an_alarm("2026-03-04")
    assert forward(second, first) == forward(first, second) == forward(first)


def test_it_counts_from_when_everyone_may_know_and_names_when_the_panel_did() -> None:
    hidden = an_alarm("2026-03-03", open_on="2026-03-06")
    moved = forward(hidden)
    assert moved is not None
    assert (moved.due_at, moved.alarm_at) == (at("2026-03-10", 17), at("2026-03-03"))
    assert forward(hidden, an_alarm("2026-03-04")) == forward(an_alarm("2026-03-04")), "known to all before"


def test_a_released_response_is_judged_by_the_alarms_of_before_it() -> None:
    alarm = an_alarm("2026-03-05")
    assert forward(alarm, answered=at("2026-03-04")) is None
    assert forward(alarm, answered=alarm.open_at) is None, "with its release"
    assert forward(alarm, answered=at("2026-03-06")) == forward(alarm)


@pytest.mark.parametrize(
    ("due", "given_at", "alarm", "said"),
    [
        (
            "2026-03-04",
            "2026-03-16",
            "2026-03-02",
            "Due 4 March 2026, brought forward from 16 March because of the alarm of 2 March.",
        ),
        (
            "2026-12-30",
            "2027-01-08",
            "2026-12-24",
            "Due 30 December 2026, brought forward from 8 January 2027 because of the alarm of 24 December.",
        ),
        (
            "2027-01-04",
            "2027-01-08",
            "2026-12-31",
            "Due 4 January 2027, brought forward from 8 January because of the alarm of 31 December 2026.",
        ),
    ],
)
def test_one_sentence_says_from_when_and_why_and_no_more(
    due: str, given_at: str, alarm: str, said: str
) -> None:
    moved = BroughtForward(due_at=at(due, 17), given_at=at(given_at, 17), alarm_at=at(alarm))
    assert moved.sentence == said


def test_its_dates_are_londons() -> None:
    late = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)  # half past midnight on 2 June in London
    moved = BroughtForward(due_at=at("2026-06-04", 17), given_at=at("2026-06-15", 17), alarm_at=late)
    assert moved.in_words == "brought forward from 15 June because of the alarm of 2 June"


INSTANTS = st.builds(
    datetime.combine, st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.times(), st.just(UTC)
)
ALARMS = st.builds(
    lambda instant, wait: AlarmForAll(instant, instant + wait),
    INSTANTS,
    st.timedeltas(timedelta(), timedelta(days=40)),
)


@given(
    asked=INSTANTS,
    allowed=st.timedeltas(timedelta(), timedelta(days=60)),
    answered=st.none() | INSTANTS,
    alarms=st.lists(ALARMS, max_size=5),
    more=ALARMS,
    days=st.integers(min_value=0, max_value=30),
)
def test_no_alarm_ever_makes_a_date_later(
    asked: datetime,
    allowed: timedelta,
    answered: datetime | None,
    alarms: list[AlarmForAll],
    more: AlarmForAll,
    days: int,
) -> None:
    def due(there: list[AlarmForAll]) -> datetime:
        moved = brought_forward(
            asked + allowed, asked_at=asked, answered_at=answered, alarms=there, working_days=days
        )
        assert moved is None or (moved.due_at < moved.given_at == asked + allowed and moved.alarm_at > asked)
        return moved.due_at if moved else asked + allowed

    assert due([*alarms, more]) <= due(alarms) <= asked + allowed
