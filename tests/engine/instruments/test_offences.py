"""Offences by code: what the harm index gives, what it does not, and what must be asked."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from engine.instruments.offences import (
    AskWhich,
    NotScored,
    Relevance,
    Scored,
    days_in_words,
    harm_of,
    index_name,
    offences_of,
    read_code,
)


@pytest.mark.parametrize(
    ("code", "days"),
    [
        ("195/12", 10),
        ("008/65", 84),
        ("008/66", 252),
        ("195/94", 10),
        ("008/30", 5),
        ("008/31", 5),
        ("066/39", 5),
        ("008/67", 84),
        ("003/01", 10),
        ("008/72", 2),
        ("196/07", 2),
        ("008/71", 5),
        ("088/10", 10),
        ("088/09", 10),
        ("105/01", 1),
        ("001/01", 5475),
        ("002/00", 3285),
        ("056/01", 365),
        ("149/00", 1),
    ],
)
def test_an_offence_has_the_days_that_the_index_gives(code: str, days: float) -> None:
    harm = harm_of(code)

    assert isinstance(harm, Scored)
    assert harm.days == days


@pytest.mark.parametrize("code", ["008/74", "008/77", "138/52", "005/28", "088/14", "088/15", "195/59"])
def test_an_offence_that_the_index_does_not_hold_has_no_score_and_not_nought(code: str) -> None:
    harm = harm_of(code)

    assert isinstance(harm, NotScored)
    assert harm.why == "the index of 2020 has no score for it"
    assert offences_of(code)[0].days is None


@pytest.mark.parametrize("code", ["999/99", "stalking", "", "8/", "0086"])
def test_a_code_that_is_not_in_the_table_has_no_score(code: str) -> None:
    harm = harm_of(code)

    assert isinstance(harm, NotScored)
    assert harm.why == "the table of offences does not hold its code"


@pytest.mark.parametrize("code", ["008/01", "008/06", "005/01", "028/03", "019/08"])
def test_a_code_with_several_scores_is_asked_about(code: str) -> None:
    harm = harm_of(code)

    assert isinstance(harm, AskWhich)
    assert harm.sentence.startswith(f"{code}: ")


def test_what_is_asked_names_the_kinds_that_are_known() -> None:
    wounding, burglary = harm_of("008/01"), harm_of("028/03")

    assert isinstance(wounding, AskWhich)
    assert isinstance(burglary, AskWhich)
    assert "547.5 days" in wounding.sentence
    assert "19 days" in wounding.sentence
    assert burglary.sentence == "028/03: 19 days (Burglary in a dwelling), and others"


@pytest.mark.parametrize(
    ("code", "urn", "days"),
    [("008/01", "8N.8.1.1", 547.5), ("008/01", "8N.8.1.2", 19), ("028/03", "28E.28.3.1", 19)],
)
def test_the_row_of_the_index_says_which_score_is_meant(code: str, urn: str, days: float) -> None:
    harm = harm_of(code, urn=urn)

    assert isinstance(harm, Scored)
    assert harm.days == days


def test_a_row_of_another_code_answers_nothing() -> None:
    harm = harm_of("008/01", urn="8Q.195.12.0")

    assert isinstance(harm, NotScored)
    assert harm.why == "its row number does not belong to its code"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("8/65", "008/65"),
        ("008/65", "008/65"),
        ("00865", "008/65"),
        ("19512", "195/12"),
        (" 66/1 ", "066/01"),
        ("8Q", None),
        ("1951", None),
        ("0008/65", None),
        ("195/123", None),
    ],
)
def test_a_code_is_read_in_the_ways_that_it_is_written(given: str, code: str | None) -> None:
    assert read_code(given) == code


def test_stalking_and_harassment_are_courses_of_conduct_and_an_assault_is_not() -> None:
    conduct = {
        code for code in ("195/12", "008/65", "195/94", "008/56") if offences_of(code)[0].is_course_of_conduct
    }

    assert len(conduct) == 4
    assert not offences_of("105/01")[0].is_course_of_conduct
    assert offences_of("195/12")[0].relevance is Relevance.CORE


def test_days_are_read_aloud() -> None:
    assert [days_in_words(days) for days in (1, 19, 547.5, 5475, 0.3, None)] == [
        "1 day",
        "19 days",
        "547.5 days",
        "5,475 days",
        "0.3 days",
        "no score",
    ]


def test_the_figures_say_where_they_are_from_and_on_what_terms() -> None:
    text = (files("engine.instruments") / "data" / "offences.toml").read_text(encoding="utf-8")
    source = tomllib.loads(text)

    assert index_name() == "Cambridge Crime Harm Index 2020"
    assert "copyright" in source["harm"]["licence"]
    assert all(source[part]["source"] for part in ("harm", "severity", "codes", "relevance"))
