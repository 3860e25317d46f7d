"""Counting of days, months, hours and working days. Knows calendars; knows no rule and no order.

Times are those that a clock in London shows, without a zone: the clocks change only on Sundays, between 01:00
and 02:00.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from engine.domain.base import Frozen

_DAY = timedelta(days=1)


class HoursOfDay(Frozen):
    """One day in a count of hours: how many minutes of it count, or why it is disregarded."""

    day: date
    minutes: int = 0
    disregarded: str | None = None


def last_day_of_days(start: date, days: int) -> date:
    """Return the last of so many days beginning with the start, which is day 1."""
    return start + timedelta(days=days - 1)


def last_day_of_months(start: date, months: int) -> date:
    """Return the end date of so many months beginning with the start.

    It is one day before the corresponding date, or the end of that month if it has no such date.
    """
    year, month, has_date = _corresponding(start, months)
    if not has_date:
        return date(year, month, monthrange(year, month)[1])
    return date(year, month, start.day) - _DAY


def has_corresponding_date(start: date, months: int) -> bool:
    """Return whether the month of the end has a date with the number of the start."""
    return _corresponding(start, months)[2]


def _corresponding(start: date, months: int) -> tuple[int, int, bool]:
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return year, month + 1, start.day <= monthrange(year, month + 1)[1]


def end_of_hours(
    given: datetime, hours: int, why_disregarded: Callable[[date], str | None]
) -> tuple[datetime, tuple[HoursOfDay, ...]]:
    """Return when so many hours end if days drop out of them, and each day of the count.

    Nothing runs on one that is disregarded: given then, the hours start at the next midnight that counts.
    """
    left = hours * 60
    at = given.replace(second=0, microsecond=0)
    days: list[HoursOfDay] = []
    while True:
        midnight = datetime.combine(at.date() + _DAY, time.min)
        reason = why_disregarded(at.date())
        if reason is not None:
            days.append(HoursOfDay(day=at.date(), disregarded=reason))
        else:
            minutes = min(left, (midnight - at) // timedelta(minutes=1))
            days.append(HoursOfDay(day=at.date(), minutes=minutes))
            left -= minutes
            if not left:
                return at + timedelta(minutes=minutes), tuple(days)
        at = midnight


def working_days_from(start: date, days: int, is_closed: Callable[[date], bool]) -> Iterator[date]:
    """Yield so many working days after the start, or before it if negative; the start is day 0."""
    step = _DAY if days > 0 else -_DAY
    day, left = start, abs(days)
    while left:
        day += step
        if day.weekday() < 5 and not is_closed(day):
            left -= 1
            yield day
