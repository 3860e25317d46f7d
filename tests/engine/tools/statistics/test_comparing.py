"""Comparisons equal those of lifelines, do not depend on order, and alarm as often as they should."""

from __future__ import annotations

import numpy as np
import pytest
from lifelines.statistics import multivariate_logrank_test

from engine.outcomes.statistics.risk_table import COMPETING, EVENT, LEFT, GroupedTable, grouped_table
from engine.tools.statistics.comparing import NO_EVENTS, NO_SPREAD, ONE_GROUP, gray, log_rank
from engine.tools.statistics.results import ChiSquared
from tests.engine.outcomes.statistics.simulated import Simulated, simulated


def grouped(rows: Simulated, groups: int = 2) -> GroupedTable:
    return grouped_table(rows.durations, rows.endings, rows.group_of, groups=groups)


def table(*rows: tuple[float, int, int], groups: int = 2) -> GroupedTable:
    times, endings, places = (np.array(column) for column in zip(*rows, strict=True))
    return grouped_table(times.astype(float), endings, places, groups=groups)


def result_of(found: ChiSquared | str) -> ChiSquared:
    assert isinstance(found, ChiSquared)
    return found


@pytest.mark.parametrize("groups", [2, 3, 4])
def test_the_log_rank_test_equals_that_of_lifelines_with_many_ties(groups: int) -> None:
    rows = simulated(3, 120, groups=groups, whole_times=True)
    theirs = multivariate_logrank_test(rows.durations, rows.group_of, rows.endings == EVENT)
    ours = result_of(log_rank(grouped(rows, groups)))
    assert (ours.statistic, ours.p) == pytest.approx((theirs.test_statistic, theirs.p_value), rel=1e-8)
    assert ours.df == groups - 1


@pytest.mark.parametrize("test", [log_rank, gray])
def test_the_order_of_groups_changes_nothing(test) -> None:
    rows = simulated(4, 150, groups=3, whole_times=True)
    turned = Simulated(rows.durations, rows.endings, 2 - rows.group_of)
    assert result_of(test(grouped(rows, 3))).statistic == pytest.approx(
        result_of(test(grouped(turned, 3))).statistic, rel=1e-9
    )


def test_without_a_competing_event_gray_tests_what_the_log_rank_test_does() -> None:
    """The variances differ a little: Gray's is of the pooled incidence, and not hypergeometric."""
    rows = simulated(6, 400)
    alone = Simulated(rows.durations, np.where(rows.endings == COMPETING, LEFT, rows.endings), rows.group_of)
    assert result_of(gray(grouped(alone))).statistic == pytest.approx(
        result_of(log_rank(grouped(alone))).statistic, rel=0.05
    )


def test_a_difference_of_incidence_without_one_of_hazards_is_found_only_by_gray() -> None:
    """In group 1 the competing event takes most rows away before the event can come; hazards are equal."""
    draw = np.random.default_rng(8)
    event, groups = draw.exponential(10, 600), np.repeat([0, 1], 300)
    other = draw.exponential(np.where(groups == 1, 3, 60))
    rows = Simulated(np.minimum(event, other), np.where(event < other, EVENT, COMPETING), groups)
    assert result_of(log_rank(grouped(rows))).p > 0.1
    assert result_of(gray(grouped(rows))).p < 1e-6


@pytest.mark.parametrize(
    ("numbers", "reason"),
    [
        (table((1, LEFT, 0), (2, LEFT, 1)), NO_EVENTS),
        (table((1, EVENT, 0), (2, EVENT, 0)), ONE_GROUP),
        (table((1, LEFT, 0), (2, EVENT, 1), (3, LEFT, 1)), ONE_GROUP),  # group 0 left before the only event
    ],
)
def test_what_cannot_be_compared_is_a_sentence(numbers: GroupedTable, reason: str) -> None:
    assert log_rank(numbers) == reason
    assert gray(numbers) == reason


def test_groups_that_are_never_followed_together_cannot_be_compared() -> None:
    assert log_rank(table((1, EVENT, 0), (1, EVENT, 1))) == NO_SPREAD


def test_an_empty_group_takes_part_in_no_comparison() -> None:
    rows = [(1.0, EVENT, 0), (2.0, COMPETING, 1), (3.0, EVENT, 1), (4.0, EVENT, 0), (5.0, LEFT, 1)]
    for test in (log_rank, gray):
        two, three = result_of(test(table(*rows))), result_of(test(table(*rows, groups=3)))
        assert (two.df, three.df) == (1, 1)
        assert two.statistic == pytest.approx(three.statistic)


@pytest.mark.full
@pytest.mark.parametrize("test", [log_rank, gray])
@pytest.mark.parametrize(("groups", "whole_times"), [(2, False), (3, True)])
def test_false_alarms_are_as_many_as_stated(test, groups: int, whole_times: bool) -> None:
    runs = 2_000
    alarms = sum(
        result_of(test(grouped(simulated(seed, 150, groups=groups, whole_times=whole_times), groups))).p
        < 0.05
        for seed in range(runs)
    )
    assert 0.035 <= alarms / runs <= 0.065
