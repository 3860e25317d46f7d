"""`stac order clocks`: without a record, a user or a home; an answer for each line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import CommandResult, Stac

SHAPE = [
    *("id", "state", "last_day", "ends_at", "counted_to", "known_from", "repeat", "alternatives"),
    *("rests_on", "counted", "says"),
]


@pytest.fixture
def nowhere(tmp_path: Path) -> Stac:
    """The command where nothing was ever made."""
    return Stac(tmp_path / "none")


def clocks(stac: Stac, *lines: object, as_json: bool = True) -> CommandResult:
    text = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines) + "\n"
    findings = stac("order", "clocks", "-", *(["--json"] if as_json else []), user=None, stdin=text)
    assert findings.code == 0, findings
    return findings


def answers(stac: Stac, *lines: object) -> list[dict[str, Any]]:
    return [json.loads(line) for line in clocks(stac, *lines).out.splitlines()]


def test_each_line_has_one_answer_of_one_shape_in_its_order_and_leaves_nothing_behind(nowhere: Stac) -> None:
    found = answers(
        nowhere,
        {"id": 1, "rule": "spa-9-1", "served": "2026-03-09"},
        "{",
        "",
        {"id": "b", "rule": "daa-29", "given": "2026-12-24T18:00"},
        {"id": 3, "rule": "marac-repeat", "last_referral": "2025-06-10", "incident": "2026-06-10"},
        {"id": 4, "rule": "moj-proven", "index": "2025-01-01"},
    )
    assert all(list(each) == SHAPE for each in found)
    assert [each["id"] for each in found] == [1, None, "b", 3, 4]
    assert [each["state"] for each in found] == ["due", "invalid", "due", "uncertain", "due"]
    assert found[0]["last_day"] == "2026-03-11"
    assert found[2]["ends_at"] == "2026-12-29T18:00"
    assert found[2]["alternatives"] == ["2026-12-29T18:00", "2026-12-30T18:00"]
    assert found[3]["repeat"] == "uncertain"
    assert (found[4]["counted_to"], found[4]["known_from"]) == ("2026-06-30", "2026-07-01")
    assert not nowhere.home.exists()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "The line is not JSON"),
        ("[]", "The line is not an object"),
        ('"spa-9-1"', "The line is not an object"),
        ('{"rule": "spa-9-1", "rule": "daa-29"}', "The line names one fact twice"),
        ('{"rule": "spa-9-1", "id": NaN}', "a number that is not valid"),
        ('{"rule": "spa-9-1", "id": "\\ud800"}', "The line is not UTF-8 text"),
        ("[" * 10_000, "nested too deeply"),
        ('{"rule": "spa-9-1", "id": "' + "a" * 70_000 + '"}', "longer than 64 KiB"),
    ],
)
def test_a_line_that_cannot_be_read_is_answered_and_the_next_one_too(
    nowhere: Stac, line: str, sentence: str
) -> None:
    first, second = answers(nowhere, line, {"id": 2, "rule": "spa-9-1", "served": "2026-03-09"})
    assert (first["id"], first["state"]) == (None, "invalid")
    assert sentence in first["says"]
    assert (second["id"], second["last_day"]) == (2, "2026-03-11")


def test_what_a_line_contains_is_not_repeated(nowhere: Stac) -> None:
    found = clocks(nowhere, {"rule": "spa-9-1", "Jane Hidden": "7 Quiet Mews", "served": "Hidden"}, "Hidden")
    assert "Hidden" not in found.out
    assert "Mews" not in found.out


def test_for_a_person_it_is_text_with_the_section_and_the_days(nowhere: Stac) -> None:
    out = clocks(nowhere, {"id": 1, "rule": "spa-9-1", "served": "2026-03-09"}, "{", as_json=False).out
    assert "1  DUE  SPA 2019 s.9(1)" in out
    assert "Notify the police by the end of Wednesday 11 March 2026: 3 days beginning with" in out
    assert "Tuesday 10 March 2026: day 2" in out
    assert "INVALID\n  The line is not JSON" in out
    assert out.splitlines()[-1] == "Counted by software, and not verified by a lawyer."


def test_a_file_is_read_with_the_mark_that_spreadsheets_put_before_it(nowhere: Stac, tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"rule": "spa-9-1", "served": "2026-03-09"}\r\n')
    found = nowhere("order", "clocks", str(file), "--json", user=None)
    assert json.loads(found.out)["last_day"] == "2026-03-11"


def test_a_file_that_is_not_there_is_refused_and_an_empty_one_named(nowhere: Stac, tmp_path: Path) -> None:
    missing = nowhere("order", "clocks", str(tmp_path / "none.jsonl"), user=None)
    assert (missing.code, "the file was not found" in missing.err) == (1, True)
    empty = nowhere("order", "clocks", "-", "--json", user=None, stdin="\n")
    assert (empty.code, empty.out, empty.err) == (0, "", "the file has no fact sets\n")


def test_types_say_what_a_breach_is(nowhere: Stac) -> None:
    listed = {each["code"]: each for each in nowhere("order", "types", "--json", user=None).json["types"]}
    assert (listed["dapn"]["breach"], listed["dvpn"]["breach"]) == ("arrest only", "arrest only")
    shown = nowhere("order", "types", user=None)
    assert shown.code == 0
    assert "not verified" in shown.out
    assert "recall to prison" in shown.out
    assert "2024-11-27" in shown.out


def test_one_type_has_its_law_with_sections_and_the_date_of_reading(nowhere: Stac) -> None:
    shown = nowhere("order", "types", "court-bail", user=None)
    text = " ".join(shown.out.split())
    assert "offence beside a breach: Not surrendering to custody is an offence" in text
    assert "Bail Act 1976 s.6; statute read on 1 December 2026" in text
    assert "appeal: Not verified: the text was not read. Ask." in text
    (found,) = nowhere("order", "types", "court-bail", "--json", user=None).json["types"]
    assert {each["topic"] for each in found["law"]} == {"arrest", "offence beside a breach"}
    refused = nowhere("order", "types", "parking-ticket", user=None)
    assert (refused.code, "this type of order is not known" in refused.err) == (1, True)
