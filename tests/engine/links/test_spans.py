"""What dates leave open is bounded both ways: held against every order, written out."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise, permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.dates import PartialDate
from engine.links.spans import Span, highest_of_halves, only_in_later_half, rise_bounds, span_of

FIRST = date(2025, 1, 1)
UNTIL = date(2026, 11, 26)


def a_span(first: int, more: int) -> Span:
    return Span(FIRST + timedelta(days=first), FIRST + timedelta(days=first + more))


SERIES = st.lists(
    st.tuples(st.builds(a_span, st.integers(0, 4), st.sampled_from([0, 0, 1, 3])), st.integers(0, 3)),
    min_size=4,
    max_size=5,
)


def every_order(spans: list[Span]) -> set[tuple[int, ...]]:
    """Every order that is possible, by trying each day of each; those on one day in either order."""
    found = set()
    for days in product(*(range(span.first.toordinal(), span.last.toordinal() + 1) for span in spans)):
        for order in permutations(range(len(spans))):
            if all(days[one] <= days[other] for one, other in pairwise(order)):
                found.add(order)
    return found


@given(SERIES)
@settings(max_examples=25, deadline=None)
def test_what_each_half_can_hold_is_what_every_order_gives(series: list[tuple[Span, int]]) -> None:
    spans, steps = [span for span, _ in series], [step for _, step in series]
    half, orders = len(series) // 2, every_order(spans)
    assert highest_of_halves(spans, steps) == {
        (max(steps[place] for place in order[:half]), max(steps[place] for place in order[half:]))
        for order in orders
    }
    ones = frozenset(place for place, step in enumerate(steps) if step == steps[0])
    flags = {ones.isdisjoint(order[:half]) for order in orders}
    assert only_in_later_half(spans, ones) is (None if len(flags) > 1 else flags.pop())


@given(SERIES)
@settings(max_examples=25, deadline=None)
def test_no_order_rises_more_or_less_than_the_bounds(series: list[tuple[Span, int]]) -> None:
    spans, values = [span for span, _ in series], [float(value) for _, value in series]
    sums = [
        sum(
            (values[later] > values[earlier]) - (values[later] < values[earlier])
            for place, earlier in enumerate(order)
            for later in order[place + 1 :]
        )
        for order in every_order(spans)
    ]
    low, high = rise_bounds(spans, values)
    assert low <= min(sums)
    assert high >= max(sums)
    if sum(not span.is_day for span in spans) < 2:
        assert (low, high) == (min(sums), max(sums))


@pytest.mark.parametrize(
    ("happened", "first", "last"),
    [
        ("2026-03-09", date(2026, 3, 9), date(2026, 3, 9)),
        ("2026-03", date(2026, 3, 1), date(2026, 3, 31)),
        ("2026", date(2026, 1, 1), UNTIL),
        ("2026-11", date(2026, 11, 1), UNTIL),
    ],
)
def test_a_date_may_be_each_day_that_it_means_and_none_to_come(
    happened: str, first: date, last: date
) -> None:
    assert span_of(PartialDate(happened), until=UNTIL) == (first, last)


def test_without_a_date_it_may_be_every_day_until_now() -> None:
    assert span_of(None, until=UNTIL) == (date.min, UNTIL)
