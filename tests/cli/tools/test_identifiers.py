"""`stac person check-identifiers`: a line in, a line out, without a record and without a user."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import CommandResult, Stac, a_row
from tests.cli.command import a_file as csv_file

LINES = (
    '{"type": "pnc", "value": "81/34U"}',
    '{"type": "NHS", "value": "9434765918"}',
    '{"type": "pnc"',
    '{"type": "prison_number", "value": "a1234bc"}',
)


@pytest.fixture
def nowhere(tmp_path: Path) -> Stac:
    """A home where nothing was ever made."""
    return Stac(tmp_path / "nowhere")


def a_file(tmp_path: Path, *lines: str) -> str:
    file = tmp_path / "identifiers.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)


def answers(findings: CommandResult) -> list[dict[str, Any]]:
    return [json.loads(line) for line in findings.out.splitlines()]


def test_each_line_has_its_answer_in_the_shape_that_others_build_on(nowhere: Stac, tmp_path: Path) -> None:
    findings = nowhere("person", "check-identifiers", a_file(tmp_path, *LINES[:2]), "--json", user=None)

    assert findings.code == 0
    assert [set(each) for each in answers(findings)] == [{"line", "valid", "canonical", "rule", "reason"}] * 2
    good, bad = answers(findings)
    assert (good["line"], good["valid"], good["canonical"], good["reason"]) == (
        1,
        True,
        "1981/0000034U",
        None,
    )
    assert (bad["line"], bad["valid"], bad["canonical"]) == (2, False, None)
    assert bad["reason"] == "The check digit does not fit: it is wrong, or a digit before it is."


def test_a_line_that_cannot_be_read_is_told_and_the_rest_go_on(nowhere: Stac, tmp_path: Path) -> None:
    findings = nowhere("person", "check-identifiers", a_file(tmp_path, *LINES), "--json", user=None)

    assert findings.code == 1
    assert [each["valid"] for each in answers(findings)] == [True, False, None, True]
    assert answers(findings)[2]["error"] == "The line is not JSON."


def test_the_day_decides_the_century(nowhere: Stac, tmp_path: Path) -> None:
    file = a_file(tmp_path, '{"type": "pnc", "value": "26/9000000D"}')

    canonical = [
        answers(nowhere("person", "check-identifiers", file, "--json", "--today", day))[0]["canonical"]
        for day in ("2026-01-01", "2025-12-31")
    ]

    assert canonical == ["2026/9000000D", "1926/9000000D"]


def test_standard_input_is_read(nowhere: Stac) -> None:
    findings = nowhere("person", "check-identifiers", "-", "--json", user=None, stdin=LINES[3] + "\n")

    assert findings.code == 0
    assert answers(findings)[0]["canonical"] == "A1234BC"


def test_a_reader_gets_a_table(nowhere: Stac, tmp_path: Path) -> None:
    findings = nowhere("person", "check-identifiers", a_file(tmp_path, *LINES), user=None)

    assert findings.code == 1
    head, first, second, third, _ = findings.out.splitlines()
    assert head.split()[:3] == ["line", "valid", "canonical"]
    assert first.split()[:3] == ["1", "yes", "1981/0000034U"]
    assert "NO" in second
    assert "The check digit does not fit" in second
    assert "not read" in third


def test_a_missing_file_is_one_sentence(nowhere: Stac, tmp_path: Path) -> None:
    findings = nowhere("person", "check-identifiers", str(tmp_path / "missing.jsonl"), "--json", user=None)

    assert (findings.code, findings.json) == (1, {"error": "file: the file was not found; check its name"})


def test_a_day_that_is_none_is_wrong_use(nowhere: Stac, tmp_path: Path) -> None:
    findings = nowhere(
        "person", "check-identifiers", a_file(tmp_path, LINES[0]), "--today", "yesterday", user=None
    )

    assert findings.code == 2
    assert "2026-03-02" in findings.err


def test_an_endless_line_is_told_and_the_next_is_answered(nowhere: Stac, tmp_path: Path) -> None:
    findings = nowhere(
        "person", "check-identifiers", a_file(tmp_path, "x" * 1_000_000, LINES[0]), "--json", user=None
    )

    assert findings.code == 1
    assert [(each["line"], each["valid"]) for each in answers(findings)] == [(1, None), (2, True)]


def test_a_referral_with_a_failing_number_is_taken_in_and_its_row_is_told_once(
    stac: Stac, tmp_path: Path
) -> None:
    good, bad = a_row("A-1", perpetrator_pnc="12/1H"), a_row("A-2", perpetrator_pnc="12/1A")

    findings = stac("referral", "import", csv_file(tmp_path / "two.csv", good, bad))

    assert findings.code == 0
    assert "2 accepted" in findings.out
    assert findings.out.count("row 3: the PNC ID failed its check; it was stored as given") == 1
    assert "row 2" not in findings.out
    assert "12/1A" not in findings.out
