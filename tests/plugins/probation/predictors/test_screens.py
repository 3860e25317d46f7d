"""The two screens: published cases, who they are for, and how little may be missing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.agencies.scoring import ScoreResult
from plugins.probation.predictors.screens import score_lds, score_mst

LDS_KEYS = (
    "no_fixed_abode",
    "work_skills",
    "reading_writing_numeracy",
    "reading",
    "numeracy",
    "learning_difficulties",
    "qualifications",
)
GRADED = (
    "criminal_associates",
    "risk_taking",
    "coping",
    "attitude_to_self",
    "impulsivity",
    "temper_control",
    "problem_solving",
    "awareness_of_consequences",
    "others_views",
)
MATURITY: dict[str, object] = {"sex": "M", "age": 18, "peer_group": "Y", **dict.fromkeys(GRADED, 1)}
ALL_PROBLEMS = ("Y", 2, 2, "Y", "Y", 2, "any")


def learning(*answers: object) -> ScoreResult:
    return score_lds(dict(zip(LDS_KEYS, answers, strict=True)))


def maturity(**changes: object) -> ScoreResult:
    return score_mst({key: value for key, value in {**MATURITY, **changes}.items() if value is not None})


def results(score: ScoreResult) -> dict[str, object]:
    assert score.result is not None, score.error
    return dict(score.result)


@pytest.mark.parametrize(
    ("answers", "points", "outcome"),
    [
        (("N", 1, 1, None, "Y", None, "none"), 5, 2),
        (("N", 0, None, None, None, 1, "none"), 3, 1),
        (("Y", 1, None, None, None, 1, "any"), 3, 1),
        (("N", 1, 1, None, None, 0, "any"), 2, 0),
        ((None, 0, 0, None, None, 1, "any"), 1, 0),
        (("N", 0, 0, None, None, 0, "any"), 0, 0),
        (("Y", 1, 1, "Y", None, 1, "none"), 7, 2),
        (("N", 2, 2, "Y", "Y", 2, "any"), 8, 2),
        (ALL_PROBLEMS, 9, 2),
    ],
)
def test_published_cases_of_the_learning_screen_come_out(
    answers: tuple[object, ...], points: int, outcome: int
) -> None:
    assert results(learning(*answers)) == {"points": points, "score": outcome}


@pytest.mark.parametrize(
    "answers",
    [
        (None, 1, None, None, None, None, None),
        (None, 0, 1, None, None, None, None),
        ("N", None, None, None, None, 1, None),
        (None,) * 7,
    ],
)
def test_the_learning_screen_needs_three_of_its_four_main_items(answers: tuple[object, ...]) -> None:
    assert "at most one of work_skills, reading_writing_numeracy" in str(learning(*answers).error)


def test_an_item_that_was_not_given_is_said_and_is_no_no() -> None:
    assert learning("N", 0, 0, None, None, None, "any").reasons == (
        "Learning difficulties was not given, and counted nothing.",
    )


def test_reading_without_the_item_that_it_belongs_to_is_told() -> None:
    score = learning("Y", 1, None, "Y", None, 1, "any")

    assert score.error == "reading_writing_numeracy: it is missing though reading or numeracy is given"


def test_the_maturity_flag_is_raised_at_ten_and_not_at_nine() -> None:
    assert results(maturity()) == {"points": 10, "flag": True, "applies": True}
    assert results(maturity(attitude_to_self=0)) == {"points": 9, "flag": False, "applies": True}


def test_one_answer_of_maturity_may_be_missing_and_two_may_not() -> None:
    assert results(maturity(coping=None))["points"] == 9
    assert str(maturity(coping=None, impulsivity=None).error) == (
        "input: 9 answers are needed, and it lacks coping, impulsivity"
    )


@pytest.mark.parametrize(
    "changes", [{"sex": "F"}, {"age": 26}, {"age": 17}, {"sex": "F", "age": 40, "coping": None}]
)
def test_maturity_is_for_men_of_18_to_25_and_nobody_else_gets_points_or_a_flag(
    changes: dict[str, object],
) -> None:
    score = maturity(**changes)

    assert results(score) == {"points": None, "flag": None, "applies": False}
    assert score.reasons == ("The screen is for men of 18 to 25 only, and was not scored.",)


@pytest.mark.parametrize(
    ("assessed", "applies"), [("2026-02-28", True), ("2026-03-01", False), ("2017-12-31", False)]
)
def test_age_for_maturity_goes_by_the_day_of_the_assessment(assessed: str, applies: bool) -> None:
    score = maturity(age=None, date_of_birth="2000-02-29", assessment_date=assessed)

    assert results(score)["applies"] is applies


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sex": "male"}, "sex: give one of: M; F"),
        ({"age": 18.0}, "age: give a whole number"),
        ({"age": None}, "input: it lacks age"),
        ({"coping": 3}, "coping: the number is outside 0 to 2"),
        ({"peer_group": 1}, "peer_group: give one of: Y; N"),
        (
            {"age": None, "date_of_birth": "2026-01-01", "assessment_date": "2025-01-01"},
            "assessment_date: it does not come after the date of birth",
        ),
    ],
)
def test_what_is_wrong_with_a_line_is_told_in_one_sentence(changes: dict[str, object], sentence: str) -> None:
    assert str(maturity(**changes).error).startswith(sentence)


ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.lists(st.text())


@given(st.dictionaries(st.sampled_from(sorted({*MATURITY, *LDS_KEYS, "date_of_birth"})), ANYTHING))
def test_no_line_whatever_makes_either_raise(inputs: dict[str, object]) -> None:
    for score in (score_lds(inputs), score_mst({**MATURITY, **inputs})):
        assert (score.result is None) != (score.error is None)
