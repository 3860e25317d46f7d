"""Setting up: a home, users, the audit chain."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.cli.command import Stac, a_row, alter_entry, child, referred
from tests.databases import drop_triggers, record_of


def test_init_makes_a_private_home_and_a_first_user_who_is_co_ordinator(tmp_path: Path) -> None:
    stac = Stac(tmp_path / "fresh")
    findings = stac("init", user=None)
    assert findings.code == 0
    assert "first user: demo, coordinator" in findings.out
    assert stat.S_IMODE(stac.home.stat().st_mode) == 0o700
    assert stac.json("user", "list")["users"] == [
        {"name": "demo", "display_name": "Demo", "role": "co-ordinator", "agency": None, "active": True}
    ]


def test_init_names_the_first_user_after_stac_user(tmp_path: Path) -> None:
    stac = Stac(tmp_path / "fresh")
    assert stac("init", "--json", user="cora").json == {
        "home": str(stac.home),
        "made": True,
        "first_user": "cora",
    }


def test_init_again_changes_nothing(stac: Stac) -> None:
    before = stac.json("user", "list")
    assert stac("init", "--json", user="somebody-else").json["first_user"] is None
    assert stac.json("user", "list") == before


def test_init_refuses_a_name_that_is_none_before_it_makes_anything(tmp_path: Path) -> None:
    findings = Stac(tmp_path / "fresh")("init", user="Jane Smith")
    assert findings.code == 1
    assert findings.err.startswith("STAC_USER: a user's name is of lower-case letters")
    assert not (tmp_path / "fresh").exists()


def test_init_says_when_it_made_its_folder_in_the_current_one(tmp_path: Path) -> None:
    ran = child("init", home=Path(), cwd=tmp_path, STAC_HOME="")
    assert ran.returncode == 0, ran.stderr
    assert "made .stac in the current folder" in ran.stdout
    assert stat.S_IMODE((tmp_path / ".stac").stat().st_mode) == 0o700


def test_a_home_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("")
    findings = Stac(tmp_path / "a-file" / "home")("init", user=None)
    assert findings.code == 1
    assert findings.err.count("\n") == 1
    assert "set STAC_HOME" in findings.err


@pytest.mark.parametrize(
    "command",
    [
        ("case", "list"),
        ("worklist",),
        ("case", "show", "R-7K3M9QV"),
        ("user", "list"),
    ],
)
def test_a_command_on_the_record_asks_who_acts(command: tuple[str, ...], stac: Stac) -> None:
    findings = stac(*command, user=None)
    assert findings.code == 2
    assert "give the user: --as USER, or set STAC_USER" in findings.err


def test_an_unknown_user_is_refused_in_one_sentence(stac: Stac) -> None:
    findings = stac("case", "list", "--as", "nobody")
    assert (findings.code, findings.out) == (1, "")
    assert "you cannot view user nobody, or it does not exist" in findings.err
    assert stac("case", "list", "--as", "nobody", "--json").json == {"error": findings.err.strip()}


def test_as_comes_before_the_environment(stac: Stac) -> None:
    assert stac("case", "list", "--as", "nobody", user="demo").code == 1
    assert stac("case", "list", "--as", "demo", user="nobody").code == 0


def test_without_a_record_a_command_says_to_run_init(tmp_path: Path) -> None:
    findings = Stac(tmp_path / "none")("case", "list")
    assert findings.code == 1
    assert "run 'stac init' first" in findings.err
    assert not (tmp_path / "none").exists()


def test_the_purpose_stands_in_the_audit(stac: Stac) -> None:
    assert stac("case", "list", "--purpose", "yearly review").code == 0
    with record_of(stac.home) as there:
        bodies = there.scalars(text("SELECT body FROM audit_entry ORDER BY sequence")).all()
    assert '"purpose":"yearly review"' in bodies[-1]
    assert '"purpose":"case work"' in bodies[-2]


@pytest.mark.parametrize("purpose", ["", "  ", "a\nb", "x" * 121])
def test_a_purpose_that_is_no_line_is_wrong_use(purpose: str, stac: Stac) -> None:
    assert stac("case", "list", "--purpose", purpose).code == 2


def test_a_practitioner_needs_an_agency_that_is_installed(stac: Stac) -> None:
    unknown = stac("user", "create", "pat", "--role", "practitioner", "--agency", "fire-brigade")
    assert unknown.code == 1
    assert "agency: not installed; there are: advocacy" in unknown.err
    without = stac("user", "create", "pat", "--role", "practitioner")
    assert without.code == 1
    assert "give an agency for a practitioner" in without.err


def test_a_user_is_not_added_twice_nor_by_anybody(stac: Stac) -> None:
    assert "a user has this name already" in stac("user", "create", "chair", "--role", "chair").err
    findings = stac("user", "create", "new-one", "--role", "chair", user="health-1")
    assert findings.code == 1
    assert findings.err.startswith("you may not add a user")


def test_a_role_that_there_is_not_is_wrong_use(stac: Stac) -> None:
    findings = stac("user", "create", "new-one", "--role", "boss")
    assert findings.code == 2
    assert "choose one of 'co-ordinator', 'chair'" in " ".join(findings.err.split())


def test_a_bad_user_name_is_refused_without_being_repeated(stac: Stac) -> None:
    findings = stac("user", "create", "Jane Smith", "--role", "chair")
    assert findings.code == 1
    assert "name" in findings.err
    assert "Jane" not in findings.err


def test_the_chain_holds_after_a_day_of_work(stac: Stac, tmp_path: Path) -> None:
    referred(stac, tmp_path, a_row())
    verdict = stac.json("audit", "verify")
    assert verdict["ok"] is True
    assert verdict["entries"] > 10
    assert f"Audit log verified: {verdict['entries']} entries" in stac("audit", "verify").out


def test_what_was_changed_past_the_software_is_named_by_table_and_row(stac: Stac) -> None:
    assert "rows match the audit log" in stac("audit", "verify", "--content").out
    with record_of(stac.home) as there:
        drop_triggers(there, "decision")
        there.execute(text("UPDATE app_user SET role = 'administrator' WHERE name = 'max'"))
    assert stac("audit", "verify").code == 0
    findings = stac("audit", "verify", "--content")
    assert findings.code == 1
    assert "DIFFERS FROM THE AUDIT LOG: app_user, row" in findings.out
    assert "MISSING TRIGGER: decision_" in findings.out
    answer = stac("audit", "verify", "--content", "--json").json
    assert (answer["ok"], answer["first_bad"], answer["content"]["different"]) == (False, None, 1)
    checks = {check["check"]: check for check in stac("doctor", "--json", user=None).json["checks"]}
    assert (checks["triggers"]["state"], checks["content"]["state"]) == ("wrong", "wrong")


def test_an_export_has_no_rows_to_compare(stac: Stac, tmp_path: Path) -> None:
    findings = stac("audit", "verify", str(tmp_path / "audit.jsonl"), "--content")
    assert findings.code == 1
    assert "leave out FILE" in findings.err


def test_an_altered_entry_is_found_and_named(stac: Stac) -> None:
    alter_entry(stac, 3)
    findings = stac("audit", "verify")
    assert findings.code == 1
    assert "FAILED VERIFICATION at entry 3: its content was altered" in findings.out
    assert stac("audit", "verify", "--json").json["first_bad"]["entry"] == 3


def test_the_chain_is_taken_out_anchored_and_verified_from_the_file(stac: Stac, tmp_path: Path) -> None:
    file, anchors = tmp_path / "audit.jsonl", tmp_path / "anchors.jsonl"
    exported = stac.json("audit", "export", str(file))
    assert stac.json("audit", "verify", str(file)) == {
        "entries": exported["entries"],
        "ok": True,
        "first_bad": None,
    }
    stac.json("audit", "anchor", str(anchors))
    assert stac("audit", "verify", "--anchors", str(anchors)).code == 0
    findings = stac("audit", "verify", str(file), "--anchors", str(anchors), "--json")
    assert (findings.code, findings.json["ok"]) == (1, False)  # the anchor came after the export
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines[:2], *lines[3:]]), encoding="utf-8")
    findings = stac("audit", "verify", str(file), "--json")
    assert (findings.code, findings.json["first_bad"]["entry"]) == (1, 2)


def test_a_file_that_is_not_there_is_told(stac: Stac, tmp_path: Path) -> None:
    findings = stac("audit", "verify", str(tmp_path / "none"))
    assert (findings.code, findings.err) == (1, "file: it cannot be read (no such file or folder)\n")
