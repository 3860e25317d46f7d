"""Named tables: a small count is hidden, with whatever would give it away; joined levels are named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.outcomes.tables import FigureTable, Hiding
from engine.outcomes.figure_tables import Levels, exact_table, shown, spread
from engine.outcomes.small_numbers import HIDDEN_UNDER, joined


def a_table(
    hiding: Hiding,
    rows: Mapping[tuple[str], int] | Mapping[tuple[str, str], int],
    whole: int,
    *,
    within: Sequence[int] = (),
    behind: Sequence[int] = (),
) -> FigureTable:
    names = [f"dimension {n}" for n in range(len(next(iter(rows))))]
    return exact_table(
        "a_table",
        "A table",
        counts="cases",
        dimensions=names,
        rows=dict(rows.items()),
        whole=whole,
        hiding=hiding,
        within=within,
        behind=behind,
    )


def counts_of(table: FigureTable) -> dict[Levels, int | None]:
    return {row.levels: row.count for row in table.rows}


def test_a_group_with_a_small_count_is_hidden_whole_and_the_others_are_not() -> None:
    rows = {("fear", "worse"): 3, ("fear", "better"): 27, ("safety", "worse"): 10, ("safety", "better"): 20}
    answer = shown(a_table(Hiding.EACH_GROUP, rows, 30))
    assert counts_of(answer) == {**rows, ("fear", "worse"): None, ("fear", "better"): None}
    assert answer.whole == 30
    assert not answer.is_hidden


def test_small_levels_are_shown_together_and_never_one_alone() -> None:
    rows = {("a",): 40, ("b",): 6, ("c",): 5, ("d",): 0}
    assert counts_of(shown(a_table(Hiding.JOINED, rows, 51))) == {("a",): 40, ("b; c; d",): 11}
    one_small = {("a",): 40, ("b",): 12, ("c",): 3}
    assert counts_of(shown(a_table(Hiding.JOINED, one_small, 55))) == {("a",): 40, ("b; c",): 15}
    # all of them together are the whole, which is no table
    assert shown(a_table(Hiding.JOINED, {("a",): 40, ("b",): 3}, 43)).is_hidden
    assert counts_of(shown(a_table(Hiding.JOINED, {("a",): 40, ("b",): 12}, 52))) == {("a",): 40, ("b",): 12}


def test_small_answers_to_a_question_are_shown_together_and_not_those_of_another() -> None:
    rows = {("fear", "a"): 4, ("fear", "b"): 7, ("fear", "c"): 19, ("safety", "a"): 10, ("safety", "b"): 20}
    assert counts_of(shown(a_table(Hiding.JOINED_IN_GROUP, rows, 30))) == {
        ("fear", "c"): 19,
        ("fear", "a; b"): 11,
        ("safety", "a"): 10,
        ("safety", "b"): 20,
    }


def test_a_second_dimension_stays_apart_in_each_joined_level() -> None:
    rows = {
        ("a", "yes"): 20,
        ("a", "no"): 30,
        ("b", "yes"): 4,
        ("b", "no"): 40,
        ("c", "yes"): 6,
        ("c", "no"): 0,
    }
    assert counts_of(shown(a_table(Hiding.JOINED, rows, 100))) == {
        ("a", "yes"): 20,
        ("a", "no"): 30,
        ("b; c", "yes"): 10,
        ("b; c", "no"): 40,
    }


def test_counts_that_overlap_are_hidden_with_their_complement() -> None:
    rows = {("home",): 15, ("phone",): 25, ("work",): 4}
    assert counts_of(shown(a_table(Hiding.EACH_OF_WHOLE, rows, 30))) == {
        ("home",): 15,
        ("phone",): None,
        ("work",): None,
    }


@pytest.mark.parametrize(("within", "behind"), [([52], []), ([], [9, 9]), ([60, 41], [10, 10])])
def test_a_whole_that_gives_another_away_hides_its_table(within: list[int], behind: list[int]) -> None:
    rows = {("a",): 30, ("b",): 20}
    assert shown(a_table(Hiding.JOINED, rows, 50, within=within, behind=behind)).is_hidden


def test_a_whole_that_is_far_from_the_larger_ones_is_shown_without_them() -> None:
    rows = {("a",): 30, ("b",): 20}
    answer = shown(a_table(Hiding.JOINED, rows, 50, within=[60], behind=[10, 12]))
    assert counts_of(answer) == rows
    assert answer.rests == ()
    assert answer.behind == ()


def test_a_level_of_other_things_needs_enough_cases_behind_it() -> None:
    rows = {("a",): 40, ("b",): 30, ("c",): 30}
    assert counts_of(shown(a_table(Hiding.JOINED, rows, 100, behind=[20, 15, 4]))) == {
        ("a",): 40,
        ("b; c",): 60,
    }
    assert shown(a_table(Hiding.JOINED, rows, 100, behind=[9, 8, 4])).is_hidden


def test_a_sum_of_levels_is_known_only_where_the_rows_show_it() -> None:
    rows = {("a",): 40, ("b",): 4, ("c",): 30, ("d",): 8}
    answer = shown(a_table(Hiding.JOINED, rows, 82))
    assert counts_of(answer) == {("a",): 40, ("c",): 30, ("b; d",): 12}
    assert answer.sum_of({"a", "b", "c", "d"}) == 82
    assert answer.sum_of({"b", "c", "d"}) == 42
    assert answer.sum_of({"b", "c"}) is None, "only one of two that are shown together"
    few = shown(a_table(Hiding.JOINED, {("a",): 5, ("b",): 4}, 9))
    assert few.sum_of({"a"}) is None


def test_few_cases_hide_everything_and_none_at_all_is_shown_as_none() -> None:
    few = shown(a_table(Hiding.JOINED, {("a",): 5, ("b",): 4}, 9))
    assert few.is_hidden
    assert few.whole is None
    none = shown(a_table(Hiding.EACH_GROUP, {("fear", "worse"): 0}, 0))
    assert none.whole == 0
    assert none.is_hidden


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 40), min_size=1, max_size=8))
def test_joined_levels_hold_every_level_once_and_hide_each_small_one(counts: dict[str, int]) -> None:
    answer = joined({name: [count] for name, count in counts.items()})
    assert sorted(name for names, _ in answer for name in names) == sorted(counts)
    for names, (number,) in answer:
        assert number is None or number == sum(counts[name] for name in names) >= HIDDEN_UNDER
        assert len(names) > 1 or number is None or counts[names[0]] >= HIDDEN_UNDER
    if any(number is None for _, (number,) in answer):
        assert len(answer) == 1


def test_a_median_needs_ten_cases_on_either_side_and_a_quartile_too() -> None:
    assert spread("days", "Days", range(40)).model_dump() == {
        "name": "days",
        "title": "Days",
        "cases": 40,
        "median": 20,
        "lower_quartile": 10,
        "upper_quartile": 29,
    }
    middle = spread("days", "Days", range(39))
    assert (middle.median, middle.lower_quartile) == (19, None)
    few = spread("days", "Days", range(19))
    assert (few.cases, few.median) == (19, None)
    assert spread("days", "Days", [1] * 9).cases is None
    near = spread("days", "Days", range(40), within=[46])
    assert (near.cases, near.median) == (None, 20)
    assert spread("days", "Days", range(40), within=[40, 50]).cases == 40
