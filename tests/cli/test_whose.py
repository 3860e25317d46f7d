"""A typed text that may say where a person is: refused by the command until it is said whose it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import a_referral
from tests.cli.command import Stac, referral_row, referred, screened

TEXT = "He waited at 14 Quillbrook Road and called 07700 900888."
BOTH = ("--whose", "14 Quillbrook Rd=public", "--whose", "07700-900888=perpetrator")


@pytest.fixture
def case(stac: Stac, tmp_path: Path) -> str:
    (reference,) = referred(stac, tmp_path, referral_row(a_referral()))
    screened(stac, reference, "conference")
    return reference


def record(stac: Stac, case: str, *whose: str) -> tuple[int, str]:
    """Record an incident with the text; the exit code and what is printed of a refusal."""
    given = ("incident", "create", case, "--kind", "following", "--what", TEXT, "--on", "2026-02-20")
    done = stac(*whose, *given)
    return done.code, done.err


def test_it_is_refused_without_its_text_and_recorded_once_each_is_answered(stac: Stac, case: str) -> None:
    before = stac("case", "show", case).out
    code, said = record(stac, case)
    assert code == 1
    assert "(1. a street with a number, 2. a phone number)" in said
    assert "stac --whose" in said
    assert "Quillbrook" not in said
    assert "900888" not in said
    code, said = record(stac, case, *BOTH[:2])
    assert (code, "(1. a phone number)" in said) == (1, True)
    assert stac("case", "show", case).out == before
    assert record(stac, case, *BOTH) == (0, "")
    assert stac("case", "show", case).out != before


def test_what_was_said_of_one_command_does_not_count_for_the_next(stac: Stac, case: str) -> None:
    assert record(stac, case, *BOTH)[0] == 0
    assert record(stac, case)[0] == 1


@pytest.mark.parametrize("given", ["nonsense", "=public", "14 Quillbrook Road=victim", "14 Quillbrook Road="])
def test_another_answer_is_refused_with_those_that_there_are(stac: Stac, case: str, given: str) -> None:
    code, said = record(stac, case, "--whose", given)
    assert code == 2
    assert "perpetrator, public, other or neither" in said
