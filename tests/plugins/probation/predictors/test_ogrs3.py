"""OGRS3 against the published figures, a second way of computing it, and what may be wrong with a line."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.agencies.scoring import ScoreResult
from plugins.probation.predictors.ogrs3 import score

A_LINE: dict[str, object] = {
    "sex": "M",
    "age_at_conviction": 20,
    "age_at_first_sanction": 20,
    "age_at_followup": 20,
    "previous_sanctions": 2,
    "offence_group": "violence",
}
DATED: dict[str, object] = {
    "sex": "M",
    "date_of_birth": "1991-07-17",
    "conviction_date": "2021-08-05",
    "followup_date": "2021-12-12",
    "age_at_first_sanction": 21,
    "previous_sanctions": 1,
    "offence_code": "11618",
}
# The published tables, typed again here: nothing of the module under test is used.
BY_AGE = {
    10: (0.0, -0.785038489),
    12: (0.083922902, -0.613852078),
    14: (0.075775765, -0.669521331),
    16: (-0.061594199, -0.959179629),
    18: (-0.625103618, -0.897480934),
    21: (-1.051515067, -1.028488454),
    25: (-1.166679288, -1.052777806),
    30: (-1.325976554, -1.129127959),
    35: (-1.368045933, -1.42187494),
    40: (-1.499690953, -1.524652221),
    50: (-2.025261458, -2.44983716),
}
BY_GROUP = {
    "violence": 0.0,
    "robbery": -0.634795912,
    "public order": 0.181917975,
    "sexual, not against a child": 0.003276327,
    "sexual, against a child": -0.653434071,
    "soliciting or prostitution": 0.760608858,
    "burglary, domestic": -0.12394352,
    "burglary, other": 0.240604429,
    "theft, non-motor": 0.661244321,
    "handling stolen goods": 0.351866973,
    "fraud and forgery": 0.159910192,
    "absconding or bail": 0.733378677,
    "taking and driving away": 0.380059431,
    "theft from vehicles": 0.427225615,
    "other motoring": 0.262228428,
    "drink driving": -0.121439408,
    "criminal damage": 0.204960477,
    "drug import, export, production": -0.795556373,
    "drug possession, supply": 0.077165871,
    "other": -0.060667525,
}


def line(**changes: object) -> dict[str, object]:
    return {key: value for key, value in {**A_LINE, **changes}.items() if value is not None}


def results(score_result: ScoreResult) -> dict[str, object]:
    assert score_result.result is not None, score_result.error
    return dict(score_result.result)


def a_second_way(
    sex: str, convicted: int, first: int, followup: int, previous: int, group: str
) -> list[float]:
    """The same from the published tables, as odds multiplied and not as a sum of logarithms."""
    counted = min(previous, 50)
    band = [start for start in BY_AGE if followup >= start][-1]
    odds = ((1 + counted) / (10 + convicted - first)) ** 1.251124464
    odds *= math.exp(0.463062792) if counted else math.exp(0.126142106)
    odds *= math.exp(BY_AGE[band][sex == "F"]) * math.exp(BY_GROUP[group])
    return [odds * math.exp(c) / (1 + odds * math.exp(c)) for c in (1.402562384, 2.121705678)]


@pytest.mark.parametrize(
    ("previous", "one", "two"),
    [
        (0, 0.12161553504714574, 0.22130521140511314),
        (1, 0.3158120100020924, 0.48651769565917),
        (2, 0.43393890261473633, 0.6114342480551298),
        (3, 0.5235145926731711, 0.6928061177628605),
        (4, 0.5922581047904114, 0.7488430658491833),
    ],
)
def test_the_published_figures_for_a_man_of_twenty_come_out_to_twelve_places(
    previous: int, one: float, two: float
) -> None:
    found = results(score(line(previous_sanctions=previous)))

    assert found["probability_1y"] == pytest.approx(one, abs=1e-12)
    assert found["probability_2y"] == pytest.approx(two, abs=1e-12)


@pytest.mark.parametrize(
    ("group", "previous", "born", "convicted", "first", "sex", "one", "two"),
    [
        ("taking and driving away", 25, "1989-04-22", "2013-02-20", "2001-09-10", "M",
         0.8117432421743183, 0.8984865665141756),
        ("other motoring", 1, "1936-12-02", "2013-03-04", "1995-02-08", "M",
         0.03919595074873526, 0.07726836999906724),
        ("drug possession, supply", 2, "1990-04-01", "2013-01-10", "2006-12-15", "F",
         0.2350431567417117, 0.38677068477622517),
        ("public order", 79, "1970-01-05", "2012-11-13", "1983-06-27", "M",
         0.7075436366487633, 0.8323852423623939),
    ],
)  # fmt: skip
def test_published_cases_with_dates_come_out_and_more_than_fifty_sanctions_count_as_fifty(
    group: str, previous: int, born: str, convicted: str, first: str, sex: str, one: float, two: float
) -> None:
    score_result = score(
        {
            "sex": sex,
            "date_of_birth": born,
            "conviction_date": convicted,
            "first_sanction_date": first,
            "followup_date": "2013-03-31",
            "previous_sanctions": previous,
            "offence_group": group,
        }
    )

    assert results(score_result)["probability_1y"] == pytest.approx(one, abs=1e-12)
    assert results(score_result)["probability_2y"] == pytest.approx(two, abs=1e-12)
    assert ("Only 50 previous sanctions were counted, as published." in score_result.reasons) == (
        previous > 50
    )


def test_a_woman_s_published_case_comes_out_to_three_places() -> None:
    changes = {"age_at_conviction": 37, "age_at_first_sanction": 14, "age_at_followup": 43}
    found = results(score(line(sex="F", previous_sanctions=5, offence_group="criminal damage", **changes)))

    assert found["probability_1y"] == pytest.approx(0.16981753242372238, abs=5e-4)
    assert found["probability_2y"] == pytest.approx(0.2957162404363142, abs=5e-4)


@pytest.mark.parametrize(
    ("changes", "one", "two", "band"),
    [
        ({}, 9, 17, "LOW"),
        (
            {
                "date_of_birth": "1975-04-29",
                "conviction_date": "2009-02-19",
                "followup_date": "2020-01-14",
                "age_at_first_sanction": 17,
                "previous_sanctions": 21,
                "offence_code": "09230",
            },
            35,
            52,
            "MEDIUM",
        ),
    ],
)
def test_the_service_s_published_percentages_and_bands_come_out_in_the_rounded_profile(
    changes: dict[str, object], one: int, two: int, band: str
) -> None:
    found = results(score({**DATED, **changes, "profile": "rounded"}))

    assert (found["percent_1y"], found["percent_2y"], found["band"]) == (one, two, band)
    for name in ("probability_1y", "probability_2y"):
        assert found[name] == round(float(str(found[name])), 5)


def test_a_few_hundred_random_cases_agree_with_a_second_way_of_computing_them() -> None:
    chance = Random(7)
    for _ in range(400):
        first = chance.randint(10, 60)
        convicted = first + chance.randint(0, 30)
        followup = convicted + chance.randint(0, 15)
        previous, sex = chance.randint(0, 90), chance.choice("MF")
        group = chance.choice(tuple(BY_GROUP))
        found = results(
            score(
                line(
                    sex=sex,
                    age_at_first_sanction=first,
                    age_at_conviction=convicted,
                    age_at_followup=followup,
                    previous_sanctions=previous,
                    offence_group=group,
                )
            )
        )
        one, two = a_second_way(sex, convicted, first, followup, previous, group)
        assert found["probability_1y"] == pytest.approx(one, abs=1e-12)
        assert found["probability_2y"] == pytest.approx(two, abs=1e-12)


@pytest.mark.parametrize("profile", ["nine-decimal", "rounded"])
def test_more_sanctions_never_make_it_less_likely_and_it_is_never_certain(profile: str) -> None:
    found = [
        float(str(results(score(line(previous_sanctions=n, profile=profile)))["probability_2y"]))
        for n in range(61)
    ]

    assert found == sorted(found)
    assert all(0 < probability < 1 for probability in found)
    assert (found[50] == found[60]) == (profile == "nine-decimal")


@pytest.mark.parametrize(
    ("day", "age"), [("2009-02-28", 20), ("2009-03-01", 21), ("2012-02-28", 23), ("2012-02-29", 24)]
)
def test_somebody_born_on_29_february_completes_a_year_on_1_march_when_there_is_no_such_day(
    day: str, age: int
) -> None:
    dated = {
        "sex": "M",
        "date_of_birth": "1988-02-29",
        "conviction_date": day,
        "followup_date": day,
        "age_at_first_sanction": age,
        "previous_sanctions": 0,
        "offence_group": "other",
    }
    by_age = line(
        age_at_conviction=age,
        age_at_followup=age,
        age_at_first_sanction=age,
        previous_sanctions=0,
        offence_group="other",
    )

    assert results(score(dated)) == results(score(by_age))


def test_a_code_and_its_group_come_to_the_same_and_stalking_counts_as_violence() -> None:
    assert score(line(offence_group=None, offence_code="19512")) == score(line())
    assert "it is not the group of offence_code" in str(score(line(offence_code="06639")).error)


def test_only_the_two_groups_in_conflict_differ_between_the_profiles_by_more_than_rounding() -> None:
    for group in BY_GROUP:
        both = [
            float(str(results(score(line(offence_group=group, profile=profile)))["probability_2y"]))
            for profile in ("nine-decimal", "rounded")
        ]
        assert (abs(both[0] - both[1]) > 1e-3) == (group == "sexual, not against a child")


def test_each_item_that_moved_the_score_has_a_sentence_and_no_other_has() -> None:
    score_result = score(line(previous_sanctions=0, offence_group="public order"))

    assert score_result.reasons == (
        "No previous sanction raised the score by 0.126.",
        "The rate of sanctions, 1 in a career counted as 10 years, lowered the score by 2.881.",
        "The age of 20 at the start of follow-up, for a man, lowered the score by 0.625.",
        "The offence group 'public order' raised the score by 0.182.",
    )
    assert not any("offence group" in reason for reason in score(line()).reasons)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sex": "X"}, "sex: give one of: M; F"),
        ({"age_at_conviction": 9}, "age_at_conviction: the number is outside 10 to 109"),
        ({"age_at_followup": 9}, "age_at_followup: the number is outside 10 to 109"),
        ({"age_at_first_sanction": 40}, "age_at_first_sanction: it is above the age at the current"),
        ({"age_at_followup": 19}, "age_at_followup: it is below the age at the current conviction"),
        ({"previous_sanctions": -1}, "previous_sanctions: the number is outside 0 to 1000000"),
        ({"previous_sanctions": True}, "previous_sanctions: give a whole number"),
        ({"previous_sanctions": "2"}, "previous_sanctions: give a whole number"),
        ({"previous_sanctions": 2.0}, "previous_sanctions: give a whole number"),
        ({"previous_sanctions": math.nan}, "previous_sanctions: give a whole number"),
        ({"previous_sanctions": math.inf}, "previous_sanctions: give a whole number"),
        ({"previous_sanctions": 10**40}, "previous_sanctions: the number is outside"),
        ({"offence_group": "stalking"}, "offence_group: give one of: violence; robbery"),
        ({"offence_group": ["violence"]}, "offence_group: give one of"),
        ({"offence_group": None, "offence_code": "ABC"}, "offence_code: give five digits"),
        ({"offence_group": None, "offence_code": 19512}, "offence_code: give five digits"),
        ({"offence_group": None, "offence_code": "99999"}, "offence_code: the code is not in this"),
        ({"offence_group": None, "offence_code": "08800"}, "offence_code: the code is used for several"),
        ({"offence_group": None, "offence_code": "09603"}, "offence_code: the group of this code is"),
        ({"profile": "exact"}, "profile: give one of: nine-decimal; rounded"),
        ({"age_at_conviction": None}, "input: it lacks age_at_conviction; give each of them"),
        ({"offence_group": None}, "input: it lacks offence_group"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_line_is_told_in_one_sentence(changes: dict[str, object], sentence: str) -> None:
    score_result = score(line(**changes))

    assert score_result.result is None
    assert str(score_result.error).startswith(sentence)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"conviction_date": "1991-07-17"}, "conviction_date: it does not come after the date of birth"),
        ({"conviction_date": "2000-01-01"}, "conviction_date: the person was then outside the ages of 10 to"),
        ({"followup_date": "2021-08-04"}, "followup_date: it comes before conviction_date"),
        ({"conviction_date": "2021-02-30"}, "conviction_date: give a full date that exists"),
        ({"conviction_date": "2021-02"}, "conviction_date: give a full date that exists"),
        ({"conviction_date": 20210205}, "conviction_date: give a full date that exists"),
        ({"age_at_conviction": 31}, "age_at_conviction: it is not the age that date_of_birth and"),
        ({"first_sanction_date": "2022-01-01", "age_at_first_sanction": None},
         "conviction_date: it comes before first_sanction_date"),
        ({"followup_date": None}, "input: it lacks followup_date"),
        ({"date_of_birth": None}, "input: it lacks date_of_birth"),
    ],
)  # fmt: skip
def test_dates_that_cannot_be_are_told(changes: dict[str, object], sentence: str) -> None:
    score_result = score({key: value for key, value in {**DATED, **changes}.items() if value is not None})

    assert score_result.result is None
    assert str(score_result.error).startswith(sentence)


def test_an_empty_line_names_everything_that_it_lacks() -> None:
    assert score({}).error == (
        "input: it lacks sex, age_at_conviction, age_at_first_sanction, age_at_followup, previous_sanctions, "
        "offence_group; give each of them"
    )


def test_a_key_that_it_does_not_know_is_said_and_not_used() -> None:
    score_result = score(line(profil="rounded"))

    assert score_result.reasons[-1] == "Not known to this predictor, and not used: profil."


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.dictionaries(st.sampled_from(sorted({*A_LINE, *DATED, "profile", "first_sanction_date"})), ANYTHING)
)
def test_no_line_whatever_makes_it_raise(inputs: dict[str, object]) -> None:
    score_result = score({**A_LINE, **inputs})

    assert (score_result.result is None) != (score_result.error is None)


def test_very_many_sanctions_still_come_to_a_likelihood_below_certainty() -> None:
    for profile in ("nine-decimal", "rounded"):
        found = results(score(line(previous_sanctions=1_000_000, profile=profile)))
        assert found["percent_2y"] in range(1, 100)
