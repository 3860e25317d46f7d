"""Cases as they were known by an earlier date: counted again, they show how much a figure changed. Pure.

What happened later is left out. When something was found is not in a case: a search counts up to that date,
whenever it was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from engine.domain.outcomes.observed import MeasureObserved, ObservedCase


def cases_known_on(cases: Sequence[ObservedCase], day: date) -> list[ObservedCase]:
    """Return the cases decided by a date, each with what happened by then."""
    return [_known_on(case, (day - case.anchor).days) for case in cases if case.anchor <= day]


def _known_on(case: ObservedCase, days: int) -> ObservedCase:
    has_ended = case.ended_day is not None and case.ended_day <= days
    return replace(
        case,
        ended_day=case.ended_day if has_ended else None,
        ending=case.ending if has_ended else None,
        custody=tuple(
            (begin, None if end is None or end > days else end)
            for begin, end in case.custody
            if begin <= days
        ),
        measures={measure: _searched_until(each, days) for measure, each in case.measures.items()},
    )


def _searched_until(observed: MeasureObserved, days: int) -> MeasureObserved:
    looked = observed.looked_until
    return replace(
        observed,
        looked_until=None if looked is None else min(looked, days),
        acts=tuple(act for act in observed.acts if act.day <= days),
    )
