"""No hidden figure can be worked out of everything published, and no more is hidden than that needs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.errors import InvalidInputError
from engine.outcomes.suppression.linked_tables import TOTAL, CountedTable
from engine.tools.suppression.suppressing import suppress
from engine.tools.suppression.tables import CellState, SuppressedTables, TableCell
from tests.engine.tools.suppression.attackers import People, Reader, a_table, counted, margin

E5 = a_table(
    "e5",
    ("area", "sex"),
    {("a", "X"): 4, ("a", "Y"): 21, ("b", "X"): 18, ("b", "Y"): 30, ("c", "X"): 25, ("c", "Y"): 12},
)
"""The worked example of a table in which one small cell costs three others."""


def hidden_in(
    *tables: CountedTable, limit: int = 10, width: int = 1, hide_zeros: bool = False, seconds: float = 60
) -> SuppressedTables:
    return suppress(tables, limit=limit, hide_zeros=hide_zeros, width=width, seconds_left=lambda: seconds)


def hidden(found: SuppressedTables) -> set[tuple[str, ...]]:
    return {tuple(cell.dimensions.values()) for cell in found.cells if cell.count is None}


def some_people(seed: int, sizes: Sequence[int], most: int) -> People:
    draw = random.Random(seed)
    levels = [[f"{name}{level}" for level in range(size)] for name, size in zip("abc", sizes, strict=False)]
    return {key: draw.randint(0, most) for key in product(*levels)}


def naive(tables: Sequence[CountedTable], limit: int) -> tuple[TableCell, ...]:
    """What many programs publish: only the small cells are hidden."""
    return tuple(
        TableCell(
            table.name,
            dict(zip(table.dimensions, key, strict=True)),
            None if 0 < count < limit else count,
            CellState.PRIMARY if 0 < count < limit else CellState.PUBLISHED,
            0,
            None,
        )
        for table in tables
        for key, count in table.cells.items()
    )


def test_of_two_ways_to_protect_a_cell_the_one_that_hides_fewer_people_is_chosen() -> None:
    found = hidden_in(E5)
    assert found.optimal
    assert hidden(found) == {("a", "X"), ("a", "Y"), ("c", "X"), ("c", "Y")}
    ranges = {tuple(c.dimensions.values()): (c.low, c.high) for c in found.cells if c.count is None}
    assert ranges == {("a", "X"): (0, 25), ("a", "Y"): (0, 25), ("c", "X"): (4, 29), ("c", "Y"): (8, 33)}


def test_a_published_cell_has_its_count_and_a_hidden_one_has_none() -> None:
    for cell in hidden_in(E5).cells:
        assert (cell.count is None) == (cell.state is not CellState.PUBLISHED)
        if cell.count is not None:
            assert (cell.low, cell.high) == (cell.count, cell.count)


def test_a_table_without_small_cells_is_published_whole() -> None:
    found = hidden_in(E5, limit=4)
    assert found.optimal
    assert not hidden(found)


@pytest.mark.parametrize(("count", "is_hidden"), [(9, True), (10, False), (1, True), (0, False)])
def test_small_is_from_one_to_one_less_than_the_limit(count: int, is_hidden: bool) -> None:
    found = hidden_in(counted("t", ("area",), {("a",): count, ("b",): 40}))
    assert (found.cells[0].state is CellState.PRIMARY) is is_hidden


def test_zeros_are_hidden_when_asked() -> None:
    table = a_table("t", ("area", "sex"), {("a", "X"): 0, ("a", "Y"): 20, ("b", "X"): 30, ("b", "Y"): 40})
    assert not hidden(hidden_in(table))
    assert ("a", "X") in hidden(hidden_in(table, hide_zeros=True))


def test_without_totals_nothing_else_need_be_hidden_and_there_is_no_highest_number() -> None:
    found = hidden_in(counted("t", ("area",), {("a",): 3, ("b",): 40}))
    assert [(c.state, c.low, c.high) for c in found.cells] == [
        (CellState.PRIMARY, 0, None),
        (CellState.PUBLISHED, 40, 40),
    ]


def test_a_second_table_gives_away_what_is_safe_in_the_first_alone() -> None:
    people = {("a", "X", "y"): 4, ("a", "X", "o"): 21, ("a", "Y", "y"): 30, ("b", "X", "y"): 25,
              ("b", "X", "o"): 12, ("b", "Y", "o"): 33}  # fmt: skip
    names = ("area", "sex", "age")
    first, second = (
        margin(people, names, ("area", "age"), "one"),
        margin(people, names, ("area", "sex"), "two"),
    )
    found = hidden_in(first, second, limit=13)
    assert all(high - low >= 1 - 1e-6 for low, high in Reader(found.cells).ranges_by_programming())
    same = {
        c.count
        for c in found.cells
        if c.dimensions in ({"area": "a", "age": TOTAL}, {"area": "a", "sex": TOTAL})
    }
    assert len(same) == 1  # one figure in two files is shown in both or in neither


SIZES = st.sampled_from([(2, 2), (2, 3), (3, 3)])


def reader_learns_the_stated_range(
    tables: Sequence[CountedTable], *, limit: int, width: int, hide_zeros: bool = False
) -> None:
    """Whoever tries every table of people learns what is stated of each cell, and no range is too narrow."""
    found = hidden_in(*tables, limit=limit, width=width, hide_zeros=hide_zeros)
    ranges = Reader(found.cells).ranges_by_trying()
    assert [(cell.low, cell.high) for cell in found.cells] == ranges
    for cell, (low, high) in zip(found.cells, ranges, strict=True):
        assert cell.count is not None or high is None or high - low >= width


def linked_by_two(seed: int, sizes: tuple[int, ...], most: int) -> list[CountedTable]:
    people, names = some_people(seed, sizes, most=most), ("a", "b", "c")
    return [margin(people, names, pair, "-".join(pair)) for pair in combinations(names, 2)]


@given(st.integers(0, 10_000), SIZES, st.integers(1, 3), st.booleans())
@settings(max_examples=10, deadline=None)
def test_whoever_tries_every_table_learns_the_stated_range_and_never_less_than_the_width(
    seed: int, sizes: tuple[int, ...], width: int, hide_zeros: bool
) -> None:
    table = a_table("t", ("a", "b"), some_people(seed, sizes, most=4))
    reader_learns_the_stated_range([table], limit=3, width=width, hide_zeros=hide_zeros)


@given(st.integers(0, 10_000), st.integers(1, 2))
@settings(max_examples=6, deadline=None)
def test_the_same_holds_for_three_tables_that_are_linked_two_by_two(seed: int, width: int) -> None:
    reader_learns_the_stated_range(linked_by_two(seed, (2, 2, 2), most=2), limit=3, width=width)


@pytest.mark.full
@given(st.integers(0, 10_000), SIZES, st.integers(1, 4), st.booleans(), st.integers(2, 5))
@settings(max_examples=200, deadline=None)
def test_many_tables_are_tried(
    seed: int, sizes: tuple[int, ...], width: int, hide_zeros: bool, limit: int
) -> None:
    table = a_table("t", ("a", "b"), some_people(seed, sizes, most=5))
    reader_learns_the_stated_range([table], limit=limit, width=width, hide_zeros=hide_zeros)


@pytest.mark.full
@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(2, 6))
@settings(max_examples=60, deadline=None)
def test_many_linked_tables_are_tried(seed: int, width: int, limit: int) -> None:
    reader_learns_the_stated_range(linked_by_two(seed, (2, 2, 2), most=3), limit=limit, width=width)


def test_the_same_reader_breaks_tables_in_which_only_small_cells_are_hidden() -> None:
    broken = 0
    for seed in range(20):
        cells = naive([a_table("t", ("a", "b"), some_people(seed, (3, 3), most=6))], limit=3)
        ranges = Reader(cells).ranges_by_trying()
        broken += any(
            cell.count is None and low == high for cell, (low, high) in zip(cells, ranges, strict=True)
        )
    assert broken > 10


@given(st.integers(0, 10_000), st.sampled_from([(2, 2), (2, 3)]), st.integers(1, 2))
@settings(max_examples=6, deadline=None)
def test_no_smaller_set_of_cells_would_do(seed: int, sizes: tuple[int, ...], width: int) -> None:
    people = some_people(seed, sizes, most=3)
    table = a_table("t", ("a", "b"), people)
    found = hidden_in(table, limit=2, width=width)
    assert found.optimal
    assert len(hidden(found)) == _fewest(table, limit=2, width=width, most=3)


def _fewest(table: CountedTable, *, limit: int, width: int, most: int) -> int:
    """Return the fewest hidden cells by trying every set of them on every table of small numbers."""
    cells = list(table.cells)
    inner = [key for key in cells if TOTAL not in key]
    sums = np.array([
        [all(a in (TOTAL, b) for a, b in zip(cell, key, strict=True)) for key in inner] for cell in cells
    ])  # fmt: skip
    every = np.array(list(product(range(most + width + 1), repeat=len(inner)))) @ sums.T
    counts = np.array(list(table.cells.values()))
    agrees = every == counts
    small = [place for place, count in enumerate(counts) if 0 < count < limit]
    others = [place for place in range(len(cells)) if place not in small]
    for more in range(len(others) + 1):
        for chosen in combinations(others, more):
            gaps = [*small, *chosen]
            shown = [place for place in range(len(cells)) if place not in gaps]
            possible = every[agrees[:, shown].all(axis=1)][:, gaps]
            if not gaps or (possible.max(axis=0) - possible.min(axis=0) >= width).all():
                return len(gaps)
    raise AssertionError


@pytest.mark.parametrize("width", [1, 6])
def test_beyond_200_cells_enough_is_hidden_and_an_attack_finds_no_narrow_range(width: int) -> None:
    table = a_table("t", ("a", "b"), some_people(7, (14, 14), most=40))
    assert len(table.cells) > 200
    found = hidden_in(table, limit=6, width=width)
    assert not found.optimal
    assert {cell.state for cell in found.cells} == set(CellState)
    for low, high in Reader(found.cells).ranges_by_programming():
        assert high - low >= width - 1e-6
    assert len(hidden(found)) < len(table.cells) / 2


def test_when_the_time_is_over_only_the_total_of_everybody_is_published() -> None:
    found = hidden_in(a_table("t", ("a", "b"), some_people(3, (2, 2), most=4)), limit=3, seconds=0)
    assert not found.optimal
    assert [tuple(c.dimensions.values()) for c in found.cells if c.count is not None] == [(TOTAL, TOTAL)]
    assert [(cell.low, cell.high) for cell in found.cells] == Reader(found.cells).ranges_by_trying()


def test_when_the_time_is_over_a_small_total_of_everybody_is_hidden_too() -> None:
    found = hidden_in(a_table("t", ("a",), {("x",): 3, ("y",): 4}), seconds=0)
    assert {cell.count for cell in found.cells} == {None}
    assert {(cell.low, cell.high) for cell in found.cells} == {(0, None)}


def test_a_total_that_is_not_the_sum_of_its_parts_is_refused_with_its_row() -> None:
    wrong = counted("t", ("area",), {("a",): 20, ("b",): 40, (TOTAL,): 61})
    with pytest.raises(
        InvalidInputError, match="t, row 4: the total is 61, but its parts by 'area' add up to 60"
    ):
        hidden_in(wrong)


def test_tables_that_do_not_count_the_same_people_are_refused() -> None:
    one = a_table("one", ("area", "sex"), {("a", "X"): 20, ("b", "X"): 40})
    other = a_table("other", ("area", "age"), {("a", "y"): 20, ("b", "y"): 41})
    with pytest.raises(InvalidInputError, match="one and other: their totals by area differ"):
        hidden_in(one, other)


def test_three_tables_that_agree_two_by_two_but_that_no_people_give_are_refused() -> None:
    equal = {("0", "0"): 10, ("1", "1"): 10, ("0", "1"): 0, ("1", "0"): 0}
    unequal = {("0", "0"): 0, ("1", "1"): 0, ("0", "1"): 10, ("1", "0"): 10}
    tables = [
        a_table("ab", ("a", "b"), equal),
        a_table("bc", ("b", "c"), equal),
        a_table("ac", ("a", "c"), unequal),
    ]
    with pytest.raises(InvalidInputError, match="no people could give all of these figures"):
        hidden_in(*tables)


def test_a_combination_that_is_not_in_the_file_counts_nothing_and_everybody_knows_it() -> None:
    cells: dict[tuple[str, ...], int] = {
        ("a", "X"): 4,
        ("a", "Y"): 26,
        ("b", "Y"): 40,
        ("a", TOTAL): 30,
        ("b", TOTAL): 40,
    }
    found = hidden_in(counted("t", ("area", "sex"), {**cells, (TOTAL, "X"): 4, (TOTAL, "Y"): 66}))
    assert {("a", "X"), (TOTAL, "X")} <= hidden(found)  # the total of one cell is that cell


def test_too_many_combinations_are_refused_with_their_number() -> None:
    tables = [counted(name, (name,), {(str(level),): 20 for level in range(50)}) for name in "abc"]
    with pytest.raises(InvalidInputError, match="125,000 combinations"):
        hidden_in(*tables)
