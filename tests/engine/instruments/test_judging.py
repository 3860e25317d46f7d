"""A structured judgement is carried as its assessor gave it; "low" over a gap needs a sentence more."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.absence import ItemState
from engine.domain.conference.risk import Domain, Level
from engine.instruments.reading import shipped_instruments
from tests.engine.instruments.given import error, result, result_of

FRAME = "four-domains"
ITEMS = [item.id for item in shipped_instruments()[FRAME].items]
CRITICAL = [item.id for item in shipped_instruments()[FRAME].items if item.critical]
WHY = "Invented reasons in words."


def an_assessment(level: str = "moderate", *, states: str = "absent", **violence: object) -> dict[str, Any]:
    conclusions: dict[str, dict[str, object]] = {
        domain.value: {"level": "moderate", "reasons": WHY} for domain in Domain
    }
    conclusions["violence"] |= {"level": level, **violence}
    return {
        **dict.fromkeys(ITEMS, states),
        "assessor": {"name": "Dr A. Toy", "post": "psychologist"},
        "assessed_on": "2026-11-20",
        "conclusions": conclusions,
    }


@settings(deadline=None)
@given(states=st.dictionaries(st.sampled_from(ITEMS), st.sampled_from([s.value for s in ItemState])))
def test_no_item_changes_a_conclusion(states: dict[str, str]) -> None:
    line = an_assessment("high") | states
    assert result(FRAME, line)["conclusions"] == line["conclusions"]


@pytest.mark.parametrize("state", ["unknown", "not asked"])
@pytest.mark.parametrize("item", CRITICAL)
def test_low_over_a_critical_item_that_is_not_known_names_the_item(item: str, state: str) -> None:
    sentence = error(FRAME, an_assessment("low") | {item: state})
    assert sentence.startswith(f"violence cannot be 'low' while {item} is unknown or not asked")
    assert "low_despite_unknown" in sentence


def test_every_critical_item_that_is_not_known_is_named() -> None:
    sentence = error(FRAME, an_assessment("low") | {"weapon": "unknown", "threats": "not asked"})
    assert "while threats, weapon are unknown or not asked" in sentence


def test_low_over_a_gap_is_taken_with_a_written_reason() -> None:
    line = an_assessment("low", low_despite_unknown="He has been abroad since May.") | {"weapon": "unknown"}
    found = result(FRAME, line)
    assert found["critical_not_known"] == ["weapon"]
    assert (
        "weapon: unknown, and it matters to this judgement; it is not an absence"
        in result_of(FRAME, line).reasons
    )


@pytest.mark.parametrize("reason", ["", "   ", ".", "..............", "1234567890123"])
def test_a_reason_that_says_nothing_is_no_written_reason(reason: str) -> None:
    line = an_assessment("low", low_despite_unknown=reason) | {"weapon": "unknown"}
    assert "low_despite_unknown" in error(FRAME, line)


def test_low_with_everything_known_needs_no_more() -> None:
    assert result_of(FRAME, an_assessment("low")).error is None


def test_a_possible_item_is_known() -> None:
    assert result_of(FRAME, an_assessment("low") | {"weapon": "possible"}).error is None


@pytest.mark.parametrize("level", [level.value for level in Level if level is not Level.LOW])
def test_any_other_word_is_taken_over_a_gap(level: str) -> None:
    assert result_of(FRAME, an_assessment(level, states="unknown")).error is None


def test_an_item_that_is_not_critical_may_be_unknown() -> None:
    assert "grievance" not in CRITICAL
    assert result_of(FRAME, an_assessment("low") | {"grievance": "unknown"}).error is None


def test_what_is_left_out_was_not_asked_and_so_stands_against_low() -> None:
    line = an_assessment("low")
    del line["weapon"]
    assert "while weapon is unknown or not asked" in error(FRAME, line)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda line: line.pop("assessor"), "assessor"),
        (lambda line: line["assessor"].pop("post"), "assessor.post"),
        (lambda line: line["conclusions"].pop("recurrence"), "recurrence is missing"),
        (lambda line: line["conclusions"]["violence"].update(level="3"), "conclusions.violence.level"),
        (lambda line: line["conclusions"]["violence"].update(level=None), "conclusions.violence.level"),
        (lambda line: line["conclusions"]["violence"].update(reasons=""), "conclusions.violence.reasons"),
        (lambda line: line["conclusions"]["violence"].update(score=7), "conclusions.violence.score"),
        (
            lambda line: line["conclusions"]["recurrence"].update(how_soon="within weeks"),
            "only give how_soon for violence",
        ),
        (lambda line: line.update(assessed_on="2026-11-26"), "'assessed_on' is after 2026-11-25"),
        (lambda line: line.update(assessed_on=0), "assessed_on"),
        (lambda line: line.update(conclusions=[]), "conclusions"),
        (lambda line: line.update(overall="low"), "'overall' is not an item of four-domains"),
    ],
)
def test_a_judgement_that_is_not_whole_is_refused_by_its_place(change: Any, sentence: str) -> None:
    line = an_assessment()
    change(line)
    assert sentence in error(FRAME, line)


def test_the_reasons_are_the_assessors_own() -> None:
    assert result_of(FRAME, an_assessment("high")).reasons[0] == f"violence: high: {WHY}"
