"""When an answer is due: working days of England and Wales, and no others."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import LONDON
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.working_days import EndOfWorkingDay, is_working_day, working_days_on
from engine.services.responses.deadlines import due_at, goes_to_chair_at
from engine.settings import Settings

SETTINGS = Settings(home=Path("home"), database_url="sqlite://")
DAYS = st.dates(min_value=date(2015, 1, 1), max_value=date(2040, 12, 31))


def at(day: str, hour: int = 10) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(hour), LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        ("2026-04-02", True),  # the Thursday before Easter
        ("2026-04-03", False),  # Good Friday
        ("2026-04-06", False),  # Easter Monday: none in Scotland
        ("2026-04-07", True),
        ("2026-12-24", True),
        ("2026-12-25", False),
        ("2026-12-26", False),
        ("2026-12-28", False),  # in place of Boxing Day, a Saturday
        ("2026-12-29", True),
        ("2026-12-31", True),
        ("2027-01-01", False),
        ("2027-01-04", True),  # New Year's second day off is Scotland's
        ("2026-01-02", True),  # 2 January is a holiday in Scotland alone
        ("2026-11-30", True),  # St Andrew's Day
        ("2026-03-17", True),  # St Patrick's Day is Northern Ireland's
        ("2026-08-03", True),  # the first Monday of August is Scotland's
        ("2026-08-31", False),  # the last is England's and Wales's
        ("2023-05-08", False),  # the coronation
        ("2022-09-19", False),  # the state funeral
    ],
)
def test_bank_holidays_are_those_of_england_and_wales(day: str, is_one: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is is_one


@pytest.mark.parametrize("year", range(2020, 2036))
def test_england_and_wales_share_their_bank_holidays(year: int) -> None:
    england, wales = (holidays.country_holidays("GB", subdiv=part, years=year) for part in ("ENG", "WLS"))
    assert set(england) == set(wales)


@given(day=DAYS, count=st.integers(min_value=0, max_value=40))
def test_so_many_working_days_lie_after_the_day_up_to_the_last(day: date, count: int) -> None:
    last = working_days_on(day, count)
    passed = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert sum(is_working_day(each) for each in passed) == count
    assert count == 0 or is_working_day(last)


@given(day=DAYS, count=st.integers(min_value=0, max_value=20), more=st.integers(min_value=0, max_value=20))
def test_working_days_add_up_and_never_go_back(day: date, count: int, more: int) -> None:
    assert working_days_on(working_days_on(day, count), more) == working_days_on(day, count + more)
    assert working_days_on(day, count) <= working_days_on(day + timedelta(days=1), count)


@given(
    asked=st.builds(datetime.combine, DAYS, st.times(), st.just(UTC)),
    count=st.integers(min_value=0, max_value=10),
)
def test_nothing_is_due_before_it_is_asked_except_in_the_day_s_last_minute(
    asked: datetime, count: int
) -> None:
    due = EndOfWorkingDay().due(asked, count)
    assert due > asked - timedelta(minutes=1)
    assert due.astimezone(LONDON).time() == (time(17) if count else time(23, 59))


@pytest.mark.parametrize(
    ("triage", "asked", "due"),
    [
        (TriageOutcome.URGENT, at("2026-11-27", 18), "2026-11-27T23:59:00+00:00"),
        (TriageOutcome.URGENT, at("2026-12-25", 9), "2026-12-25T23:59:00+00:00"),  # today is today
        (TriageOutcome.CONSULTATION, at("2026-12-22"), "2026-12-31T17:00:00+00:00"),
        (TriageOutcome.CONFERENCE, at("2026-12-22"), "2027-01-08T17:00:00+00:00"),
        (TriageOutcome.CONSULTATION, at("2026-03-31"), "2026-04-09T17:00:00+01:00"),
        (TriageOutcome.CONSULTATION, at("2026-04-14"), "2026-04-21T17:00:00+01:00"),  # no holiday near
    ],
)
def test_what_was_decided_at_screening_says_when_an_answer_is_due(
    triage: TriageOutcome, asked: datetime, due: str
) -> None:
    assert due_at(asked, triage, SETTINGS).isoformat() == due


def test_a_late_answer_reaches_the_chair_after_a_second_time_and_an_urgent_one_at_once() -> None:
    due = due_at(at("2026-12-17"), TriageOutcome.CONSULTATION, SETTINGS)
    assert due.date() == date(2026, 12, 24)
    assert goes_to_chair_at(due, TriageOutcome.CONSULTATION, SETTINGS).date() == date(2026, 12, 30)
    urgent = due_at(at("2026-12-24"), TriageOutcome.URGENT, SETTINGS)
    assert goes_to_chair_at(urgent, TriageOutcome.URGENT, SETTINGS) == urgent


def test_times_that_an_operator_leaves_out_stay_as_they_are() -> None:
    chosen = Settings.model_validate(
        {"home": "home", "database_url": "sqlite://", "answers_due_working_days": {"consultation": 3}}
    )
    days = chosen.answers_due_working_days
    assert days[TriageOutcome.CONSULTATION] == 3
    assert days[TriageOutcome.CONFERENCE] == SETTINGS.answers_due_working_days[TriageOutcome.CONFERENCE]


def test_an_outcome_without_days_of_its_own_has_those_of_a_conference() -> None:
    days = {TriageOutcome.CONFERENCE: 5}
    settings = SETTINGS.model_copy(
        update={"answers_due_working_days": days, "late_answers_to_chair_working_days": days}
    )
    for until in (due_at, goes_to_chair_at):
        found = until(at("2026-03-02"), TriageOutcome.CONSULTATION, settings)
        assert found == until(at("2026-03-02"), TriageOutcome.CONFERENCE, settings)
        assert found.astimezone(LONDON).date() == date(2026, 3, 9)
