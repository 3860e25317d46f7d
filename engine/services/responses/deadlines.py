"""Deadlines of answers, and of late ones going to the chair: working days of England and Wales.

Knows no case and stores nothing: "overdue" and "with the chair" are worked out from the clock at every read.
"""

from __future__ import annotations

from datetime import datetime

from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.working_days import EndOfWorkingDay
from engine.settings import Settings


def due_at(asked_at: datetime, triage: TriageOutcome, settings: Settings) -> datetime:
    """Return by when an agency that is asked now is to answer, by what was decided at screening."""
    allowed = settings.answers_due_working_days
    return EndOfWorkingDay().due(asked_at, allowed.get(triage, allowed[TriageOutcome.CONFERENCE]))


def goes_to_chair_at(due: datetime, triage: TriageOutcome, settings: Settings) -> datetime:
    """Return from when a late answer is on the chair's worklist too; 0 days: as soon as it is late."""
    wait = settings.late_answers_to_chair_working_days
    working_days = wait.get(triage, wait[TriageOutcome.CONFERENCE])
    return EndOfWorkingDay().due(due, working_days) if working_days else due
