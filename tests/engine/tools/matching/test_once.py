"""Whether each person stands once in a file, told from the records alone, and what follows for a pair."""

from __future__ import annotations

import numpy as np
import pytest

from engine.identity.persons import Ints, Persons, prepared
from engine.identity.weights import Reals
from engine.tools.matching.grouping import Scorer
from engine.tools.matching.once import Once, gained, once_in, with_rivals


def two_files(first: int, second: int) -> Persons:
    names = [f"name {place}" for place in range(first + second)]
    return prepared([{"surname": names[:first]}, {"surname": names[first:]}])


def weights_of(value: float) -> Scorer:
    def scorer(left: Ints, right: Ints) -> Reals:
        return np.full(len(left), value)

    return scorer


@pytest.mark.parametrize(("rivals_weigh", "once"), [(14.0, Once.FIRST), (3.0, Once.BOTH)])
def test_only_rivals_as_heavy_as_true_pairs_show_that_people_stand_twice(
    rivals_weigh: float, once: Once
) -> None:
    left = np.repeat(np.arange(20), 2)
    right = np.arange(20, 60)
    found = once_in(two_files(20, 40), left, right, np.full(40, 12.0), 0.0, scorer=weights_of(rivals_weigh))
    assert found is once


def test_within_one_file_a_person_may_stand_twice() -> None:
    persons = prepared([{"surname": ["a", "b"]}])
    nobody = np.zeros(0, dtype=np.int64)
    assert once_in(persons, nobody, nobody, np.zeros(0), 0.0, scorer=weights_of(0.0)) is Once.NEITHER


def test_the_more_records_have_their_double_the_likelier_is_a_pair_without_rivals() -> None:
    persons = two_files(100, 200)
    assert gained(Once.BOTH, persons, 75.0) == pytest.approx(2.0 + np.log2(1 / (1 - 0.375)))
    assert gained(Once.SECOND, persons, 75.0) == pytest.approx(2.0)
    assert gained(Once.NEITHER, persons, 75.0) == 0.0
    assert gained(Once.BOTH, persons, 100.0) < 10


def test_of_two_rivals_one_is_right_and_a_pair_without_rivals_stays_as_it_was() -> None:
    left, right = np.array([0, 0, 1]), np.array([2, 3, 4])
    likely = np.array([0.9, 0.9, 0.9])
    found = with_rivals(Once.BOTH, left, right, likely, 5)
    assert found[0] == found[1] == pytest.approx(9 / 19)
    assert found[2] == pytest.approx(0.9)
    assert with_rivals(Once.FIRST, left, right, likely, 5).tolist() == pytest.approx([0.9] * 3)
