"""The probabilities of a trend, against what can be counted by hand."""

from __future__ import annotations

import math

import pytest

from engine.links.trend import (
    SHUFFLES,
    fewest_gaps,
    gap_probability,
    laplace_statistic,
    least_probability,
    rise_tails,
    rises,
)


def test_no_shuffle_as_large_is_one_in_the_shuffles_and_the_order_itself_never_naught() -> None:
    """Of nine falling gaps one order in 362,880 crowds as much: the shuffles do not meet it."""
    gaps = [float(gap) for gap in (256, 128, 64, 32, 16, 8, 4, 2, 1)]
    shares = range(8, -1, -1)
    statistic = sum(gap * share for gap, share in zip(gaps, shares, strict=True)) / (sum(gaps) * 8)
    assert gap_probability(gaps, statistic) == 1 / (SHUFFLES + 1) == least_probability(gaps)


def test_no_shuffle_that_rises_as_much_is_never_naught() -> None:
    values = [float(value) for value in range(12)]
    assert rises(values) == 66
    assert rise_tails((66,), values) == (1 / (SHUFFLES + 1),)


def test_few_gaps_are_counted_order_by_order() -> None:
    """Three gaps have six orders, of which the falling one alone gives a mean as late as its own."""
    assert gap_probability([60.0, 30.0, 10.0], (60 * 2 + 30) / (100 * 2)) == pytest.approx(1 / 6)
    assert least_probability([60.0, 30.0, 10.0]) == pytest.approx(1 / 6)


def test_few_values_are_counted_order_by_order() -> None:
    assert (rises([1.0, 2.0, 3.0]), rises([3.0, 2.0, 1.0])) == (3, -3)
    assert rise_tails((3, -3), [1.0, 2.0, 3.0]) == (1 / 6, 1.0)


def test_days_that_all_lie_on_the_first_have_no_mean_and_a_single_later_day_has() -> None:
    assert laplace_statistic([0.0, 0.0]) is None
    assert laplace_statistic([3.0]) is None
    assert laplace_statistic([0.0, 1.0]) == 0.0
    assert laplace_statistic([0.25, 0.5]) == 0.5


def test_an_order_that_is_just_as_large_counts_among_those_as_large() -> None:
    """Two gaps have two orders: the falling one gives 3/4, and both are at least 1/4."""
    assert gap_probability([3.0, 1.0], 3 / 4) == 1 / 2
    assert gap_probability([3.0, 1.0], 1 / 4) == 1.0
    assert gap_probability([3.0, 1.0], 1 / 4 + 1e-8) == 1 / 2


def test_equal_gaps_are_one_order_and_so_never_rare() -> None:
    assert gap_probability([2.0] * 5, 0.5) == 1.0
    assert gap_probability([2.0] * 401, 0.5) == 1.0
    assert least_probability([2.0] * 5) == pytest.approx(1.0)


def test_the_least_is_of_every_order_up_to_seven_and_of_the_shuffles_beyond() -> None:
    assert least_probability([float(gap) for gap in range(7)]) == pytest.approx(1 / math.factorial(7))
    assert least_probability([float(gap) for gap in range(8)]) == pytest.approx(1 / (SHUFFLES + 1))
    assert least_probability([1.0, 1.0, 2.0, 3.0], only=1.0) == pytest.approx(1 / 12)
    assert [fewest_gaps(at_most) for at_most in (0.5, 0.05, 1 / 5040)] == [2, 4, 7]


@pytest.mark.parametrize("number", [61, 90])
def test_of_many_values_the_tail_is_the_normal_form_of_kendalls_sum_with_its_correction_for_ties(
    number: int,
) -> None:
    """Kendall 1975: variance n(n-1)(2n+5)/18, less t(t-1)(2t+5)/18 for each t that are equal."""
    values = [float(value // 3) for value in range(number)]
    ties = [3] * (number // 3) + [number % 3] * (number % 3 > 0)
    variance = number * (number - 1) * (2 * number + 5) / 18
    variance -= sum(tie * (tie - 1) * (2 * tie + 5) for tie in ties) / 18
    total = 3 * number
    expected = 0.5 * math.erfc((total - 1) / math.sqrt(2 * variance))
    assert rise_tails((total,), values)[0] == pytest.approx(expected)
    assert rise_tails((1,), values) == (0.5,)


def test_many_equal_values_rise_by_chance_always() -> None:
    assert rise_tails((0, 5), [1.0] * 61) == (1.0, 1.0)


def test_of_four_hundred_gaps_orders_are_shuffled_and_of_more_the_normal_form_answers() -> None:
    falling = [float(gap) for gap in range(400, 0, -1)]
    shares = range(399, -1, -1)
    statistic = sum(gap * share for gap, share in zip(falling, shares, strict=True)) / (sum(falling) * 399)
    assert gap_probability(falling, statistic) == 1 / (SHUFFLES + 1)
    assert gap_probability([401.0, *falling], statistic) < 1e-6
