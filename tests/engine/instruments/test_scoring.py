"""A recognition aid and a checklist tell which items stand where: unknown is no no, and nothing adds up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from engine.domain.absence import ItemState
from engine.domain.agencies.scoring import ScoreResult
from engine.instruments.model import Gives
from engine.instruments.reading import shipped_instruments
from engine.instruments.scoring import checked_input, scored
from tests.engine.instruments.given import ON, an_instrument, error, result, result_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
STATES = st.sampled_from([state.value for state in ItemState])


def test_four_tells_each_answer_apart() -> None:
    found = result("four", {"fixated": "present", "obsessive": "unknown", "unwanted": "absent"})
    assert found == {
        "instrument": "four",
        "version": "1",
        "present": ["fixated"],
        "possible": [],
        "absent": ["unwanted"],
        "unknown": ["obsessive"],
        "not_asked": ["repeated"],
    }


def test_four_gives_no_number_however_it_is_answered() -> None:
    found = result("four", dict.fromkeys(("fixated", "obsessive", "unwanted", "repeated"), "present"))
    assert not any(isinstance(value, int | float) for value in found.values())


def test_what_is_unknown_or_was_not_asked_is_told_as_no_absence() -> None:
    reasons = result_of("four", {"fixated": "unknown", "obsessive": "absent"}).reasons
    assert reasons[0].startswith("fixated: unknown, which is not an absence.")
    assert not any(reason.startswith("obsessive") for reason in reasons)
    assert sum("not asked, which is not an absence" in reason for reason in reasons) == 2


@settings(deadline=None)
@given(answers=st.dictionaries(st.sampled_from(["fixated", "obsessive", "unwanted", "repeated"]), STATES))
def test_an_item_is_absent_only_when_it_was_answered_absent(answers: dict[str, JsonValue]) -> None:
    found = result("four", answers)
    assert found["absent"] == [
        item for item in ("fixated", "obsessive", "unwanted", "repeated") if answers.get(item) == "absent"
    ]


def test_a_screenings_own_words_are_understood() -> None:
    found = result(
        "four", {"fixated": "Yes", "obsessive": "no", "unwanted": "unclear", "repeated": "NOT-ASKED"}
    )
    assert (found["present"], found["absent"]) == (["fixated"], ["obsessive"])
    assert (found["unknown"], found["not_asked"]) == (["unwanted"], ["repeated"])


def test_the_checklist_counts_unknown_and_not_asked_apart() -> None:
    found = result("stalking-topics", {"threats": "unknown", "helpers": "not asked", "loitering": "present"})
    assert found["counts"] == {"present": 1, "possible": 0, "absent": 0, "unknown": 1, "not_asked": 9}
    assert found["out_of"] == 11
    assert found["critical_not_known"] == ["very-frightened", "threats", "violence-now"]


def test_the_checklist_has_no_threshold_even_when_all_are_present() -> None:
    topics = [item.id for item in shipped_instruments()["stalking-topics"].items]
    found = result("stalking-topics", dict.fromkeys(topics, "present"))
    assert found["threshold"] == "none applies"
    assert found["critical_not_known"] == []
    assert "level" not in found


def test_an_answer_may_name_the_records_on_which_it_rests() -> None:
    found = result("four", {"fixated": {"answer": "present", "evidence": ["I-7K3M9QV", "01ZD/123/26"]}})
    assert found["evidence"] == {"fixated": ["I-7K3M9QV", "01ZD/123/26"]}


def test_an_instrument_is_off_outside_its_days() -> None:
    assert error("four", {}, on=date(2014, 12, 31)) == "four version 1 does not apply on 2014-12-31"
    assert result_of("four", {}, on=date(2015, 1, 1)).error is None


@settings(deadline=None)
@given(
    name=st.sampled_from(sorted(shipped_instruments())),
    line=st.dictionaries(st.text(), JSON, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            [
                *sorted({item.id for each in shipped_instruments().values() for item in each.items}),
                "assessor",
                "assessed_on",
                "conclusions",
            ]
        ),
        JSON,
        max_size=8,
    ),
)
def test_whatever_is_given_there_is_a_result_or_one_sentence(name: str, line: dict[str, JsonValue]) -> None:
    answer = result_of(name, line)
    assert (answer.result is None) != (answer.error is None)
    ScoreResult.model_validate_json(answer.model_dump_json())


SECRET = "Quetzalcoatl"


@settings(deadline=None)
@given(
    name=st.sampled_from(sorted(shipped_instruments())),
    wrap=st.sampled_from([lambda s: s, lambda s: [s], lambda s: {"answer": s}, lambda s: {s: s}]),
    as_key=st.booleans(),
)
def test_an_error_never_repeats_what_was_given(name: str, wrap: object, as_key: bool) -> None:
    assert callable(wrap)
    item = next(
        item.id
        for item in shipped_instruments()[name].items
        if item.gives in (Gives.STATE, Gives.WHOLE_NUMBER)
    )
    line: dict[str, Any] = {f"she lives at {SECRET}": "present"} if as_key else {item: wrap(f"at {SECRET}")}
    answer = result_of(name, line)
    assert answer.error is not None
    assert SECRET not in answer.error


def test_a_functions_input_is_checked_and_has_nothing_in_it_that_is_null() -> None:
    form = an_instrument(
        kind="scored by a function",
        scorer="toy.x:f",
        items=[
            {"id": "age", "asks": "How old?", "gives": "whole number", "required": True, "least": 10},
            {"id": "sex", "asks": "Which?", "gives": "choice", "answers": ["M", "F"]},
            {"id": "when", "asks": "When?", "gives": "date"},
            {"id": "rest", "asks": "What?", "gives": "anything"},
        ],
    )
    assert checked_input(form, {"age": 12, "sex": None, "rest": ["x"]}, on=ON) == {"age": 12, "rest": ["x"]}
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({}, "'age' is missing"),
        ({"age": None}, "'age' is missing"),
        ({"age": True}, "'age' is true or false; give a whole number"),
        ({"age": 12.5}, "'age' is a number; give a whole number"),
        ({"age": 9}, "'age' is less than 10"),
        ({"age": 12, "sex": "X"}, "'sex' is a text that is not allowed here; give one of M, F"),
        ({"age": 12, "when": "2026-02-30"}, "'when' is a date that does not exist"),
        ({"age": 12, "when": "30/02/2026"}, "'when' is a text that is not allowed here; give a date such as"),
        ({"age": 12, "aeg": 3}, "'aeg' is not an item of toy-form (is 'age' meant?)"),
    )
    for line, sentence in wrong:
        checked = checked_input(form, line, on=ON)
        assert isinstance(checked, ScoreResult)
        assert sentence in (checked.error or "")


def test_a_functions_instrument_is_never_scored_here() -> None:
    form = an_instrument(kind="scored by a function", scorer="toy.x:f")
    with pytest.raises(AssertionError):
        scored(form, {}, on=ON)
