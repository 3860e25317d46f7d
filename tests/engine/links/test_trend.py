"""The probabilities of a trend, against what can be counted by hand."""

from __future__ import annotations

import itertools
import math
import random

import pytest

from engine.links.trend import (
    SHUFFLES,
    fewest_gaps,
    gap_probability,
    is_rarer,
    laplace_probability,
    laplace_statistic,
    least_probability,
    rise_tails,
    rises,
)


@pytest.mark.parametrize(
    ("days", "mean"),
    [((2, 4, 8), 0.375), ((0, 8), 0.0), ((8, 8, 8, 8), 1.0), ((8,), None), ((0, 0), None)],
)
def test_the_statistic_is_the_mean_of_all_but_the_last_day_as_a_part_of_the_last(
    days: tuple[float, ...], mean: float | None
) -> None:
    assert laplace_statistic(days) == mean


@pytest.mark.parametrize("than", [0.001, 0.01, 0.05, 0.5])
def test_whether_an_order_is_rarer_is_what_its_probability_says(than: float) -> None:
    rng = random.Random(7)
    for number in (3, 6, 9, 14, 25):
        for _ in range(12):
            gaps = sorted((float(rng.randint(0, 40)) for _ in range(number)), reverse=rng.random() < 0.6)
            statistic = laplace_statistic(list(itertools.accumulate(gaps)))
            if statistic is not None:
                assert is_rarer(gaps, statistic, than=than) == (gap_probability(gaps, statistic) <= than)


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


def test_of_up_to_twenty_events_the_mean_is_counted_exactly_and_of_more_by_the_normal_form() -> None:
    """Two even numbers have a mean of at least 3/4 once in eight times, and three one of 5/6 once in 48."""
    assert laplace_probability(3 / 4, 2) == pytest.approx(1 / 8)
    assert laplace_probability(5 / 6, 3) == pytest.approx(1 / 48)
    assert (laplace_probability(0.0, 5), laplace_probability(1.0, 5)) == (1.0, 0.0)
    for events in (20, 21):
        normal = 0.5 * math.erfc((0.6 - 0.5) * math.sqrt(12 * events) / math.sqrt(2))
        assert laplace_probability(0.6, events) == pytest.approx(normal, rel=0.02)
        assert (laplace_probability(0.6, events) == normal) is (events == 21)


def test_of_seven_gaps_every_order_is_counted_and_of_eight_shuffles() -> None:
    for number, rarest in ((7, 1 / math.factorial(7)), (8, 1 / (SHUFFLES + 1))):
        gaps = [2.0**place for place in range(number, 0, -1)]
        shares = range(number - 1, -1, -1)
        statistic = sum(gap * share for gap, share in zip(gaps, shares, strict=True))
        assert gap_probability(gaps, statistic / (sum(gaps) * (number - 1))) == rarest


def test_of_seven_values_every_order_is_counted_of_sixty_shuffles_and_of_more_the_normal_form() -> None:
    assert rise_tails((21,), [float(value) for value in range(7)]) == (1 / math.factorial(7),)
    chance = rise_tails((1,), [float(value) for value in range(60)])[0] * (SHUFFLES + 1)
    assert chance == pytest.approx(round(chance))
    assert rise_tails((1,), [float(value) for value in range(61)]) == (0.5,)


def test_the_mean_of_a_share_of_days_is_not_rounded() -> None:
    assert laplace_probability(0.123456789, 2) == pytest.approx(1 - 2 * 0.123456789**2, abs=1e-9)


def test_of_more_than_four_hundred_gaps_the_tail_has_the_spread_of_a_permutation() -> None:
    """Of the sum over gaps times their places from the end: variance by permutation of one of the two."""
    gaps = [float(1 + place % 3) for place in range(401)]
    places = [400 - place for place in range(401)]
    middle = sum(gaps) * sum(places) / 401
    squares = sum((gap - sum(gaps) / 401) ** 2 for gap in gaps) * sum((place - 200) ** 2 for place in places)
    spread = math.sqrt(squares / 400)
    for away in (0.0, 1.5):
        statistic = (middle + away * spread) / (sum(gaps) * 400)
        assert gap_probability(gaps, statistic) == pytest.approx(0.5 * math.erfc(away / math.sqrt(2)))


def test_the_shuffles_of_the_same_gaps_give_the_same_answer_in_every_release() -> None:
    """An alarm must not come and go with a new version: the shuffles begin from the gaps themselves."""
    gaps = [5.0, 1.0, 3.0, 2.0, 8.0, 1.0, 1.0, 4.0, 2.0]
    assert [gap_probability(gaps, statistic) for statistic in (0.55, 0.6)] == [0.3005, 0.1335]
    assert rise_tails((4, 9), [3.0, 1.0, 2.0, 5.0, 4.0, 4.0, 7.0, 6.0]) == (0.3265, 0.167)
