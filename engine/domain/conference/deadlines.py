"""The due date of a conference: counted from the screening, in working days of England and Wales."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.working_days import EndOfWorkingDay


def open_by(
    screenings: Sequence[tuple[TriageOutcome, datetime]], working_days: Mapping[TriageOutcome, int]
) -> datetime | None:
    """Return by when the conference is to be open; None where its outcome has no limit.

    ``screenings`` are oldest first. After another screening with the same outcome or a more urgent one the
    earlier due date applies: only stepping down gives more time.
    """
    if not screenings:
        return None
    limit = working_days.get(screenings[-1][0])
    if limit is None:
        return None
    due: list[datetime] = []
    for outcome, at in reversed(screenings):
        allowed = working_days.get(outcome)
        if allowed is None or allowed < limit:
            break
        due.append(EndOfWorkingDay().due(at, allowed))
    return min(due)
