"""`stac instrument score`: without a record, a user or a home; one answer for each line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import CommandResult, Stac


@pytest.fixture
def nowhere(tmp_path: Path) -> Stac:
    """The command where nothing was ever made."""
    return Stac(tmp_path / "none")


def a_file(tmp_path: Path, *lines: object) -> str:
    file = tmp_path / "inputs.jsonl"
    file.write_text("\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines) + "\n")
    return str(file)


def lines_of(findings: CommandResult) -> list[dict[str, Any]]:
    return [json.loads(line) for line in findings.out.splitlines()]


def test_each_line_has_one_object_in_its_order_and_an_error_ends_with_one(
    nowhere: Stac, tmp_path: Path
) -> None:
    file = a_file(tmp_path, {"fixated": "present"}, "{", "", [], {"fixed": "yes"}, {"fixated": "unknown"})
    findings = nowhere("instrument", "score", "four", file, "--json", user=None)
    assert findings.code == 1
    found = lines_of(findings)
    assert [each["line"] for each in found] == [1, 2, 4, 5, 6]
    assert all(list(each) == ["line", "result", "reasons", "error"] for each in found)
    assert [each["error"] is None for each in found] == [True, False, False, False, True]
    assert all((each["result"] is None) == (each["error"] is not None) for each in found)


def test_without_an_error_it_ends_with_nought(nowhere: Stac, tmp_path: Path) -> None:
    findings = nowhere("instrument", "score", "four", a_file(tmp_path, {}), "--json", user=None)
    assert findings.code == 0
    assert lines_of(findings)[0]["result"]["not_asked"] == ["fixated", "obsessive", "unwanted", "repeated"]


def test_it_reads_standard_input(nowhere: Stac) -> None:
    findings = nowhere("instrument", "score", "four", "-", "--json", user=None, stdin='{"fixated": "yes"}\n')
    assert lines_of(findings)[0]["result"]["present"] == ["fixated"]


def test_for_a_person_it_says_the_limits_the_answers_and_the_reasons(nowhere: Stac, tmp_path: Path) -> None:
    findings = nowhere("instrument", "score", "four", a_file(tmp_path, {"fixated": "yes"}, "{"), user=None)
    assert "Do not use for: Stating how dangerous a person is" in findings.out
    assert "fixated: present. Is the attention fixed on this person?" in findings.out
    assert "     2  ERROR: the line is not JSON" in findings.out
    assert findings.out.splitlines()[-1] == "2 lines read; 1 with an error"


def test_the_day_may_be_given(nowhere: Stac, tmp_path: Path) -> None:
    file = a_file(tmp_path, {"yes": 20, "no": 4})
    old = nowhere("instrument", "score", "four", file, "--on", "2014-12-31", "--json", user=None)
    assert lines_of(old)[0]["error"] == "four version 1 does not apply on 2014-12-31"
    now = nowhere("instrument", "score", "route-visible-high-risk", file, "--json", user=None)
    assert lines_of(now)[0]["result"]["reached"] == "reached"
    assert nowhere("instrument", "score", "four", file, "--on", "soon", user=None).code == 2


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("score", "fuor", "FILE"), "no instrument has this name"),
        (("score", "four", "nowhere.jsonl"), "the file was not found; check its name"),
        (("score", "four", "."), "it is a folder; name a file in it"),
    ],
)
def test_what_is_not_there_is_refused_in_one_sentence(
    given: tuple[str, ...], sentence: str, nowhere: Stac, tmp_path: Path
) -> None:
    given = tuple(a_file(tmp_path, {}) if each == "FILE" else each for each in given)
    findings = nowhere("instrument", *given, user=None)
    assert findings.code == 1
    assert sentence in findings.err
    assert sentence in nowhere("instrument", *given, "--json", user=None).json["error"]


def test_an_empty_file_is_said_to_be_empty(nowhere: Stac, tmp_path: Path) -> None:
    findings = nowhere("instrument", "score", "four", a_file(tmp_path), "--json", user=None)
    assert (findings.code, findings.out) == (0, "")
    assert findings.err == "the file has no lines to score\n"


def test_it_ends_with_1_when_a_line_could_not_be_scored(tmp_path: Path) -> None:
    home = tmp_path / "none"
    ran = Stac(home)("instrument", "score", "four", a_file(tmp_path, {}, 7), "--json", user=None)
    assert ran.code == 1
    assert len(ran.out.splitlines()) == 2
