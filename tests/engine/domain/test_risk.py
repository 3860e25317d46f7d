"""Levels are words: compared for showing disagreement, never added, averaged or ordered."""

from __future__ import annotations

import itertools

import pytest
from pydantic import ValidationError

from engine.domain.risk import Domain, HowSoon, Judgement, Level, levels_apart
from tests.builders import a_decision


@pytest.mark.parametrize(("one", "other"), list(itertools.product(Level, Level)))
def test_only_levels_lie_apart_and_silence_lies_nowhere(one: Level, other: Level) -> None:
    steps = {Level.LOW: 0, Level.MODERATE: 1, Level.HIGH: 2}
    both = one in steps and other in steps
    assert levels_apart(one, other) == (abs(steps[one] - steps[other]) if both else None)


def test_levels_have_no_order_and_no_sum() -> None:
    with pytest.raises(TypeError):
        sum([Level.LOW, Level.HIGH])  # type: ignore[list-item]


def test_recurrence_is_a_further_episode_and_persistence_the_present_one() -> None:
    assert Domain.RECURRENCE.meaning.startswith("A further episode after it has stopped")
    assert Domain.PERSISTENCE.meaning.startswith("The present stalking goes on")
    assert len({domain.meaning for domain in Domain}) == len(Domain)


def test_a_decision_judges_each_of_the_four_domains_once() -> None:
    whole = a_decision()
    with pytest.raises(ValidationError, match="each of the four domains"):
        a_decision(judgements=whole.judgements[:3])
    with pytest.raises(ValidationError, match="each of the four domains"):
        a_decision(judgements=(*whole.judgements[:3], whole.judgements[0]))


def test_how_soon_is_asked_for_violence_alone() -> None:
    Judgement(domain=Domain.VIOLENCE, level=Level.HIGH, reasons="A threat.", how_soon=HowSoon.NOW)
    with pytest.raises(ValidationError, match="violence alone"):
        Judgement(domain=Domain.PERSISTENCE, level=Level.HIGH, reasons="A threat.", how_soon=HowSoon.NOW)
