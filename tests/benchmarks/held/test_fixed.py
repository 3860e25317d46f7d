"""Time and chance are the same in every run, and what is drawn for one kind of reference moves no other."""

from __future__ import annotations

import secrets

from benchmarks.held.__main__ import PARTS
from benchmarks.held.fixed import END, NOW, fixed
from benchmarks.held.imported import SystemClock
from engine.domain.ids import new_reference


def drawn(*kinds: str) -> list[str]:
    """References of these kinds, in this order, in a run of its own."""
    with fixed([END]):
        return [new_reference(kind) for kind in kinds]


def test_references_are_the_same_in_every_run_and_differ_from_one_another() -> None:
    first, second = drawn("person", "person"), drawn("person", "person")
    assert first == second
    assert len(set(first)) == 2


def test_drawing_references_of_kinds_in_another_order_changes_none() -> None:
    assert sorted(drawn("person", "episode", "person")) == sorted(drawn("episode", "person", "person"))


def test_the_clock_shows_the_moment_that_it_is_given_and_afterwards_the_machine_s_own() -> None:
    moment = [END]
    with fixed(moment):
        token = secrets.token_hex(4)
        assert SystemClock().now() == END
        moment[0] = NOW
        assert SystemClock().now() == NOW
    assert SystemClock().now() != NOW
    assert secrets.token_hex(4) != token


def test_every_part_can_be_asked_for_alone() -> None:
    assert set(PARTS) == {"matching", "patterns", "predictors", "record"}
