"""Cases as they were known by an earlier date."""

from __future__ import annotations

from datetime import date, timedelta

from engine.domain.outcomes.follow_up import AgainstWhom, Measure
from engine.domain.outcomes.observed import Ending, FurtherAct, MeasureObserved, ObservedCase
from engine.outcomes.observed.as_known import cases_known_on

DECIDED = date(2026, 1, 1)
ACTS = tuple(FurtherAct(day=day, against=AgainstWhom.SAME_VICTIM) for day in (10, 100))
CASE = ObservedCase(
    reference="C-1",
    person="P-1",
    anchor=DECIDED,
    ended_day=200,
    ending=Ending.MOVED_AWAY,
    custody=((50, 150), (170, 180)),
    measures={each: MeasureObserved(each, looked_until=200, acts=ACTS) for each in Measure},
)


def test_what_happened_later_is_left_out() -> None:
    (then,) = cases_known_on([CASE], DECIDED + timedelta(days=100))
    assert (then.ended_day, then.ending, then.custody) == (None, None, ((50, None),))
    for each in then.measures.values():
        assert (each.looked_until, each.acts) == (100, ACTS)
    (before,) = cases_known_on([CASE], DECIDED + timedelta(days=99))
    assert before.measures[Measure.REPORTED].acts == ACTS[:1]


def test_what_was_known_then_is_as_it_is_now() -> None:
    assert cases_known_on([CASE], DECIDED + timedelta(days=200)) == [CASE]


def test_a_case_counts_from_its_decision_on() -> None:
    assert cases_known_on([CASE], DECIDED - timedelta(days=1)) == []
    assert len(cases_known_on([CASE], DECIDED)) == 1
