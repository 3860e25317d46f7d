"""A command whose answer was lost is given again: recorded once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.main import with_leading_options_moved
from tests.builders import a_referral
from tests.cli.command import Stac, referral_row, referred, screened


@pytest.fixture
def case(stac: Stac, tmp_path: Path) -> str:
    (reference,) = referred(stac, tmp_path, referral_row(a_referral()))
    screened(stac, reference, "conference")
    return reference


def incident(case: str, *more: str) -> tuple[str, ...]:
    given = ("incident", "create", case, "--kind", "following", "--what", "He followed the bus.")
    return (*given, "--on", "2026-02-20", *more)


def incidents(stac: Stac, case: str) -> int:
    return len(json.loads(stac("case", "show", case, "--json").out)["incidents"])


def test_an_equal_command_is_refused_until_it_is_said_that_it_is_another_one(stac: Stac, case: str) -> None:
    before = incidents(stac, case)
    assert stac(*incident(case)).code == 0
    again = stac(*incident(case))
    assert (again.code, "it equals I-" in again.err) == (1, True)
    assert "give --again if it is another one" in again.err
    assert "bus" not in again.err
    assert stac("--again", *incident(case)).code == 0
    assert incidents(stac, case) == before + 2


def test_with_the_same_key_it_succeeds_and_records_nothing_again(stac: Stac, case: str) -> None:
    before = incidents(stac, case)
    assert stac("--submission", "app-7", *incident(case)).code == 0
    again = stac("--submission", "app-7", *incident(case, "--json"))
    assert (again.code, again.err) == (0, "")
    answer = json.loads(again.out)
    assert answer["recorded_before"].startswith("I-")
    assert stac("--submission=app-7", *incident(case)).out.startswith("This was recorded as I-")
    assert incidents(stac, case) == before + 1


def test_a_key_of_another_act_is_a_sentence(stac: Stac, case: str) -> None:
    assert stac("--submission", "app-7", *incident(case)).code == 0
    other = stac("--submission", "app-7", *incident(case, "--crime-reference", "42/1"))
    assert (other.code, "it was given for another act, recorded as I-" in other.err) == (1, True)
    assert "app-7" not in other.err


def test_the_option_of_a_command_of_its_own_stays_with_it() -> None:
    assert with_leading_options_moved(["response", "request", "R-1", "--again"]) == [
        "response",
        "request",
        "R-1",
        "--again",
    ]
    assert with_leading_options_moved(["incident", "create", "R-1", "--again"])[0] == "--again"
