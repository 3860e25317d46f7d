"""The Act's bank holidays beside those that GOV.UK lists: where they differ, year by year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.domain.working_days import is_working_day
from engine.orders.bank_holidays import (
    Area,
    expected_bank_holidays,
    is_closed,
    is_published,
    published_bank_holidays,
    statutory_bank_holidays,
)

MOVED_OR_EXTRA = {
    *("2012-06-04", "2012-06-05", "2020-05-08", "2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08"),
}
"""Proclaimed once: jubilees, VE Day, a state funeral, a coronation."""
NOT_THAT_YEAR = {"2012-05-28", "2020-05-04", "2022-05-30"}
PUBLISHED = range(2012, 2029)


@pytest.mark.parametrize("year", PUBLISHED)
def test_what_is_expected_of_a_year_is_what_was_published_but_for_days_proclaimed_once(year: int) -> None:
    published = {str(day) for day in published_bank_holidays(Area.ENGLAND_AND_WALES) if day.year == year}
    expected = {str(day) for day in expected_bank_holidays(year)}
    assert published - expected == {each for each in MOVED_OR_EXTRA if each.startswith(str(year))}
    assert expected - published == {each for each in NOT_THAT_YEAR if each.startswith(str(year))}


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2022, ["2022-04-18", "2022-05-30", "2022-08-29", "2022-12-26", "2022-12-27"]),
        (2025, ["2025-04-21", "2025-05-26", "2025-08-25", "2025-12-26"]),
        (2026, ["2026-04-06", "2026-05-25", "2026-08-31", "2026-12-26"]),
        (2027, ["2027-03-29", "2027-05-31", "2027-08-30", "2027-12-27"]),
    ],
)
def test_schedule_1_names_26_december_unless_it_is_a_sunday(year: int, days: list[str]) -> None:
    assert [str(day) for day in sorted(statutory_bank_holidays(year))] == days


def test_the_list_ends_with_2028_and_later_years_are_worked_out() -> None:
    assert (is_published(2011), is_published(2012), is_published(2028), is_published(2029)) == (
        False,
        True,
        True,
        False,
    )
    assert is_closed(date(2029, 1, 1))
    assert not any(day.weekday() > 4 for day in expected_bank_holidays(2037))
    assert date(2037, 12, 28) in expected_bank_holidays(2037)


def test_due_dates_of_requests_and_clocks_of_orders_know_the_same_working_days() -> None:
    """They read 2 libraries: a bank holiday that only one of them has would give 2 due dates."""
    days = (date(2012, 1, 1) + timedelta(days=each) for each in range(17 * 366))
    years = (each for each in days if each.year in PUBLISHED)
    assert [each for each in years if is_working_day(each) == (each.weekday() > 4 or is_closed(each))] == []
