"""Observed cases that show only what matters, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from engine.domain.dates import PartialDate
from engine.domain.outcomes.follow_up import AgainstWhom, Measure
from engine.domain.outcomes.observed import Ending, FurtherAct, MeasureObserved, ObservedCase
from engine.outcomes.observed.building import ActFound

ANCHOR = date(2024, 1, 1)
LATER = date(2027, 1, 1)
"""A day on which every window of these tests is over."""


def day(number: int) -> PartialDate:
    return PartialDate.of(ANCHOR + timedelta(days=number))


def an_act(number: int, **changes: object) -> FurtherAct:
    given: dict[str, object] = {"day": number, "against": AgainstWhom.SAME_VICTIM, **changes}
    return FurtherAct(**given)  # type: ignore[arg-type]


def a_case(
    *days: int | FurtherAct,
    looked_until: int | None = 800,
    measure: Measure = Measure.REPORTED,
    person: str = "P-1",
    ending: tuple[int, Ending] | None = None,
    custody: Sequence[tuple[int, int | None]] = (),
    anchor: date = ANCHOR,
) -> ObservedCase:
    """A case with these acts on one measure; nothing is known of the others."""
    acts = tuple(each if isinstance(each, FurtherAct) else an_act(each) for each in days)
    return ObservedCase(
        reference="R-1",
        person=person,
        anchor=anchor,
        ended_day=ending[0] if ending else None,
        ending=ending[1] if ending else None,
        custody=tuple(custody),
        measures={
            each: MeasureObserved(each, looked_until, acts)
            if each is measure
            else MeasureObserved(each, None, ())
            for each in Measure
        },
    )


def found(number: int, source: str = "harbour", **changes: object) -> ActFound:
    given: dict[str, object] = {
        "measure": Measure.REPORTED,
        "happened": day(number),
        "against": AgainstWhom.SAME_VICTIM,
        "source": source,
        "recorded_on": LATER,
        **changes,
    }
    return ActFound(**given)  # type: ignore[arg-type]
