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
    """Whether offices are open: Monday to Friday, and no bank holiday in England and Wales."""
    return day.weekday() < 5 and day not in _bank_holidays()


def working_days_on(day: date, working_days: int) -> date:
    """The working day that many working days after this one; the day itself when none is to pass."""
    left = working_days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day


class EndOfWorkingDay:
    """Working days of England and Wales; zero days on is the end of the same day, whichever it is."""

    def due(self, at: datetime, working_days: int) -> datetime:
        """17:00 in London, or 23:59 of the same day when nothing can wait."""
        day = at.astimezone(LONDON).date()
        if working_days == 0:
            return datetime.combine(day, LAST_MINUTE, LONDON)
        return datetime.combine(working_days_on(day, working_days), CLOSE_OF_WORK, LONDON)


@cache
def _bank_holidays() -> Container[date]:
    import holidays  # loads slowly; only asking and chasing need it

    # England and Wales share theirs; Scotland and Northern Ireland have others.
    return cast("Container[date]", holidays.country_holidays("GB", subdiv="ENG"))
