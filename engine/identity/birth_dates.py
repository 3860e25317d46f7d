"""Dates of birth as people write them, partial and impossible ones too.

Fixes nothing and does not know today.

A date is eight digits, year first, with zeros for what is not recorded. An impossible day stays as written:
it may be one slip away from the right one, and comparing finds that out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from engine.identity.words import folded, without_fraction

FIRST_YEAR, LAST_YEAR = 1000, 2199
_PIVOT = 30
"""A year in two digits is read as 2000 to 2029, else as 1930 to 1999: files rarely hold others so written."""
_MONTHS = {name: place for place, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
)}  # fmt: skip
_TIME = re.compile(r"[t\s]\d{1,2}:\d{2}.*$")
_NUMBERS = re.compile(r"\d+")
_MONTH = re.compile(r"[a-z]{3,}")


class DateParts(NamedTuple):
    """Year, month and day as written; zero is a part that is not recorded."""

    year: int
    month: int
    day: int

    def as_digits(self) -> str:
        """Return eight digits, year first."""
        return f"{self.year:04d}{self.month:02d}{self.day:02d}"


def months_come_first(texts: Iterable[str]) -> bool:
    """Return whether a column writes months before days:
    some second number is past 12 and no first one is.
    """
    second = False
    for text in texts:
        numbers = [int(number) for number in _NUMBERS.findall(_TIME.sub("", folded(text)))]
        if len(numbers) != 3 or numbers[0] > 31 or _MONTH.search(folded(text)):
            continue
        if numbers[0] > 12:
            return False
        second = second or numbers[1] > 12
    return second


def date_parts(text: str, *, months_first: bool = False) -> DateParts | None:
    """Return the parts of a date, or None where no year can be made out.

    Examples
    --------
    >>> date_parts("9 March 1985") == date_parts("09/03/85") == date_parts("19850309")
    True
    >>> date_parts("Mar 1985"), date_parts("abt 1650"), date_parts("?")
    (DateParts(year=1985, month=3, day=0), DateParts(year=1650, month=0, day=0), None)
    """
    plain = _TIME.sub("", without_fraction(folded(text)))
    numbers = _NUMBERS.findall(plain)
    month = next((_MONTHS[term[:3]] for term in _MONTH.findall(plain) if term[:3] in _MONTHS), 0)
    if not numbers:
        return None
    if month:
        return _with_month_named(numbers, month)
    if len(numbers) == 1:
        return _run_together(numbers[0], months_first)
    if len(numbers) == 2:
        first, second = (int(number) for number in numbers)
        return _year_and_month(first, second) if first > 31 else _year_and_month(_year(numbers[1]), first)
    if len(numbers[0]) >= 3 or int(numbers[0]) > 31:
        return _ordered(_year(numbers[0]), int(numbers[1]), int(numbers[2]))
    first, second, year = int(numbers[0]), int(numbers[1]), _year(numbers[2])
    return _ordered(year, first, second) if months_first else _ordered(year, second, first)


def _with_month_named(numbers: list[str], month: int) -> DateParts | None:
    years = [number for number in numbers if len(number) >= 3 or int(number) > 31]
    year = years[0] if years else numbers[-1]
    if not years and len(numbers) < 2:
        return None
    rest = [number for number in numbers if number is not year]
    return DateParts(_year(year), month, int(rest[0]) if rest and int(rest[0]) <= 99 else 0)


def _run_together(digits: str, months_first: bool) -> DateParts | None:
    if len(digits) == 8:
        if not _is_year(digits[:4]) and _is_year(digits[4:]):
            first, second, year = int(digits[:2]), int(digits[2:4]), int(digits[4:])
            return _ordered(year, first, second) if months_first else _ordered(year, second, first)
        return _ordered(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if len(digits) == 6:
        if _is_year(digits[:4]) and 1 <= int(digits[4:]) <= 12:
            return DateParts(int(digits[:4]), int(digits[4:]), 0)
        return _ordered(_year(digits[4:]), int(digits[2:4]), int(digits[:2]))
    return DateParts(int(digits), 0, 0) if len(digits) <= 4 and int(digits) else None


def _year_and_month(year: int, month: int) -> DateParts | None:
    return DateParts(year % 10_000, month % 100, 0) if year else None


def _ordered(year: int, month: int, day: int) -> DateParts | None:
    """Return the parts in order: a month past 12 beside a day up to 12 was written the other way round."""
    if not year:
        return None
    month, day = (day, month) if month > 12 >= day > 0 else (month, day)
    return DateParts(year % 10_000, month % 100, day % 100)


def _year(digits: str) -> int:
    year = int(digits[:4])
    return year if len(digits) > 2 else year + (2000 if year < _PIVOT else 1900)


def _is_year(digits: str) -> bool:
    return FIRST_YEAR <= int(digits) <= LAST_YEAR
