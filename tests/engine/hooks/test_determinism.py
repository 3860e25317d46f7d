"""Whether an agency answers the same question alike is told without keeping what was asked or answered."""

from __future__ import annotations

from engine.hooks import determinism
from engine.hooks.determinism import AnswersBefore


def test_only_another_answer_to_the_same_view_over_the_same_extract_is_another() -> None:
    before = AnswersBefore()

    assert not before.is_another(b"view", "extract", b"answer")
    assert not before.is_another(b"view", "extract", b"answer")
    assert not before.is_another(b"other view", "extract", b"other answer")
    assert not before.is_another(b"view", "newer extract", b"other answer")
    assert before.is_another(b"view", "extract", b"other answer")
    assert not before.is_another(b"view", "extract", b"answer")


def test_it_keeps_numbers_alone_and_only_so_many() -> None:
    before = AnswersBefore()
    for number in range(determinism.KEPT + 10):
        before.is_another(b"%d" % number, "extract", b"answer")

    assert len(before._answers) == determinism.KEPT
    assert all(isinstance(each, int) for pair in before._answers.items() for each in pair)
    assert not before.is_another(b"0", "extract", b"forgotten long ago, so nothing can be told")
