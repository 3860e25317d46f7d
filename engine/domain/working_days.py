"""Working days of England and Wales, and when one ends. Knows no case and no setting."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import cast

from engine.clock import LONDON

CLOSE_OF_WORK = time(17, 0)
LAST_MINUTE = time(23, 59)


def is_working_day(day: date) -> bool:
    """Return whether offices are open: Monday to Friday, and not a bank holiday in England and Wales."""
    return day.weekday() < 5 and day not in _bank_holidays()


def working_days_on(day: date, working_days: int) -> date:
    """Return the working day that many working days after this one; the day itself for zero."""
    left = working_days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day


class EndOfWorkingDay:
    """The end of working days in England and Wales; for zero days the end of the same day, any day."""

    def due(self, at: datetime, working_days: int) -> datetime:
        """Return 17:00 in London, or 23:59 of the same day when nothing can wait."""
        day = at.astimezone(LONDON).date()
        if working_days == 0:
            return datetime.combine(day, LAST_MINUTE, LONDON)
        return datetime.combine(working_days_on(day, working_days), CLOSE_OF_WORK, LONDON)


@cache
def _bank_holidays() -> Container[date]:
    import holidays  # loads slowly; only asking and chasing need it

    # England and Wales share theirs; Scotland and Northern Ireland have others.
    return cast("Container[date]", holidays.country_holidays("GB", subdiv="ENG"))
