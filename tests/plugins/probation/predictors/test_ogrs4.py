"""The OGRS4 family against published cases, a second way of computing it, and what may be wrong."""

from __future__ import annotations

import csv
import math
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.agencies.scoring import ScoreResult
from plugins.probation.predictors.ogrs4 import score_arp, score_svrp, score_vrp

SCORERS = {"arp": score_arp, "vrp": score_vrp, "svrp": score_svrp}
EXPECTED = {
    "arp": "all_{}_predictions",
    "vrp": "violence_{}_predictions",
    "svrp": "serious_violence_{}_predictions",
}
# Published by the Ministry of Justice with the service (ministryofjustice/hmpps-arns-risk-actuarial-api,
# src/test/resources/regression/v4_1_2_oasys_test_data.csv, MIT licence): invented people, 3 October 2025.
PUBLISHED = Path(__file__).with_name("ogrs4_published.csv")
FIGURES = Path("plugins/probation/data/ogrs4.toml")


def published() -> Iterator[tuple[dict[str, object], dict[str, float]]]:
    """Each case's inputs, all of them text as published, and what should come out."""
    with open(PUBLISHED, encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            inputs = {key: value for key, value in row.items() if key != "id" and "predictions" not in key}
            expected = {key: float(value) for key, value in row.items() if "predictions" in key}
            yield {**inputs, "assessment_date": "2025-10-03"}, expected


def a_line(**changes: object) -> dict[str, object]:
    first = next(published())[0]
    return {key: value for key, value in {**first, **changes}.items() if value is not None}


def results(score: ScoreResult) -> dict[str, Any]:
    assert score.result is not None, score.error
    return dict(score.result)


@pytest.mark.parametrize("name", SCORERS)
def test_every_published_case_comes_out_static_and_dynamic_to_nine_places(name: str) -> None:
    cases = list(published())
    for inputs, expected in cases:
        dynamic = results(SCORERS[name](inputs))
        static = results(SCORERS[name]({**inputs, "static": True}))
        assert dynamic["probability"] == pytest.approx(expected[EXPECTED[name].format("extended")], abs=1e-9)
        assert static["probability"] == pytest.approx(expected[EXPECTED[name].format("brief")], abs=1e-9)
        assert (dynamic["static"], static["static"]) == (False, True)
    assert len(cases) > 20


@pytest.mark.parametrize(("name", "answer"), [("arp", "S7Q2"), ("vrp", "S11Q4"), ("svrp", "S2Q2A")])
def test_an_answer_that_is_missing_gives_the_static_version_and_says_so(name: str, answer: str) -> None:
    key = {"S7Q2": "seven_point_two", "S11Q4": "eleven_point_four", "S2Q2A": "two_point_two"}[answer]
    score = SCORERS[name](a_line(**{key: None}))

    assert results(score) == results(SCORERS[name](a_line(static=True)))
    assert score.reasons[-1] == (
        "MISSING_DYNAMIC_INPUT: answers of the assessment were missing, so this is the static version: "
        f"{key}."
    )


def test_an_answer_that_the_predictor_does_not_need_is_not_missed() -> None:
    assert results(score_arp(a_line(two_point_two=None, methadone=None)))["static"] is False
    assert results(score_arp(a_line(total_violent_sanctions=None)))["static"] is False
    assert "it lacks total_violent_sanctions" in str(score_vrp(a_line(total_violent_sanctions=None)).error)


def test_numbers_and_their_text_come_to_the_same() -> None:
    as_numbers = {
        key: int(value) if isinstance(value, str) and value.isdigit() and key != "offence_code" else value
        for key, value in a_line().items()
    }

    assert score_arp(as_numbers) == score_arp(a_line())


def test_a_category_stands_for_a_code_and_must_not_contradict_it() -> None:
    by_category = a_line(offence_code=None, offence_category="SEXUAL_AGAINST_CHILD")

    assert results(score_svrp(by_category)) == results(score_svrp(a_line()))
    contradicted = score_svrp(a_line(offence_category="CRIMINAL_DAMAGE"))
    assert "it is not the category of offence_code" in str(contradicted.error)
    unknown = score_svrp(a_line(offence_code="99999", offence_category="SEXUAL_AGAINST_CHILD"))
    assert results(unknown) == results(score_svrp(a_line()))


@pytest.mark.parametrize("name", SCORERS)
def test_percentages_have_two_decimals_and_bands_go_by_them(name: str) -> None:
    bounds = {"arp": (50, 75, 90), "vrp": (30, 60, 80), "svrp": (1, 3, 6.9)}[name]
    words = ("LOW", "MEDIUM", "HIGH", "VERY_HIGH")
    bands = set()
    for found in (results(SCORERS[name](each)) for each in random_lines(300)):
        percent = found["percent"]
        assert percent == round(percent, 2)
        assert 0 <= percent <= 99.99
        assert abs(percent - 100 * found["probability"]) < 0.0101
        assert found["band"] == words[sum(percent >= bound for bound in bounds)]
        bands.add(found["band"])
    assert len(bands) > 1


def random_lines(count: int) -> Iterator[dict[str, object]]:
    """Whole lines of invented people that a scorer takes."""
    chance = Random(count)
    categories = tuple(figures()["arp"]["static"]["offences"])
    flags = [key for key, value in a_line().items() if value in ("Y", "N")]
    for _ in range(count):
        born = date(1950, 1, 1) + timedelta(days=chance.randint(0, 18_000))
        first = born + timedelta(days=365 * 12 + chance.randint(0, 5_000))
        last = first + timedelta(days=chance.choice((0, chance.randint(0, 6_000))))
        community = last + timedelta(days=chance.randint(0, 700))
        sanctions = chance.choice((1, 2, 3, chance.randint(3, 60)))
        yield {
            **a_line(),
            **{key: chance.choice("YN") for key in flags},
            **{key: chance.randint(0, 1) for key in ("two_point_two", "six_point_seven", *PAST)},
            **{key: chance.randint(0, 2) for key in GRADED},
            "four_point_two": chance.choice((0, 2)),
            "six_point_eight": chance.randint(1, 3),
            "gender": chance.choice("MF"),
            "dob": born.isoformat(),
            "first_sanction_date": first.isoformat(),
            "last_sanction_date": last.isoformat(),
            "community_date": community.isoformat(),
            "assessment_date": (last + timedelta(days=chance.randint(0, 1_600))).isoformat(),
            "total_sanctions_count": sanctions,
            "total_violent_sanctions": chance.randint(0, min(sanctions, 20)),
            "offence_code": None,
            "offence_category": chance.choice(categories),
        }


GRADED = {
    "three_point_four": "S3Q4",
    "six_point_four": "S6Q4",
    "seven_point_two": "S7Q2",
    "eight_point_eight": "S8Q8",
    "nine_point_one": "S9Q1",
    "nine_point_two": "S9Q2",
    "eleven_point_two": "S11Q2",
    "eleven_point_four": "S11Q4",
    "twelve_point_one": "S12Q1",
}
PAST = {
    "homicide": "pasthomicide",
    "gbh": "pastwoundinggbh",
    "kidnap": "pastkidnap",
    "firearms": "pastfirearm",
    "robbery": "pastrobbery",
    "aggravated_burglary": "pastaggrburg",
    "weapons_not_firearms": "pastweapon",
    "criminal_damage": "pastcdlife",
    "arson": "pastarson",
}
DRUGS = {
    "heroin": "heroin",
    "methadone": "methadone",
    "other_opiate": "otheropiate",
    "crack_cocaine": "crack",
    "powder_cocaine": "cokepowder",
    "misused_prescribed": "prescribed",
    "benzodiazipines": "benzo",
    "cannabis": "cannabis",
    "steroids": "steroid",
}
VIOLENT_TOO = {
    "VIOLENCE_AGAINST_THE_PERSON_ABH_PLUS",
    "WEAPONS_NON_FIREARM",
    "FIREARMS_MOST_SERIOUS",
    "FIREARMS_OTHER",
}


@cache
def figures() -> dict[str, Any]:
    return tomllib.loads(FIGURES.read_text(encoding="utf-8"))


def whole(born: date, on: date) -> int:
    """Completed years, counted one by one."""
    years = 0
    while (on.year - born.year - years, on.month, on.day) >= (1, born.month, born.day):
        years += 1
    return years


def a_second_way(name: str, version: str, line: dict[str, Any]) -> float:
    """The published formula once more, term by term, from the coefficients and nothing of the module."""
    table = figures()
    c: dict[str, float] = table[name][version]["terms"]
    born, first, last, start, now = (
        date.fromisoformat(line[key])
        for key in ("dob", "first_sanction_date", "last_sanction_date", "community_date", "assessment_date")
    )
    a, n, v = whole(born, start), line["total_sanctions_count"], line["total_violent_sanctions"]
    y = whole(born, last) - whole(born, first)
    m = min(36, max(0, (now.year - start.year) * 12 + now.month - start.month - (now.day < start.day)))
    man = line["gender"] == "M"
    z = c["Intercept_2"]
    ages = ("maleaai", "maleaaiaai", "maleaaiaaiaai", "maleaaiaaiaaiaai") if man else (
        "aaifemale", "aaiaaifemale", "aaiaaiaaifemale", "aaiaaiaaiaaifemale")  # fmt: skip
    z += sum(c.get(term, 0) * a ** (power + 1) for power, term in enumerate(ages))
    z += sum(c.get("ofm" * power, 0) * m**power for power in (1, 2, 3, 4))
    z += 0 if man else c["female"]
    z += c["ogrs3_sanctionoccasions"] * n
    if n == 1:
        z += c["firstsanction"]
    elif n == 2:
        z += c["secondsanction"]
        z += y * c["malesecondsanctionyearssincefirs" if man else "femalesecondsanctionyearssincefi"]
    elif name == "arp":
        rate = math.log(n) - math.log(y + 26)
        z += c["malethreeplussanctionsogrs4g_rat" if man else "femalethreeplussanctionsogrs4g_r"] * rate
        z += c["malethreeplussanctionsogrs4g_rao" if man else "femalethreeplussanctionsogrs4g_o"] * rate**2
    else:
        rate = math.log(n) - math.log(y + 12)
        z += c["malethreeplussanctionsogrs4v_rat" if man else "femalethreeplussanctionsogrs4v_r"] * rate
    if name != "arp":
        if v == 0:
            z += c["maleneverviolent" if man else "femaleneverviolent"]
        else:
            z += c["ogrs3_ovp_sanct"] * v + c["ogrs4v_rate_violent"] * (math.log(v) - math.log(y + 30))
            z += c["onceviolent"] if v == 1 else 0
    offences = table[name][version]["offences"]
    z += offences[line["offence_category"]]
    if name == "svrp" and line["offence_category"] in VIOLENT_TOO:
        z += offences["VIOLENCE_AGAINST_THE_PERSON_SUB_ABH"]
    if version == "dynamic":
        z += sum(c.get(term, 0) * line[key] for key, term in {**GRADED, **PAST}.items())
        z += c.get("S4Q2", 0) * line["four_point_two"] + c.get("S2Q2A", 0) * line["two_point_two"]
        z += c.get("S6Q7_PERP", 0) * line["six_point_seven"]
        if line["six_point_eight"] == 1:
            z += c.get("S3Q2_PARTNER", 0) + c.get("S3Q2_PARTNERS6Q4", 0) * line["six_point_four"]
        z += sum(c.get(term, 0) for key, term in DRUGS.items() if line[key] == "Y")
        others = ("other_drugs", "ketamine", "spice", "hallucinogens", "solvents")
        z += c.get("otherdrug_code_iln", 0) if any(line[key] == "Y" for key in others) else 0
    return math.exp(z) / (1 + math.exp(z))


@pytest.mark.parametrize("name", SCORERS)
def test_a_few_hundred_random_cases_agree_with_a_second_way_of_computing_them(name: str) -> None:
    for line in random_lines(200):
        for version in ("static", "dynamic"):
            found = results(SCORERS[name]({**line, "static": version == "static"}))
            assert found["probability"] == pytest.approx(a_second_way(name, version, line), abs=1e-9)
            assert 0 < found["probability"] < 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"dob": None, "gender": None}, "input: it lacks dob, gender; give each of them"),
        ({"gender": "1"}, "gender: give one of: M; F"),
        ({"dob": "1988-06-07"}, "first_sanction_date: it does not come after dob"),
        ({"dob": "1983-06-07"}, "first_sanction_date: the person was then outside the ages of 8 to 98"),
        ({"last_sanction_date": "1988-06-06"}, "last_sanction_date: it comes before first_sanction_date"),
        ({"community_date": "1997-06-06"}, "community_date: it comes before last_sanction_date"),
        ({"assessment_date": "1997-03-06"}, "last_sanction_date: it comes more than 3 months after"),
        ({"community_date": "2081-01-01"}, "community_date: the person was then outside the ages of 10"),
        ({"community_date": "07/06/1997"}, "community_date: give a full date that exists"),
        ({"total_sanctions_count": "0"}, "total_sanctions_count: the number is outside 1 to 999"),
        ({"total_sanctions_count": "1000"}, "total_sanctions_count: the number is outside 1 to 999"),
        ({"total_sanctions_count": "-1"}, "total_sanctions_count: give a whole number"),
        ({"total_sanctions_count": True}, "total_sanctions_count: give a whole number"),
        ({"total_sanctions_count": math.inf}, "total_sanctions_count: give a whole number"),
        ({"total_violent_sanctions": "3"}, "total_violent_sanctions: there are more of them than"),
        ({"four_point_two": "1"}, "four_point_two: give 0 or 2"),
        ({"six_point_eight": "0"}, "six_point_eight: the number is outside 1 to 3"),
        ({"cannabis": "yes"}, "cannabis: give one of: Y; N"),
        ({"cannabis": True}, "cannabis: give one of: Y; N"),
        ({"offence_code": "5912"}, "offence_code: give five digits"),
        ({"offence_code": "99999"}, "offence_code: the code is not in this agency's table"),
        ({"offence_code": "09603"}, "offence_code: the category of this code is not known here"),
        ({"offence_code": None}, "input: it lacks offence_category"),
        ({"offence_code": None, "offence_category": "STALKING"}, "offence_category: give one of"),
        ({"static": "yes"}, "static: give true or false"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_line_is_told_in_one_sentence(changes: dict[str, object], sentence: str) -> None:
    score = score_vrp(a_line(**changes))

    assert score.result is None
    assert str(score.error).startswith(sentence)


def test_a_conviction_up_to_three_months_after_the_assessment_is_taken() -> None:
    assert results(score_arp(a_line(assessment_date="1997-03-07")))["static"] is False


ANYTHING = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.lists(st.text())
)
SCORER = st.sampled_from(tuple(SCORERS.values()))


@given(SCORER, st.dictionaries(st.sampled_from(sorted(a_line())), ANYTHING, max_size=4))
def test_no_line_whatever_makes_it_raise(
    scorer: Callable[[dict[str, object]], ScoreResult], inputs: dict[str, object]
) -> None:
    score = scorer({**a_line(), **inputs})

    assert (score.result is None) != (score.error is None)
