"""When an answer is due, and when a late one goes to the chair: working days of England and Wales.

Knows no case and stores nothing: "overdue" and "with the chair" are worked out from the clock at every read.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import cast

from engine.clock import LONDON
from engine.domain.lifecycle import TriageOutcome
from engine.settings import Settings

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


def due_at(asked_at: datetime, triage: TriageOutcome, settings: Settings) -> datetime:
    """By when an agency that is asked now is to answer, by what was decided at screening."""
    allowed = settings.answers_due_working_days
    return EndOfWorkingDay().due(asked_at, allowed.get(triage, allowed[TriageOutcome.CONFERENCE]))


def goes_to_chair_at(due: datetime, triage: TriageOutcome, settings: Settings) -> datetime:
    """From when a late answer is on the chair's worklist too; no days on is as soon as it is late."""
    wait = settings.late_answers_to_chair_working_days
    working_days = wait.get(triage, wait[TriageOutcome.CONFERENCE])
    return EndOfWorkingDay().due(due, working_days) if working_days else due


@cache
def _bank_holidays() -> Container[date]:
    import holidays  # loads slowly; only asking and chasing need it

    # England and Wales share theirs; Scotland and Northern Ireland have others.
    return cast("Container[date]", holidays.country_holidays("GB", subdiv="ENG"))
