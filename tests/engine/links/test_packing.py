"""Rectangles packed: none on another, all within a bound, and few in a long row."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.links.packing import packed

sides = st.floats(min_value=1, max_value=900)


@settings(max_examples=100, deadline=None)
@given(sizes=st.lists(st.tuples(sides, sides), max_size=40), aspect=st.floats(min_value=0.5, max_value=3))
def test_no_rectangle_lies_on_another_and_none_is_outside(
    sizes: list[tuple[float, float]], aspect: float
) -> None:
    corners = packed(sizes, aspect=aspect)
    boxes = [
        (left, top, left + wide, top + high) for (left, top), (wide, high) in zip(corners, sizes, strict=True)
    ]
    for one, other in combinations(boxes, 2):
        apart = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
        assert min(apart) < 1e-6
    assert all(left >= 0 and top >= 0 for left, top in corners)


def test_equal_ones_fill_an_area_of_the_wanted_form() -> None:
    corners = packed([(10.0, 10.0)] * 600, aspect=1.5)
    assert max(left for left, _ in corners) + 10 <= 300
    assert max(top for _, top in corners) + 10 <= 210
