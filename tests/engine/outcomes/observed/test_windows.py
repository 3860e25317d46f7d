"""A window's result: not yet known is never none, and no one having looked is never none either."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.observed import Ending, ObservedCase, Standing
from engine.outcomes.observed.windows import (
    acts_observed,
    acts_within,
    days_observed,
    known_from,
    standing,
    time_at_risk,
)
from tests.engine.outcomes.observed.cases import ANCHOR, LATER, a_case, an_act

YEAR = 365


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (a_case(364), Standing.FURTHER),
        (a_case(365), Standing.NONE_FOUND),
        (a_case(30, looked_until=30), Standing.FURTHER),
        (a_case(30, looked_until=None), Standing.FURTHER),
        (a_case(looked_until=364), Standing.NONE_FOUND),
        (a_case(looked_until=363), Standing.NOT_LOOKED),
        (a_case(looked_until=None), Standing.NOT_LOOKED),
        (a_case(ending=(363, Ending.DIED)), Standing.ENDED_EARLY),
        (a_case(ending=(364, Ending.DIED)), Standing.NONE_FOUND),
        (a_case(30, ending=(100, Ending.MOVED_AWAY)), Standing.FURTHER),
        (a_case(ending=(100, Ending.DEPORTED), looked_until=99), Standing.NOT_LOOKED),
        (a_case(ending=(100, Ending.DEPORTED), looked_until=None), Standing.NOT_LOOKED),
    ],
)
def test_the_result_of_a_window_that_is_over(case: ObservedCase, expected: Standing) -> None:
    assert standing(case, Measure.REPORTED, YEAR, LATER) is expected


@pytest.mark.parametrize("case", [a_case(30), a_case(looked_until=None), a_case(ending=(9, Ending.DIED))])
def test_until_a_window_is_over_nothing_is_known_of_it(case: ObservedCase) -> None:
    over = ANCHOR + timedelta(days=YEAR)
    assert standing(case, Measure.REPORTED, YEAR, over - timedelta(days=1)) is Standing.NOT_YET_KNOWN
    assert standing(case, Measure.REPORTED, YEAR, over) is not Standing.NOT_YET_KNOWN


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        (date(2025, 1, 1), date(2026, 7, 1)),
        (date(2024, 8, 31), date(2026, 3, 1)),
        (date(2025, 3, 1), date(2026, 9, 1)),
        (date(2025, 12, 31), date(2027, 7, 1)),
    ],
)
def test_proven_reoffending_is_known_half_a_year_later(anchor: date, expected: date) -> None:
    """The first two are worked examples of the Ministry of Justice's rule."""
    case = a_case(measure=Measure.PROVEN, anchor=anchor)
    assert known_from(case, Measure.PROVEN, YEAR) == expected
    assert known_from(case, Measure.RECORDED, YEAR) == anchor + timedelta(days=YEAR)


def test_a_search_for_convictions_must_reach_the_end_of_the_time_for_proof() -> None:
    last = (known_from(a_case(), Measure.PROVEN, YEAR) - ANCHOR).days - 1
    for until, expected in ((last, Standing.NONE_FOUND), (last - 1, Standing.NOT_LOOKED)):
        case = a_case(measure=Measure.PROVEN, looked_until=until)
        assert standing(case, Measure.PROVEN, YEAR, LATER) is expected


def test_proven_leaves_out_breaches_of_orders_and_later_proof_and_the_others_do_not() -> None:
    last = (known_from(a_case(), Measure.PROVEN, YEAR) - ANCHOR).days - 1
    acts = (
        an_act(10, is_order_breach=True),
        an_act(20, proved_day=last),
        an_act(30, proved_day=last + 1),
        an_act(40),
    )
    proven = a_case(*acts, measure=Measure.PROVEN)
    assert [act.day for act in acts_within(proven, Measure.PROVEN, YEAR)] == [20, 40]
    recorded = a_case(*acts, measure=Measure.RECORDED)
    assert [act.day for act in acts_within(recorded, Measure.RECORDED, YEAR)] == [10, 20, 30, 40]


def test_what_may_still_be_proven_is_not_observed() -> None:
    assert days_observed(a_case(measure=Measure.PROVEN, looked_until=200), Measure.PROVEN) == 18
    assert days_observed(a_case(measure=Measure.PROVEN, looked_until=100), Measure.PROVEN) == 0


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40)), max_size=3)


@given(
    st.none() | st.integers(0, 120),
    st.none() | st.integers(0, 120),
    SPANS,
    st.none() | st.integers(1, 100),
    st.lists(st.integers(0, 120), max_size=8).map(sorted),
)
@settings(max_examples=120, deadline=None)
def test_time_at_risk_and_acts_in_it_equal_days_counted_one_by_one(
    looked_until: int | None,
    ended: int | None,
    spans: list[tuple[int, int]],
    window: int | None,
    acts: list[int],
) -> None:
    custody = []
    at = 0
    for gap, length in spans:
        custody.append((at + gap, at + gap + length))
        at += gap + length + 1
    ending = None if ended is None else (ended, Ending.MOVED_AWAY)
    for measure in (Measure.REPORTED, Measure.RECORDED):
        case = a_case(*acts, measure=measure, looked_until=looked_until, ending=ending, custody=custody)
        days = {
            each
            for each in range(-1 if looked_until is None else looked_until + 1)
            if (ended is None or each <= ended) and (window is None or each < window)
        }
        if measure is Measure.RECORDED:
            days -= {each for begin, end in custody for each in range(begin, end)}
        assert time_at_risk(case, measure, window) == len(days)
        assert [act.day for act in acts_observed(case, measure, window)] == [a for a in acts if a in days]
