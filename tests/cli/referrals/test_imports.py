"""Referral files on the command line: what is taken in, what is rejected, and what is said of both."""

from __future__ import annotations

import json
import stat
from datetime import date
from pathlib import Path

import pytest

from tests.cli.command import Stac, a_file, a_row, referred
from tests.engine.exchange.written import write_xls

SHAPE = {"accepted", "corrected", "unchanged", "rejected", "referrals"}


def test_a_good_file_is_answered_in_the_shape_that_others_build_on(stac: Stac, tmp_path: Path) -> None:
    answer = stac.json("referral", "import", a_file(tmp_path / "two.csv", a_row("A-1"), a_row("A-2")))
    assert set(answer) == SHAPE
    assert (answer["accepted"], answer["corrected"], answer["unchanged"], answer["rejected"]) == (2, 0, 0, [])
    assert len(set(answer["referrals"])) == 2


def test_a_bad_row_is_told_by_row_and_column_and_the_good_ones_are_kept(stac: Stac, tmp_path: Path) -> None:
    bad = a_row("A-2", perpetrator_date_of_birth="31/02/1980")
    file = a_file(tmp_path / "mixed.csv", a_row("A-1"), bad, a_row("A-3"))
    findings = stac("referral", "import", file, "--json")
    assert findings.code == 1
    assert findings.json["accepted"] == 2
    (rejected,) = findings.json["rejected"]
    assert set(rejected) == {"row", "column", "reason"}
    assert (rejected["row"], rejected["column"]) == (3, "perpetrator_date_of_birth")
    assert "this date does not exist" in rejected["reason"]
    assert len(stac.json("case", "list")["referrals"]) == 2


def test_a_bad_row_is_told_to_a_reader_without_what_stood_in_it(stac: Stac, tmp_path: Path) -> None:
    findings = stac(
        "referral", "import", a_file(tmp_path / "bad.csv", a_row(victim_date_of_birth="Hidden House"))
    )
    assert findings.code == 1
    assert "row 2, victim_date_of_birth: " in findings.out
    assert "Hidden House" not in findings.out + findings.err


def test_the_same_file_again_changes_nothing(stac: Stac, tmp_path: Path) -> None:
    file = a_file(tmp_path / "one.csv", a_row())
    first = stac.json("referral", "import", file)
    again = stac.json("referral", "import", file)
    assert (again["accepted"], again["corrected"], again["unchanged"]) == (0, 0, 1)
    assert again["referrals"] == first["referrals"]


def test_changed_content_under_the_same_reference_is_a_correction(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    answer = stac.json(
        "referral", "import", a_file(tmp_path / "new.csv", a_row(reason="Invented: now at her work, too."))
    )
    assert (answer["accepted"], answer["corrected"], answer["referrals"]) == (0, 1, [reference])
    assert stac.json("case", "show", reference)["reason"] == "Invented: now at her work, too."


def test_a_missing_file_is_one_sentence_and_the_others_are_still_taken_in(stac: Stac, tmp_path: Path) -> None:
    one, two = a_file(tmp_path / "1.csv", a_row("A-1")), a_file(tmp_path / "2.csv", a_row("A-2"))
    missing = str(tmp_path / "missing.csv")
    findings = stac("referral", "import", one, missing, two)
    assert findings.code == 1
    assert findings.err == f"{missing}: file: the file was not found; check its name\n"
    assert findings.out.count("1 accepted") == 2
    assert len(stac.json("case", "list")["referrals"]) == 2


def test_several_files_are_each_answered_and_added_up(stac: Stac, tmp_path: Path) -> None:
    one, missing = a_file(tmp_path / "1.csv", a_row("A-1")), str(tmp_path / "missing.csv")
    bad = a_file(tmp_path / "2.csv", a_row("A-2"), a_row("A-3", reason=""))
    findings = stac("referral", "import", one, missing, bad, "--json")
    assert findings.code == 1
    assert findings.json["accepted"] == 2
    assert [row["file"] for row in findings.json["rejected"]] == [bad]
    assert [set(file) - {"file"} for file in findings.json["files"]] == [SHAPE, {"error"}, SHAPE]


def test_one_missing_file_is_an_error_in_json(stac: Stac, tmp_path: Path) -> None:
    findings = stac("referral", "import", str(tmp_path / "missing.csv"), "--json")
    assert (findings.code, findings.json) == (1, {"error": "file: the file was not found; check its name"})


def test_an_alarm_is_the_first_line_and_heads_the_list(stac: Stac, tmp_path: Path) -> None:
    file = a_file(tmp_path / "alarm.csv", a_row("A-1"), a_row("A-2", alarm_weapon="yes"), a_row("A-3"))
    first, *_ = stac("referral", "import", file).out.splitlines()
    reference = stac.json("case", "list")["referrals"][0]["reference"]
    assert first == f"ALARM: {reference} must be acknowledged now: stac alarm acknowledge {reference}"


def test_an_alarm_in_a_rejected_row_is_told_before_anything_else(stac: Stac, tmp_path: Path) -> None:
    file = a_file(tmp_path / "alarm.csv", a_row("A-1"), a_row("A-2", reason="", alarm_weapon="yes"))
    findings = stac("referral", "import", file)
    assert findings.out.startswith("ALARM in a rejected row: row 3: weapon; act on it now\n")
    rejected = stac("referral", "import", file, "--json").json["rejected"]
    assert rejected[0]["alarms"] == ["weapon"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "it is empty"),
        (b"\xff\xfes\x00o\x00", "UTF-16"),
        (b"PK\x03\x04 no workbook", "file"),
        (b"source,source\nx,y\n", "source"),
        (b"%PDF-1.4", "not CSV, XLSX or JSON"),
    ],
)
def test_a_file_that_is_none_is_one_sentence(
    content: bytes, sentence: str, stac: Stac, tmp_path: Path
) -> None:
    file = tmp_path / "given"
    file.write_bytes(content)
    findings = stac("referral", "import", str(file))
    assert (findings.code, findings.out) == (1, "")
    assert sentence in findings.err
    assert findings.err.count("\n") == 1
    assert stac.json("case", "list")["referrals"] == []


