"""Precision, recall, F1 and B-cubed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from engine.identity.persons import Ints
from engine.tools.matching.scores import Scores, entities_of_pairs, scores


def scored(
    pairs: list[tuple[int, int]], clusters: list[int], entities: list[int], second: int | None = None
) -> Scores:
    left, right = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    return scores(
        left=left, right=right, clusters=as_ints(clusters), entities=as_ints(entities), second=second
    )


def as_ints(numbers: list[int]) -> Ints:
    return np.array(numbers, dtype=np.int64)


def test_half_right_is_scored_as_half_right() -> None:
    found = scored([(0, 1), (2, 3)], [0, 0, 2, 2, 4], [7, 7, 8, 9, 9])
    assert (found.true_pairs, found.precision, found.recall, found.f1) == (2, 0.5, 0.5, 0.5)
    # per record: precision 1, 1, .5, .5, 1 and recall 1, 1, 1, .5, .5; both means are .8
    assert found.b_cubed_f == pytest.approx(0.8)


def test_all_right_is_one_and_all_in_one_heap_is_not() -> None:
    assert scored([(0, 1)], [0, 0, 2], [5, 5, 6]).b_cubed_f == 1.0
    heap = scored([(0, 1), (0, 2), (1, 2)], [0, 0, 0], [5, 5, 6])
    assert heap.recall == 1.0
    assert heap.precision == pytest.approx(1 / 3)
    assert heap.b_cubed_f < 1.0


def test_between_two_files_only_pairs_across_count() -> None:
    found = scored([(0, 2)], [0, 1, 0, 3], [5, 5, 5, 9], second=2)
    assert found.true_pairs == 2
    assert (found.precision, found.recall) == (1.0, 0.5)


def test_nothing_proposed_where_nothing_is_there_is_right() -> None:
    found = scored([], [0, 1], [0, 1])
    assert (found.precision, found.recall, found.f1) == (1.0, 1.0, 1.0)


def test_true_pairs_are_closed() -> None:
    entities = entities_of_pairs(4, np.array([0, 1]), np.array([1, 2]))
    assert (
        scores(
            left=np.array([0]), right=np.array([2]), clusters=entities, entities=entities, second=None
        ).true_pairs
        == 3
    )
