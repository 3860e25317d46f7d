"""The probabilities of a trend, against what can be counted by hand."""

from __future__ import annotations

import pytest

from engine.links.trend import SHUFFLES, gap_probability, least_probability, rise_tails, rises


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
