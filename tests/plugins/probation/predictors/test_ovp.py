"""OVP against the published figures, its points one by one, and what may be wrong with a line."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.agencies.scoring import ScoreResult
from plugins.probation.predictors.ovp import score

A_LINE: dict[str, object] = {
    "sex": "M",
    "date_of_birth": "1964-10-15",
    "followup_date": "2027-12-12",
    "total_sanctions": 30,
    "violent_sanctions": 10,
    "recognises_impact": "Y",
    "no_fixed_abode": "Y",
    "unemployed": "Y",
    "alcohol_current": 0,
    "alcohol_excessive": 0,
    "psychiatric_treatment": "N",
    "temper_control": 0,
    "pro_criminal_attitudes": 0,
}


def line(**changes: object) -> dict[str, object]:
    return {key: value for key, value in {**A_LINE, **changes}.items() if value is not None}


def results(score_result: ScoreResult) -> dict[str, object]:
    assert score_result.result is not None, score_result.error
    return dict(score_result.result)


@pytest.mark.parametrize(
    ("changes", "one", "two", "band"),
    [
        ({}, 15, 26, "LOW"),
        ({"total_sanctions": 1, "violent_sanctions": 0, "recognises_impact": "N"}, 5, 9, "LOW"),
        (
            {
                "total_sanctions": 55,
                "violent_sanctions": 40,
                "temper_control": 2,
                "alcohol_current": 1,
                "alcohol_excessive": 1,
            },
            42,
            58,
            "MEDIUM",
        ),
    ],
)
def test_the_published_percentages_and_bands_come_out(
    changes: dict[str, object], one: int, two: int, band: str
) -> None:
    found = results(score(line(**changes)))

    assert (found["percent_1y"], found["percent_2y"], found["band"]) == (one, two, band)


def points_counted_apart(case: dict[str, int], *, male: bool, flags: dict[str, bool]) -> int:
    """The published points once more, by rules written out and not from a table."""
    v, others, age = case["violent"], case["others"], case["age"]
    points = 5 + (5 if male else 0)
    points += {0: 0, 1: 4, 2: 7, 3: 9, 4: 11}.get(v, min(v + 7, 25))
    points += 0 if others < 3 else 2 if others < 5 else 3 if others < 11 else 4 if others < 21 else 5
    young = {18: 20, 19: 20, 20: 17, 21: 17, 22: 14, 23: 14, 24: 12, 25: 12}
    points += young.get(age, 0 if age > 50 else 2 * ((50 - age) // 5 + 1))
    points += 4 * sum(flags.values())
    points += math.ceil(2.5 * (case["now"] + case["excess"])) + 3 * (case["temper"] + case["attitudes"])
    return points


def test_random_cases_agree_with_points_counted_apart() -> None:
    chance = Random(11)
    for _ in range(400):
        graded = {key: chance.randint(0, 2) for key in ("now", "excess", "temper", "attitudes")}
        case = {"violent": chance.randint(0, 24), "others": chance.randint(0, 30), **graded}
        case["age"], male = chance.randint(18, 90), chance.random() < 0.5
        if case["violent"] + case["others"] == 0:
            continue
        flags = {key: chance.random() < 0.5 for key in ("impact", "abode", "work", "treatment")}
        points = points_counted_apart(case, male=male, flags=flags)
        found = results(
            score(
                {
                    "sex": "M" if male else "F",
                    "age_at_followup": case["age"],
                    "total_sanctions": case["violent"] + case["others"],
                    "violent_sanctions": case["violent"],
                    "recognises_impact": "N" if flags["impact"] else "Y",
                    "no_fixed_abode": "Y" if flags["abode"] else "N",
                    "unemployed": "Y" if flags["work"] else "N",
                    "psychiatric_treatment": "Y" if flags["treatment"] else "N",
                    "alcohol_current": case["now"],
                    "alcohol_excessive": case["excess"],
                    "temper_control": case["temper"],
                    "pro_criminal_attitudes": case["attitudes"],
                }
            )
        )
        assert found["points"] == points
        odds = math.exp(0.0722 * points - 3.8773)
        assert found["probability_2y"] == pytest.approx(odds / (1 + odds), abs=1e-12)


def test_each_item_that_gave_points_has_a_sentence() -> None:
    assert score(line()).reasons == (
        "Any sanction gave 5 points.",
        "The number of violent sanctions, 10, gave 17 points.",
        "The number of other sanctions, 20, gave 4 points.",
        "Being a man gave 5 points.",
        "Having no fixed abode gave 4 points.",
        "Being out of work gave 4 points.",
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"followup_date": "1960-01-01"}, "followup_date: it does not come after the date of birth"),
        ({"followup_date": "1982-10-14"}, "followup_date: the person was then outside the ages of 18 to 109"),
        ({"age_at_followup": 60}, "age_at_followup: it is not the age that the two dates come to"),
        ({"violent_sanctions": 31}, "violent_sanctions: there are more of them than total_sanctions"),
        ({"total_sanctions": 0}, "total_sanctions: the number is outside 1 to 999"),
        ({"temper_control": 3}, "temper_control: the number is outside 0 to 2"),
        ({"temper_control": True}, "temper_control: give a whole number from 0 to 2"),
        ({"unemployed": True}, "unemployed: give one of: Y; N"),
        ({"unemployed": None, "sex": None}, "input: it lacks sex, unemployed; give each of them"),
        ({"date_of_birth": None}, "input: it lacks date_of_birth"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_in_one_sentence(changes: dict[str, object], sentence: str) -> None:
    score_result = score(line(**changes))

    assert score_result.result is None
    assert str(score_result.error).startswith(sentence)


ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.lists(st.text())


@given(st.dictionaries(st.sampled_from(sorted({*A_LINE, "age_at_followup"})), ANYTHING, max_size=4))
def test_no_line_whatever_makes_it_raise(inputs: dict[str, object]) -> None:
    score_result = score({**A_LINE, **inputs})

    assert (score_result.result is None) != (score_result.error is None)
