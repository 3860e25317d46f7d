"""The command that compares the register of acts with the record, and what the doctor says of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.command import Stac, a_row, referred

pytestmark = pytest.mark.sqlite


def check(stac: Stac) -> tuple[str, str]:
    """The doctor's finding about the register and the record."""
    checks = stac("doctor", "--json", user=None).json["checks"]
    (found,) = [each for each in checks if each["check"] == "repeated acts"]
    return found["state"], found["says"]


def test_a_snapshot_that_was_put_back_is_said_by_the_doctor_and_closed_by_the_command(
    stac: Stac, tmp_path: Path
) -> None:
    (case,) = referred(stac, tmp_path, a_row())
    assert check(stac)[0] == "ok"
    shutil.copy(stac.home / "stac.db", tmp_path / "snapshot.db")
    assert stac("case", "restrict", case, "--why", "A party works here.", user="chair").code == 0
    shutil.copy(tmp_path / "snapshot.db", stac.home / "stac.db")

    assert check(stac) == ("wrong", "the record went back and lacks acts (case restricted: 1)")
    done = stac("record", "repeat-acts", user=None)
    assert done.code == 0
    assert "The record went back" in done.out
    assert "repeated: case restricted, 1" in done.out
    assert stac.json("case", "show", case, user="chair")["is_restricted"]
    assert check(stac)[0] == "ok"
    again = stac("record", "repeat-acts", user=None)
    assert again.out.startswith("The record has what the register names (")


def test_a_register_that_was_changed_is_said_and_nothing_is_done_with_it(stac: Stac, tmp_path: Path) -> None:
    (case,) = referred(stac, tmp_path, a_row())
    assert stac("case", "restrict", case, "--why", "A party works here.", user="chair").code == 0
    register = stac.home / "repeated-acts.jsonl"
    register.write_text(register.read_text().replace("case restricted", "case opened up", 1))
    state, sentence = check(stac)
    assert state == "wrong"
    assert "was changed, or is of another record; nothing was done with it" in sentence
    refused = stac("record", "repeat-acts", user=None)
    assert (refused.code, refused.err.count("\n")) == (1, 1)


def test_an_answer_about_an_entry_that_is_not_in_doubt_is_refused(stac: Stac, tmp_path: Path) -> None:
    referred(stac, tmp_path, a_row())
    refused = stac("record", "repeat-acts", "--recorded", "9-none", user=None)
    assert refused.code == 1
    assert "'stac record repeat-acts' lists those that are" in refused.err


def test_a_record_older_than_an_anchor_is_said_by_the_doctor_and_opened_by_the_command(
    stac: Stac, tmp_path: Path
) -> None:
    (case,) = referred(stac, tmp_path, a_row())
    (stac.home / "settings.toml").write_text(f'[audit]\nanchors = "{tmp_path}/anchors.jsonl"\n')
    shutil.copy(stac.home / "stac.db", tmp_path / "snapshot.db")
    stac.json("case", "show", case, user="chair")
    assert stac("audit", "anchor", str(tmp_path / "anchors.jsonl"), user="demo").code == 0
    shutil.copy(tmp_path / "snapshot.db", stac.home / "stac.db")
    refused = stac("case", "show", case, user="chair")
    assert refused.code == 1
    assert "it was put back, so only alarms are open" in refused.err
    checks = stac("doctor", "--json", user=None).json["checks"]
    assert [each["state"] for each in checks if each["check"] == "older record"] == ["wrong"]
    done = stac("record", "repeat-acts", "--accept-older", user=None)
    assert "The record is open again" in done.out
    assert stac("case", "show", case, user="chair").code == 0
    checks = stac("doctor", "--json", user=None).json["checks"]
    assert [each for each in checks if each["check"] == "older record"] == []
    assert [each["state"] for each in checks if each["check"] == "audit"] == ["ok"]
