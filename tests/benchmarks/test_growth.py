"""The exponent of growth, and the picture of it."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.growth import AtSize, draw, exponent


@pytest.mark.parametrize(
    ("figures", "expected"),
    [([5.0, 5.0, 5.0], 0.0), ([2.0, 20.0, 200.0], 1.0), ([1.0, 100.0, 10_000.0], 2.0)],
)
def test_the_exponent_is_that_of_the_power_by_which_figures_grow(
    figures: list[float], expected: float
) -> None:
    assert exponent([1_000, 10_000, 100_000], figures) == pytest.approx(expected, abs=1e-9)


def test_a_constant_part_makes_it_smaller() -> None:
    assert 0 < exponent([1_000, 10_000, 100_000], [11.0, 20.0, 110.0]) < 1


def test_the_picture_names_each_figure_with_its_exponent(tmp_path: Path) -> None:
    sizes = {size: AtSize({"a list": size / 1e6, "a case": 0.1}, 200.0) for size in (1_000, 10_000, 100_000)}
    draw(sizes, tmp_path / "growth.svg")
    ElementTree.parse(tmp_path / "growth.svg")
    drawn = (tmp_path / "growth.svg").read_text()
    assert "a list: 1.00" in drawn
    assert "a case: 0.00" in drawn
