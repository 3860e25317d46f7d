"""Bank holidays: the list that GOV.UK publishes, and those of the 1971 Act. Reads data; uses no network.

The two differ: a 26 December that is a Saturday is a bank holiday by the Act, and GOV.UK lists only the
Monday that replaces it. GOV.UK publishes a few years ahead; the Act has no end.
"""

from __future__ import annotations

import tomllib
from calendar import day_name, monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from dateutil.easter import easter

from engine.domain.base import Frozen

_DATA = Path(__file__).parent / "data" / "bank_holidays.toml"


class Area(StrEnum):
    """The parts of the United Kingdom with bank holidays of their own."""

    ENGLAND_AND_WALES = "england-and-wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"


class YearlyDay(Frozen):
    """A yearly bank holiday, by date, by Monday of a month or by Easter."""

    name: str
    month: int = 1
    day: int | None = None
    monday: int | None = None
    days_after_easter: int | None = None
    not_on_a: tuple[str, ...] = ()
    only_on_a: tuple[str, ...] = ()
    christmas_on_a: tuple[str, ...] = ()

    def in_year(self, year: int) -> date | None:
        """Return its date in that year, or None if it has none."""
        day = self._date(year)
        christmas = day_name[date(year, 12, 25).weekday()]
        name = day_name[day.weekday()]
        if name in self.not_on_a or (self.only_on_a and name not in self.only_on_a):
            return None
        return None if self.christmas_on_a and christmas not in self.christmas_on_a else day

    def _date(self, year: int) -> date:
        if self.days_after_easter is not None:
            return _easter_sunday(year) + timedelta(days=self.days_after_easter)
        if self.day is not None:
            return date(year, self.month, self.day)
        if self.monday == -1:
            last = date(year, self.month, monthrange(year, self.month)[1])
            return last - timedelta(days=last.weekday())
        first = date(year, self.month, 1)
        return first + timedelta(days=-first.weekday() % 7)


class _Days(Frozen):
    source: str
    statutory: tuple[YearlyDay, ...]
    expected: tuple[YearlyDay, ...]


def is_published(year: int) -> bool:
    """Return whether GOV.UK's list, as it is installed here, has this year."""
    return year in _published_years()


@cache
def _published_years() -> range:
    days = published_bank_holidays(Area.ENGLAND_AND_WALES)
    return range(min(days).year, max(days).year + 1)


@cache
def published_bank_holidays(area: Area) -> Mapping[date, str]:
    """Return the bank holidays that GOV.UK lists for an area, with their names."""
    from govuk_bank_holidays.bank_holidays import BankHolidays  # loads slowly; few rules need it

    listed = BankHolidays(use_cached_holidays=True).get_holidays(division=area.value)
    return {each["date"]: str(each["title"]) for each in listed}


@cache
def statutory_bank_holidays(year: int) -> Mapping[date, str]:
    """Return the bank holidays of England and Wales that Schedule 1 to the 1971 Act names."""
    return _in_year(_days().statutory, year)


@cache
def expected_bank_holidays(year: int) -> Mapping[date, str]:
    """Return when offices of England and Wales are likely to close in a year not yet published.

    Those of the Act but for a Saturday, those that have been proclaimed each year, Good Friday and Christmas.
    """
    days = {**_in_year(_days().statutory, year), **_in_year(_days().expected, year)}
    days |= {good_friday(year): "Good Friday", date(year, 12, 25): "Christmas Day"}
    return {day: name for day, name in days.items() if day.weekday() < 5}


def good_friday(year: int) -> date:
    """Return Good Friday of that year."""
    return _easter_sunday(year) - timedelta(days=2)


def is_closed(day: date, area: Area = Area.ENGLAND_AND_WALES) -> bool:
    """Return whether it is a bank holiday as offices observe it: published, or else expected."""
    if is_published(day.year):
        return day in published_bank_holidays(area)
    return day in expected_bank_holidays(day.year)


def _easter_sunday(year: int) -> date:
    sunday: date = easter(year)  # the library ships no types
    return sunday


def _in_year(days: tuple[YearlyDay, ...], year: int) -> dict[date, str]:
    found = {each.in_year(year): each.name for each in days}
    return {day: name for day, name in found.items() if day is not None}


@cache
def _days() -> _Days:
    return _Days.model_validate(tomllib.loads(_DATA.read_text(encoding="utf-8")))