def test_an_old_workbook_is_taken_in_once_somebody_has_looked_at_it(stac: Stac, tmp_path: Path) -> None:
    rows = [{key: str(value) for key, value in a_row("A-1").items()} | {"referred_on": date(2026, 1, 5)}]
    file = str(write_xls(tmp_path, rows))
    findings = stac("referral", "import", file)
    assert (findings.code, findings.out) == (1, "")
    assert "its dates are in referred_on (1)" in findings.err
    assert "--confirm-workbook" in findings.err
    assert stac.json("case", "list")["referrals"] == []
    assert stac.json("referral", "import", file, "--confirm-workbook")["accepted"] == 1


def test_a_folder_is_no_file(stac: Stac, tmp_path: Path) -> None:
    assert "it is a folder; name a file in it" in stac("referral", "import", str(tmp_path)).err


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_a_template_is_taken_in_as_it_was_written(kind: str, stac: Stac, tmp_path: Path) -> None:
    file = tmp_path / f"template.{kind}"
    findings = stac("referral", "template", kind, "--out", str(file), user=None)
    assert findings.code == 0
    assert stac.json("referral", "import", str(file))["accepted"] == 1


def test_a_template_goes_to_standard_output_without_a_record_or_a_user(tmp_path: Path) -> None:
    findings = Stac(tmp_path / "none")("referral", "template", "csv", user=None)
    assert findings.code == 0
    assert findings.out.lstrip("\ufeff").startswith("source,source_reference,")
    assert not (tmp_path / "none").exists()


def test_a_template_never_writes_over_a_file(stac: Stac, tmp_path: Path) -> None:
    file = tmp_path / "filled-in.csv"
    file.write_text("an hour's work")
    findings = stac("referral", "template", "csv", "--out", str(file))
    assert findings.code == 1
    assert "already exists" in findings.err
    assert file.read_text() == "an hour's work"


def test_a_template_is_private_to_who_wrote_it(stac: Stac, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    assert stac("referral", "template", "csv", "--out", str(file), "--json").json == {"written": str(file)}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "wrong",
    [
        ("import",),
        ("template",),
        ("template", "pdf"),
        ("template", "csv", "a.csv"),
        ("import", "a.csv", "--out", "b"),
    ],
    ids=["no file", "no kind", "unknown kind", "kind and file", "out of an import"],
)
def test_wrong_use_is_exit_code_2(wrong: tuple[str, ...], stac: Stac) -> None:
    assert stac("referral", *wrong).code == 2


def test_a_mapping_file_reads_other_peoples_columns(stac: Stac, tmp_path: Path) -> None:
    row = {("Ref" if name == "source_reference" else name): cell for name, cell in a_row().items()}
    mapping = tmp_path / "theirs.toml"
    mapping.write_text('[columns]\nsource_reference = "Ref"\n')
    answer = stac.json("referral", "import", a_file(tmp_path / "theirs.csv", row), "--mapping", str(mapping))
    assert answer["accepted"] == 1


def test_a_source_on_the_command_line_stands_for_the_column(stac: Stac, tmp_path: Path) -> None:
    row = {name: cell for name, cell in a_row().items() if name != "source"}
    file = a_file(tmp_path / "no-source.csv", row)
    assert stac("referral", "import", file).code == 1
    assert stac.json("referral", "import", file, "--source", "night-desk")["accepted"] == 1
    assert stac("referral", "import", file, "--source", "Night Desk").code == 1


@pytest.mark.parametrize("user", ["chair", "health-1", "ana", "max"])
def test_only_the_co_ordinator_takes_referrals_in(user: str, stac: Stac, tmp_path: Path) -> None:
    findings = stac("referral", "import", a_file(tmp_path / "one.csv", a_row()), user=user)
    assert findings.code == 1
    assert "you may not import referrals; coordinator may" in findings.err


def test_a_rejected_row_is_kept_for_the_co_ordinator_until_it_is_seen_to(stac: Stac, tmp_path: Path) -> None:
    stac("referral", "import", a_file(tmp_path / "bad.csv", a_row(reason="", alarm_weapon="yes")))
    (row,) = stac.json("referral", "rejected", "list")["rejected"]
    assert (row["row"], row["column"], row["alarms"]) == (2, "reason", ["weapon"])
    assert "original" not in row
    (whole,) = stac.json("referral", "rejected", "list", "--original")["rejected"]
    assert json.loads(whole["original"])["perpetrator_surname"] == "Toyson"
    seen_to = stac.json("referral", "rejected", "resolve", f"{row['import']}:{row['row']}")["rejected"]
    assert [line["dealt_with_by"] for line in seen_to] == ["demo"]


def test_a_rejected_row_is_shown_to_nobody_else(stac: Stac, tmp_path: Path) -> None:
    stac("referral", "import", a_file(tmp_path / "bad.csv", a_row(reason="")))
    for user in ("chair", "health-1", "ana", "max"):
        findings = stac("referral", "rejected", "list", "--original", user=user)
        assert (findings.code, findings.out) == (1, "")
        assert "you may not see rejected rows" in findings.err


def test_a_rejected_row_that_there_is_not_cannot_be_seen_to(stac: Stac) -> None:
    assert stac("referral", "rejected", "resolve", "3:14").code == 1
    assert stac("referral", "rejected", "resolve", "fourteen").code == 2
