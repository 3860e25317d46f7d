"""Whether, how often and how soon: each figure adds up to what it is out of."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.outcomes.follow_up import AgainstWhom, Measure
from engine.domain.outcomes.observed import Ending, ObservedCase
from engine.outcomes.observed.answering import first_ending, how_often, how_soon, severity, whether
from engine.outcomes.observed.clustering import clustered_rate, clustered_share
from engine.outcomes.statistics.risk_table import COMPETING, EVENT, LEFT
from tests.engine.outcomes.observed.cases import ANCHOR, LATER, a_case, an_act

YEAR = 365
CASES = st.lists(
    st.builds(
        lambda days, looked, ending, person, late, custody: a_case(
            *sorted(days),
            looked_until=looked,
            ending=ending,
            person=person,
            custody=custody,
            anchor=ANCHOR + timedelta(days=900 if late else 0),
        ),
        st.lists(st.integers(0, 500), max_size=3),
        st.none() | st.integers(0, 700),
        st.none() | st.tuples(st.integers(0, 500), st.sampled_from(Ending)),
        st.sampled_from(["P-1", "P-2", "P-3", "P-4"]),
        st.booleans(),
        st.sampled_from([(), ((0, None),), ((50, 90),)]),
    ),
    max_size=20,
)


@given(CASES)
@settings(max_examples=120, deadline=None)
def test_every_case_is_in_one_place_and_those_not_known_are_in_no_denominator(
    cases: list[ObservedCase],
) -> None:
    answer = whether(cases, Measure.REPORTED, YEAR, LATER)
    ended = sum(answer.ended_early.values())
    assert answer.followed == len(cases)
    assert answer.followed == answer.counted + answer.not_yet_known + answer.not_looked + ended
    assert answer.window_over == answer.followed - answer.not_yet_known
    assert answer.counted == answer.further + answer.none_found
    assert sum(answer.first_against.values()) == answer.further
    assert answer.never_looked <= answer.not_looked
    if answer.counted:
        assert answer.share.estimate == pytest.approx(answer.further / answer.counted)
        assert answer.least is not None
        assert answer.most is not None
        share = answer.further / answer.counted
        assert answer.least <= share <= answer.most + 1e-12
    else:
        assert answer.share.estimate is None


@given(CASES)
@settings(max_examples=60, deadline=None)
def test_how_often_and_how_soon_count_only_cases_that_were_searched(cases: list[ObservedCase]) -> None:
    looked = [case for case in cases if case.measures[Measure.REPORTED].looked_until is not None]
    often = how_often(cases, Measure.REPORTED, YEAR)
    assert often.cases == len(looked)
    assert sum(often.by_number.values()) == often.cases
    assert sum(number * count for number, count in often.by_number.items()) == often.acts
    assert often == how_often(looked, Measure.REPORTED, YEAR)
    soon = how_soon(cases, Measure.REPORTED)
    assert soon.cases == len(looked)
    assert soon.with_act + soon.competing <= soon.cases


def test_those_found_before_their_window_was_over_are_counted_apart() -> None:
    answer = whether(
        [a_case(10, anchor=ANCHOR), a_case(10), a_case()], Measure.REPORTED, YEAR, ANCHOR + timedelta(days=30)
    )
    assert (answer.counted, answer.not_yet_known, answer.further_before_window_over) == (0, 3, 2)


def test_a_case_may_be_against_two_targets_and_its_first_is_one_of_them() -> None:
    case = a_case(10, an_act(20, against=AgainstWhom.NEW_VICTIM))
    answer = whether([case], Measure.REPORTED, YEAR, LATER)
    assert list(answer.first_against.values()) == [1, 0, 0]
    assert list(answer.ever_against.values()) == [1, 1, 0]


def test_people_stalk_from_prison_and_no_crime_is_recorded_there() -> None:
    custody = [(100, 200)]
    reported = a_case(150, custody=custody, looked_until=364)
    recorded = a_case(150, custody=custody, looked_until=364, measure=Measure.RECORDED)
    often = how_often([reported], Measure.REPORTED, YEAR)
    assert (often.acts, often.days_at_risk, often.days_in_custody) == (1, 365, 100)
    often = how_often([recorded], Measure.RECORDED, YEAR)
    assert (often.acts, often.days_at_risk, often.days_in_custody) == (0, 265, 100)


@pytest.mark.parametrize(
    ("case", "measure", "expected"),
    [
        (a_case(40), Measure.REPORTED, (40, EVENT)),
        (a_case(looked_until=90), Measure.REPORTED, (90, LEFT)),
        (a_case(looked_until=None), Measure.REPORTED, None),
        (a_case(ending=(50, Ending.DIED)), Measure.REPORTED, (50, COMPETING)),
        (a_case(ending=(50, Ending.MOVED_AWAY)), Measure.REPORTED, (50, LEFT)),
        (a_case(ending=(50, Ending.DIED), looked_until=40), Measure.REPORTED, (40, LEFT)),
        (a_case(40, custody=[(30, None)]), Measure.REPORTED, (40, EVENT)),
        (a_case(40, custody=[(30, None)], measure=Measure.RECORDED), Measure.RECORDED, (30, COMPETING)),
        (a_case(20, custody=[(30, None)], measure=Measure.RECORDED), Measure.RECORDED, (20, EVENT)),
        (a_case(custody=[(0, 9)], measure=Measure.RECORDED), Measure.RECORDED, None),
        (a_case(custody=[(0, 9)]), Measure.REPORTED, (800, LEFT)),
    ],
)
def test_what_came_first(case: ObservedCase, measure: Measure, expected: tuple[int, int] | None) -> None:
    end = first_ending(case, measure)
    assert (None if end is None else (end.days, end.ending)) == expected


def test_how_soon_by_hand() -> None:
    soon = how_soon([a_case(10), a_case(20), a_case(30), a_case(looked_until=25)], Measure.REPORTED)
    assert (soon.with_act, soon.half_of_first_acts_by, soon.quarter_of_cases_by) == (3, 20, 10)
    assert soon.median.estimate == 25  # exactly a half from day 20 until day 30: the middle
    nothing = how_soon([], Measure.REPORTED)
    assert (nothing.cases, nothing.median.estimate, nothing.quarter_of_cases_by) == (0, None, None)


def test_no_score_is_set_apart_and_is_no_low_band() -> None:
    cases = [
        a_case(an_act(1, harm=9.9), an_act(2)),
        a_case(an_act(1, harm=10.0), an_act(2, harm=365.0)),
        a_case(1),
        a_case(),
        a_case(an_act(1, harm=0.0)),
    ]
    found = severity(cases, Measure.REPORTED, YEAR, LATER)
    assert (found.further, found.no_score, found.partly_scored) == (4, 1, 1)
    assert list(found.bands.values()) == [2, 0, 0, 1]


def test_a_share_over_different_people_has_wilsons_interval() -> None:
    share = clustered_share([True] * 161 + [False] * 226, [f"P-{each}" for each in range(387)])
    assert share.low == pytest.approx(0.3679, abs=1e-4)
    assert share.high == pytest.approx(0.4657, abs=1e-4)


def test_cases_of_one_person_widen_the_interval_and_never_move_the_share() -> None:
    had = [True] * 20 + [False] * 20
    apart = clustered_share(had, [str(each) for each in range(40)])
    pairs = clustered_share(had, [str(each // 2) for each in range(40)])
    assert apart.estimate == pairs.estimate == 0.5
    assert apart.low is not None
    assert pairs.low is not None
    assert pairs.low < apart.low
    twenty = clustered_share([True] * 10 + [False] * 10, [str(each) for each in range(20)])
    assert pairs.low == pytest.approx(twenty.low)  # two equal cases of a person are one


@pytest.mark.parametrize("number", [0, 40])
def test_none_or_all_of_the_cases_still_have_an_interval(number: int) -> None:
    share = clustered_share([number > 0] * 40, [str(each // 4) for each in range(40)])
    assert share.low is not None
    assert share.high is not None
    assert share.high - share.low == pytest.approx(1.96**2 / (10 + 1.96**2), abs=1e-3)


def test_a_rate_covers_its_truth_when_acts_come_in_bursts_and_the_exact_interval_does_not() -> None:
    """Gamma-distributed rates of persons: each interval is tried against the known mean."""
    random = np.random.default_rng(20261127)
    covered = exact = 0
    runs = 400
    for _ in range(runs):
        rates = random.gamma(0.5, 2.0, size=150)
        numbers = [int(each) for each in random.poisson(rates)]
        rate = clustered_rate(numbers, [1.0] * 150, [str(each) for each in range(150)])
        alone = clustered_rate(numbers, [1.0] * 150, ["P-1"] * 150)  # one person: only the exact interval
        assert rate.low is not None
        assert rate.high is not None
        assert alone.low is not None
        assert alone.high is not None
        covered += rate.low <= 1.0 <= rate.high
        exact += alone.low <= 1.0 <= alone.high
    assert 0.92 <= covered / runs <= 0.98
    assert exact / runs < 0.85


def test_figures_do_not_depend_on_the_order_of_cases() -> None:
    cases = [a_case(day, person=f"P-{day % 3}") for day in range(0, 600, 37)]
    shuffled = list(cases)
    Random(4).shuffle(shuffled)
    assert whether(cases, Measure.REPORTED, YEAR, LATER) == whether(shuffled, Measure.REPORTED, YEAR, LATER)
