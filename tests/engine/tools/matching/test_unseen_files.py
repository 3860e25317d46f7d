"""Matching proves itself on files by error models that it was not made with."""

from __future__ import annotations

import pytest

from engine.tools.matching.matching import match
from engine.tools.matching.once import Once
from engine.tools.matching.scores import Scores, scores
from tests.engine.tools.matching.invented_files import Row, columns_of, entities_of
from tests.engine.tools.matching.unseen_files import Unseen


def scored(*files: list[Row], once: Once = Once.NEITHER) -> Scores:
    found = match([columns_of(rows) for rows in files])
    assert found.decided.once is once
    return scores(
        left=found.decided.left,
        right=found.decided.right,
        clusters=found.decided.clusters,
        entities=entities_of(*files),
        second=found.persons.second,
    )


@pytest.mark.parametrize(
    ("worse", "least"), [pytest.param(1.0, 0.98, marks=pytest.mark.full), (1.6, 0.95)]
)  # the worse in each run
def test_people_of_two_centuries_with_up_to_ten_records_each(worse: float, least: float) -> None:
    result = scored(Unseen(41).encyclopaedia(350, worse=worse))
    assert result.f1 >= least
    assert result.b_cubed_f >= least


def test_households_are_not_taken_for_one_person() -> None:
    result = scored(Unseen(42).families(450))
    assert result.precision >= 0.97
    assert result.f1 >= 0.95


def test_two_censuses_of_few_columns_are_linked_one_to_one_among_many_namesakes() -> None:
    result = scored(*Unseen(43).censuses(350), once=Once.BOTH)
    assert result.f1 >= 0.97


@pytest.mark.full
@pytest.mark.parametrize("worse", [1.0, 1.6])
def test_fifty_thousand_records_of_two_centuries(worse: float) -> None:
    result = scored(Unseen(44).encyclopaedia(11_500, worse=worse))
    assert result.f1 >= 0.96
