"""Which text a decision owes on a domain, from how the levels of agencies compare."""

from __future__ import annotations

import itertools

import pytest

from engine.domain.conference.differences import Why, compared
from engine.domain.conference.risk import AGREED, Domain, Level
from tests.builders import a_decision

LOW, MODERATE, HIGH = Level.LOW, Level.MODERATE, Level.HIGH
UNABLE, DOES_NOT_APPLY = Level.UNABLE_TO_SAY, Level.DOES_NOT_APPLY


@pytest.mark.parametrize(
    ("levels", "level", "owed"),
    [
        ((HIGH, HIGH), HIGH, Why.NONE),
        ((HIGH,), HIGH, Why.NONE),
        ((HIGH, UNABLE), HIGH, Why.NONE),
        ((HIGH, HIGH), MODERATE, Why.REASONS),
        ((UNABLE, UNABLE), UNABLE, Why.NONE),
        ((UNABLE,), HIGH, Why.REASONS),
        ((), UNABLE, Why.REASONS),
        ((HIGH, MODERATE), HIGH, Why.EITHER),
        ((HIGH, DOES_NOT_APPLY), HIGH, Why.EITHER),
        ((HIGH, LOW), HIGH, Why.SETTLED),
        ((HIGH, LOW, UNABLE), MODERATE, Why.SETTLED),
        ((LOW, LOW), LOW, Why.NONE),
        ((LOW,), LOW, Why.REASONS),
        ((LOW, UNABLE), LOW, Why.REASONS),
        ((DOES_NOT_APPLY,), DOES_NOT_APPLY, Why.REASONS),
    ],
)
def test_a_text_is_owed_where_agencies_differ_or_the_panel_departs(
    levels: tuple[Level, ...], level: Level, owed: Why
) -> None:
    assert compared(levels).owes(Domain.VIOLENCE, level) is owed


def test_recurrence_may_not_apply_on_the_view_of_one_agency() -> None:
    assert compared([DOES_NOT_APPLY]).owes(Domain.RECURRENCE, DOES_NOT_APPLY) is Why.NONE


def test_the_order_of_agencies_makes_no_difference() -> None:
    for levels in itertools.product(Level, repeat=3):
        first = compared(levels)
        assert all(compared(others) == first for others in itertools.permutations(levels))
        for level in Level:
            assert first.is_departed_from_by(level) == (first.agreed is not None and first.agreed != level)


@pytest.mark.parametrize(
    ("levels", "sentence"),
    [
        ((HIGH, LOW), "Agencies differ by 2 levels."),
        ((HIGH, MODERATE), "Agencies differ by 1 level."),
        ((HIGH, DOES_NOT_APPLY), "Agencies differ."),
        ((HIGH, HIGH), "Agencies do not differ."),
        ((HIGH,), "One agency gave a level."),
        ((UNABLE,), "The agencies that gave a view are unable to say."),
        ((), "No agency gave a view."),
    ],
)
def test_a_sentence_says_how_they_compare_and_names_no_level(
    levels: tuple[Level, ...], sentence: str
) -> None:
    assert compared(levels).in_words == sentence


def test_a_judgement_without_reasons_says_that_none_were_asked() -> None:
    judgement = a_decision().judgements[0]
    assert judgement.why == ("The contact goes on after an arrest. Settled: The newest report weighed most.")
    assert judgement.model_copy(update={"reasons": None, "settled": None}).why == AGREED
