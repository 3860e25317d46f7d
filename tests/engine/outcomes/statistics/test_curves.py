"""Curves equal fractions, lifelines where it is exact, and a closed form, and cover the truth as stated."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from engine.outcomes.statistics.curves import Band, cumulative_incidence, median, survival
from engine.outcomes.statistics.risk_table import COMPETING, EVENT, LEFT, RiskTable, risk_table
from tests.engine.outcomes.statistics.simulated import simulated, true_incidence, true_survival

ROWS = st.lists(
    st.tuples(st.integers(0, 8), st.sampled_from([LEFT, EVENT, COMPETING])), min_size=1, max_size=25
)


def table(rows: list[tuple[int, int]]) -> RiskTable:
    return risk_table(
        np.array([float(time) for time, _ in rows]), np.array([ending for _, ending in rows], dtype=np.int64)
    )


@given(ROWS)
@settings(max_examples=60, deadline=None)
def test_with_many_ties_survival_and_incidence_equal_fractions_worked_out_by_hand(
    rows: list[tuple[int, int]],
) -> None:
    had, other, free = Fraction(0), Fraction(0), Fraction(1)
    alone = Fraction(1)
    curve, incidence = survival(table(rows)), cumulative_incidence(table(rows))
    competing = cumulative_incidence(table(rows).with_causes_exchanged())
    for time in sorted({time for time, _ in rows}):
        at_risk = sum(each >= time for each, _ in rows)
        events, others = rows.count((time, EVENT)), rows.count((time, COMPETING))
        had += free * Fraction(events, at_risk)
        other += free * Fraction(others, at_risk)
        free *= Fraction(at_risk - events - others, at_risk)
        alone *= Fraction(at_risk - events, at_risk)
        assert curve.at(time).estimate == pytest.approx(float(alone), abs=1e-12)
        assert incidence.at(time).estimate == pytest.approx(float(had), abs=1e-12)
        assert competing.at(time).estimate == pytest.approx(float(other), abs=1e-12)
        assert had + other + free == 1


def test_survival_and_band_equal_those_of_lifelines() -> None:
    rows = simulated(5, 80, whole_times=True)
    ours = survival(risk_table(rows.durations, rows.endings))
    fitter = KaplanMeierFitter().fit(rows.durations, rows.endings == EVENT)
    band = fitter.confidence_interval_survival_function_
    for time, estimate, low, high in zip(ours.times, ours.estimates, ours.lows, ours.highs, strict=True):
        assert estimate == pytest.approx(fitter.survival_function_.loc[time].item(), abs=1e-12)
        if 0 < estimate < 1:
            assert (low, high) == pytest.approx(tuple(band.loc[time]), abs=1e-9)


def test_whoever_leaves_at_the_time_of_an_event_was_at_risk_then() -> None:
    assert survival(table([(5, LEFT), (5, EVENT)])).at(5).estimate == 0.5
    assert survival(table([(4, LEFT), (5, EVENT)])).at(5).estimate == 0


@pytest.mark.parametrize(
    ("rows", "at", "band"),
    [
        ([(3, EVENT), (5, LEFT)], 2, Band(1, None, None)),  # before the first event there is no band
        ([(3, EVENT), (5, LEFT)], 5.1, Band(None, None, None)),  # no one is followed that long
        ([(3, EVENT), (5, EVENT)], 9, Band(0, None, None)),  # all have had it, so the rest is known
        ([(3, LEFT)], 3, Band(1, None, None)),
        ([(3, LEFT)], 4, Band(None, None, None)),
    ],
)
def test_a_curve_ends_where_no_one_is_followed(rows: list[tuple[int, int]], at: float, band: Band) -> None:
    assert survival(table(rows)).at(at) == band


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([(1, EVENT), (2, EVENT), (3, EVENT)], 2),  # first time below a half
        ([(1, EVENT), (2, EVENT), (4, EVENT), (6, EVENT)], 3),  # a half from 2 to 4: its middle
        ([(1, EVENT), (2, EVENT), (4, LEFT), (6, LEFT)], 2),  # a half to the end: its beginning
        ([(1, EVENT), (2, LEFT), (4, LEFT)], None),
        ([(2, LEFT)], None),
        ([(1, EVENT)] * 3 + [(3, EVENT)] * 3, 2),  # tied, and a half by three sixths
        ([(time, EVENT) for time in range(1, 7)], 3.5),  # 5/6 * 4/5 * 3/4 is not exactly a half in a computer
    ],
)
def test_the_median_follows_its_convention(times: list[tuple[int, int]], expected: float | None) -> None:
    assert median(survival(table(times))).estimate == expected


def test_incidence_is_within_two_hundredths_of_its_closed_form() -> None:
    rows = simulated(1, 4_000)
    curve = cumulative_incidence(risk_table(rows.durations, rows.endings))
    for at in (2.0, 5.0, 10.0, 15.0):
        assert curve.at(at).estimate == pytest.approx(true_incidence(at), abs=0.02)
        one_minus = 1 - (survival(risk_table(rows.durations, rows.endings)).at(at).estimate or 0)
        assert one_minus > true_incidence(at)


@pytest.mark.full
@pytest.mark.parametrize("at", [4.0, 8.0])
def test_bands_of_95_per_cent_cover_the_truth_as_often_as_they_say(at: float) -> None:
    covered, runs = np.zeros(2), 4_000
    for seed in range(runs):
        rows = simulated(seed, 150)
        numbers = risk_table(rows.durations, rows.endings)
        for place, (band, truth) in enumerate(
            [
                (survival(numbers).at(at), true_survival(at)),
                (cumulative_incidence(numbers).at(at), true_incidence(at)),
            ]
        ):
            covered[place] += (
                band.low is not None and band.high is not None and band.low <= truth <= band.high
            )
    assert (covered / runs >= 0.93).all()
    assert (covered / runs <= 0.97).all()
