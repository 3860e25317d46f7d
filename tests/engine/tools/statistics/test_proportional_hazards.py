"""The model equals one written out event by event, and that of lifelines; one without a limit is refused."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from lifelines import CoxPHFitter
from lifelines.datasets import load_rossi
from scipy.optimize import minimize_scalar

from engine.outcomes.statistics.risk_table import EVENT
from engine.tools.statistics.proportional_hazards import GLOBAL, Term, cox
from engine.tools.statistics.results import CoxModel, Ties
from tests.engine.outcomes.statistics.simulated import simulated

TIED = ([2, 2, 2, 3, 3, 4, 5, 5], [1, 1, 0, 1, 1, 0, 1, 1], [0.5, 1, 0, 2, 0, 1, 0.3, 0])
"""Durations, events and one covariate, with ties of two and three."""


def fitted(found: CoxModel | str) -> CoxModel:
    assert isinstance(found, CoxModel)
    return found


def of_one(times, events, values, ties: Ties = Ties.EFRON) -> CoxModel | str:
    return cox(
        np.array(times, dtype=float),
        np.array(events, dtype=np.int64),
        np.array(values, dtype=float).reshape(-1, 1),
        [Term("x", ("x",))],
        ties,
    )


def logarithm(beta: float, ties: Ties) -> float:
    """The partial likelihood as the textbooks write it, one tied time after another."""
    rows = list(zip(*TIED, strict=True))
    total = 0.0
    for time in sorted({time for time, event, _ in rows if event}):
        died = [x for t, event, x in rows if t == time and event]
        at_risk = sum(exp(beta * x) for t, _, x in rows if t >= time)
        for place in range(len(died)):
            gone = place / len(died) * sum(exp(beta * x) for x in died) if ties is Ties.EFRON else 0
            total -= log(at_risk - gone)
        total += beta * sum(died)
    return total


@pytest.mark.parametrize("ties", Ties)
def test_the_likelihood_for_ties_is_that_of_the_textbooks(ties: Ties) -> None:
    model = fitted(of_one(*TIED, ties))
    best = minimize_scalar(
        lambda beta: -logarithm(beta, ties), bounds=(-5, 5), method="bounded", options={"xatol": 1e-10}
    )
    (found,) = model.coefficients
    assert found.estimate == pytest.approx(best.x, abs=1e-5)
    assert model.log_likelihood == pytest.approx(-best.fun, abs=1e-10)
    assert model.lr.statistic == pytest.approx(2 * (-best.fun - logarithm(0, ties)), abs=1e-9)
    small = 1e-4
    bend = -(logarithm(best.x + small, ties) - 2 * -best.fun + logarithm(best.x - small, ties)) / small**2
    assert found.se == pytest.approx(bend**-0.5, rel=1e-4)


def test_without_ties_both_likelihoods_are_one() -> None:
    rows = simulated(2, 60)
    x = np.random.default_rng(3).normal(size=60)
    one, other = (fitted(of_one(rows.durations, rows.endings == EVENT, x, ties)) for ties in Ties)
    assert one.coefficients == other.coefficients


def test_it_equals_lifelines_by_efron() -> None:
    data = load_rossi()
    names = [name for name in data if name not in ("week", "arrest")]
    theirs = CoxPHFitter().fit(data, "week", "arrest")
    ours = fitted(
        cox(
            data["week"].to_numpy(dtype=float),
            data["arrest"].to_numpy(dtype=np.int64),
            data[names].to_numpy(dtype=float),
            [Term(name, (name,)) for name in names],
            Ties.EFRON,
        )
    )
    for each in ours.coefficients:
        assert each.estimate == pytest.approx(theirs.params_[each.name], abs=1e-6)
        assert each.se == pytest.approx(theirs.standard_errors_[each.name], abs=1e-6)
    assert ours.concordance == pytest.approx(theirs.concordance_index_)


def test_another_unit_changes_a_coefficient_and_nothing_else() -> None:
    times, events, values = TIED
    one = fitted(of_one(times, events, values))
    other = fitted(of_one(times, events, [1e6 * (value - 40) for value in values]))
    assert other.coefficients[0].estimate == pytest.approx(one.coefficients[0].estimate / 1e6)
    assert other.log_likelihood == pytest.approx(one.log_likelihood)
    assert other.ph_test is not None
    assert one.ph_test is not None
    assert other.ph_test[0].statistic == pytest.approx(one.ph_test[0].statistic)


def test_a_covariate_that_predicts_every_event_has_no_coefficient() -> None:
    found = of_one([1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 0, 0], [1, 1, 1, 0, 0, 0])
    assert isinstance(found, str)
    assert found.startswith("'x' predicts the event without error")


def test_a_strong_covariate_that_leaves_one_event_to_the_others_is_fitted() -> None:
    model = fitted(of_one([1, 2, 3, 4, 5, 6, 7], [1, 1, 1, 1, 0, 0, 0], [1, 1, 0, 1, 0, 0, 0]))
    assert 0 < model.coefficients[0].estimate < 10


def test_a_covariate_that_only_varies_after_the_last_event_is_named() -> None:
    found = cox(
        np.array([1.0, 2, 3, 0.5, 0.6]),
        np.array([1, 1, 1, 0, 0]),
        np.array([[1.0, 0], [0, 0], [2, 0], [0, 1], [1, 2]]),
        [Term("x", ("x",)), Term("late", ("late",))],
        Ties.EFRON,
    )
    assert isinstance(found, str)
    assert found.startswith("'late' repeats")


def test_hazards_that_cross_are_found_and_proportional_ones_are_not() -> None:
    draw = np.random.default_rng(4)
    group = np.repeat([0.0, 1.0], 200)
    even = draw.exponential(10, 400) / np.exp(0.7 * group)
    crossing = np.where(group == 1, 10 * draw.weibull(3, 400), draw.exponential(10, 400))
    for times, least, most in ((even, 0.05, 1), (crossing, 0, 0.001)):
        model = fitted(of_one(times, np.ones(400), group))
        assert model.ph_test is not None
        assert least <= model.ph_test[0].p <= most
        assert [test.name for test in model.ph_test] == ["x"]  # GLOBAL would only repeat it
        assert GLOBAL not in {test.name for test in model.ph_test}


@pytest.mark.full
@pytest.mark.parametrize("ties", Ties)
def test_intervals_of_coefficients_cover_the_truth_as_often_as_they_say(ties: Ties) -> None:
    truth, runs, covered = 0.5, 1_500, 0
    for seed in range(runs):
        draw = np.random.default_rng(seed)
        x = draw.normal(size=150)
        times, left = draw.exponential(10 / np.exp(truth * x)), draw.exponential(20, 150)
        model = fitted(of_one(np.minimum(times, left), times <= left, x, ties))
        covered += model.coefficients[0].low <= truth <= model.coefficients[0].high
    assert 0.93 <= covered / runs <= 0.97
