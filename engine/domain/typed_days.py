"""Bounds for dates that a person types. A date far off is a slip, and is refused instead of recorded."""

from __future__ import annotations

from datetime import date

from engine.domain.dates import PartialDate
from engine.domain.errors import InvalidInputError

EARLIEST_YEAR = 1900
MOST_YEARS_AHEAD = 10

Day = date | PartialDate | None


def require_past(part: str, day: Day, *, on: date) -> None:
    """Refuse a date after ``on`` or before 1900. A month or a year that has begun may be meant.

    Raises InvalidInputError.
    """
    if day is None:
        return
    earliest, _ = _span(day)
    _require_possible(part, earliest)
    if earliest > on:
        raise InvalidInputError(part, "this date is in the future; give today's date or an earlier one")


def require_coming(part: str, day: Day, *, on: date) -> None:
    """Refuse a date before ``on`` or more than ten years after it. Raises InvalidInputError."""
    if day is None:
        return
    _, latest = _span(day)
    if latest < on:
        raise InvalidInputError(part, "this date is before today; give today's date or a later one")
    _require_near(part, latest, on)


def require_near(part: str, day: Day, *, on: date) -> None:
    """Refuse a date before 1900 or more than ten years after ``on``. Raises InvalidInputError."""
    if day is None:
        return
    earliest, latest = _span(day)
    _require_possible(part, earliest)
    _require_near(part, latest, on)


def _span(day: date | PartialDate) -> tuple[date, date]:
    return (day.earliest, day.latest) if isinstance(day, PartialDate) else (day, day)


def _require_possible(part: str, day: date) -> None:
    if day.year < EARLIEST_YEAR:
        raise InvalidInputError(part, f"the year {day.year} is before {EARLIEST_YEAR}; correct it")


def _require_near(part: str, day: date, on: date) -> None:
    if day.year > on.year + MOST_YEARS_AHEAD:
        raise InvalidInputError(
            part, f"the year {day.year} is more than {MOST_YEARS_AHEAD} years ahead; correct it"
        )
