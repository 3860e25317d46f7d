"""Columns side by side are joined as two loops would join them, whatever comes once and whatever often."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.links.patterns.joining import Joined, each_once, joined_by

rows = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12)


def columns(numbers: list[tuple[int, int]]) -> Joined:
    pairs = np.array(numbers, dtype=np.int32).reshape(-1, 2)
    return Joined(pairs[:, 0], pairs[:, 1])


def as_rows(joined: Joined) -> list[tuple[int, int]]:
    return sorted(zip(joined.one.tolist(), joined.other.tolist(), strict=True))


@given(rows, rows)
def test_two_columns_are_joined_by_what_they_have_in_common(
    ones: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    naive = sorted((a, b) for (a, x), (b, y) in product(ones, others) if x == y)
    assert as_rows(joined_by(columns(ones), columns(others))) == naive


@given(rows)
def test_a_row_that_comes_again_is_kept_once(numbers: list[tuple[int, int]]) -> None:
    assert as_rows(each_once(columns(numbers))) == sorted(set(numbers))
