"""The checks of an installation, and what to mend."""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.system.doctor import examined
from engine.clock import SetClock
from engine.domain.accounts.acting import Acting, Role
from engine.domain.drafts import DraftForm
from engine.domain.errors import NeverReleasedError
from engine.runtime import open_runtime
from engine.services.cases.lists import list_page
from tests.builders import a_desk, a_referral, type_draft
from tests.cli.command import CommandResult, Stac, a_row, alter_entry, referred, screened

pytestmark = pytest.mark.sqlite


def doctor(stac: Stac) -> tuple[CommandResult, dict[str, dict[str, Any]]]:
    """What it says, and each check by its name."""
    findings = stac("doctor", "--json", user=None)
    return findings, {check["check"]: check for check in findings.json["checks"]}


def test_before_init_it_says_to_run_init_and_nothing_is_wrong(tmp_path: Path) -> None:
    stac = Stac(tmp_path / "none")
    findings, checks = doctor(stac)
    assert (findings.code, findings.json["ok"]) == (0, True)
    assert checks["record"]["mend"] == "run 'stac init'"
    assert not stac.home.exists()


def test_after_init_all_that_matters_is_well(stac: Stac) -> None:
    findings, checks = doctor(stac)
    assert findings.code == 0
    for name in ("python", "packages", "home", "key", "record", "audit"):
        assert checks[name]["state"] == "ok", checks[name]


def test_a_draft_changes_no_word_of_it(tmp_path: Path) -> None:
    environ = {"STAC_HOME": str(tmp_path / "home")}
    with a_desk(tmp_path / "home") as desk:
        case = desk.refer(a_referral()).referrals[0]
        before = [check for check in examined(environ) if check.name != "disk"]
        type_draft(desk, desk.coordinator, case, DraftForm.INCIDENT, "He waited at the corner marker.")
        assert [check for check in examined(environ) if check.name != "disk"] == before


def test_a_log_that_is_anchored_nowhere_is_wrong_once_a_real_user_exists(
    stac: Stac, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert doctor(stac)[1]["anchors"]["state"] == "note", "of invented people"
    assert stac("user", "create", "amina", "--role", "administrator", "--with-password").code == 0
    findings, checks = doctor(stac)
    assert (findings.code, checks["anchors"]["state"]) == (1, "wrong")
    for place, state in (("anchors.jsonl", "wrong"), (str(tmp_path / "elsewhere.jsonl"), "ok")):
        monkeypatch.setenv("STAC_ANCHORS", place)
        assert doctor(stac)[1]["anchors"]["state"] == state, place
    monkeypatch.delenv("STAC_ANCHORS")
    (stac.home / "settings.toml").write_text('[audit]\nanchor_command = ["cat"]\n')
    assert doctor(stac)[1]["anchors"]["state"] == "ok"


def test_it_says_loudly_that_a_name_is_enough(stac: Stac) -> None:
    (check,) = [each for each in doctor(stac)[0].json["checks"] if each["check"] == "sign-in"]
    assert check["state"] == "note"
    assert "NO USER HAS A PASSWORD OR SINGLE SIGN-ON" in check["says"]
    assert "DEVELOPMENT" not in check["says"]


def test_it_says_loudly_that_the_development_sign_in_is_on(stac: Stac) -> None:
    (stac.home / "settings.toml").write_text("development_sign_in = true\n")
    findings, checks = doctor(stac)
    assert findings.code == 0
    assert "DEVELOPMENT SIGN-IN is on" in checks["sign-in"]["says"]


def test_a_record_of_real_people_is_well_without_the_development_sign_in_and_wrong_with_it(
    stac: Stac,
) -> None:
    assert stac("user", "create", "amina", "--role", "administrator", "--with-password").code == 0
    assert doctor(stac)[1]["sign-in"]["state"] == "ok"
    (stac.home / "settings.toml").write_text("development_sign_in = true\n")
    findings, checks = doctor(stac)
    assert findings.code == 1
    assert checks["sign-in"]["mend"] == "remove it from settings.toml and the environment"


@pytest.mark.parametrize(
    ("address", "state"),
    [("https://stac.example", "ok"), ("http://stac.example", "wrong"), ("http://127.0.0.1:8501", "ok")],
)
def test_an_address_without_tls_is_wrong(stac: Stac, address: str, state: str) -> None:
    (stac.home / "settings.toml").write_text(f'[sign_in]\naddress = "{address}"\n')
    assert doctor(stac)[1]["address"]["state"] == state


@pytest.mark.parametrize(
    "loose",
    [
        "STREAMLIT_CLIENT_SHOW_ERROR_DETAILS=full",
        "STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION=false",
        "STREAMLIT_SERVER_ENABLE_CORS=false",
        "STREAMLIT_BROWSER_GATHER_USAGE_STATS=true",
        'STREAMLIT_SERVER_TRUSTED_USER_HEADERS={"x-user": "name"}',
    ],
)
def test_a_dashboard_that_gives_more_away_is_wrong(stac: Stac, loose: str) -> None:
    assert doctor(stac)[1]["web"]["state"] == "ok"
    name, value = loose.split("=", 1)
    findings, checks = doctor(Stac(stac.home, {name: value}))
    assert findings.code == 1
    assert "less strict than we ship it" in checks["web"]["says"]


def test_a_home_that_others_may_read_is_wrong(stac: Stac) -> None:
    stac.home.chmod(0o755)
    findings, checks = doctor(stac)
    assert findings.code == 1
    assert checks["home"]["state"] == "wrong"
    assert checks["home"]["mend"] == "chmod 700 on the home folder"


def test_a_key_that_others_may_read_is_wrong(stac: Stac) -> None:
    (stac.home / "keys" / "digest.key").chmod(0o640)
    findings, checks = doctor(stac)
    assert findings.code == 1
    assert checks["key"]["says"] == "other accounts can read it (mode 0640)"


def test_a_key_that_is_missing_or_cut_is_wrong(stac: Stac) -> None:
    key = stac.home / "keys" / "digest.key"
    key.write_bytes(b"short")
    assert "is not a multiple of 32 bytes" in doctor(stac)[1]["key"]["says"]
    key.unlink()
    findings, checks = doctor(stac)
    assert findings.code == 1
    assert checks["key"]["mend"] == "restore it from your copy of the keys"


@pytest.mark.parametrize(
    ("name", "sentence"), [("digest", "keys/digest.key"), ("vault", "key file of the vault")]
)
def test_a_key_of_another_record_is_wrong_and_no_command_goes_on(
    stac: Stac, name: str, sentence: str
) -> None:
    assert doctor(stac)[1]["keys"]["state"] == "ok"
    file = stac.home / "keys" / f"{name}.key"
    file.write_bytes(b"k" * 32 if name == "digest" else b"a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=\n")
    findings, checks = doctor(stac)
    assert findings.code == 1
    assert sentence in checks["keys"]["says"]
    assert not any("agency.toml" in str(check["mend"]) for check in checks.values())
    refused = stac("case", "list")
    assert refused.code == 1
    assert "a different key from the one this record was made with" in refused.err


def test_a_retired_key_that_is_missing_is_wrong_and_a_change_that_was_interrupted_is_said(stac: Stac) -> None:
    key = stac.home / "keys" / "digest.key"
    changed = stac("record", "rotate-key", "--key", "digest", user=None)
    assert changed.code == 0, changed
    assert "Key 2 is in use." in changed.out
    assert "Restart 'stac serve' if it is running." in changed.out
    whole = key.read_bytes()
    assert doctor(stac)[1]["keys"]["state"] == "ok"
    key.write_bytes(whole[:32])
    findings, checks = doctor(stac)
    assert findings.code == 1
    assert "keys/digest.key lacks a retired key" in checks["keys"]["says"]
    key.write_bytes(whole)
    key.with_name("digest.key.new").write_bytes(b"n" * 32 + whole)
    assert doctor(stac)[1]["keys"]["mend"] == "run 'stac record rotate-key --key digest'; it goes on"
    done = stac("record", "rotate-key", "--key", "digest", "--json", user=None).json
    assert (done["number"], done["went_on"]) == (3, True)
    assert doctor(stac)[1]["keys"]["says"] == "they belong to this record"


def test_settings_that_cannot_be_read_are_wrong(stac: Stac) -> None:
    (stac.home / "settings.toml").write_text("alarm_within_minutes = 0\n")
    findings, checks = doctor(stac)
    assert findings.code == 1
    assert "alarm_within_minutes" in checks["settings"]["says"]


def test_flows_that_wait_while_no_runner_lives_are_wrong(stac: Stac, tmp_path: Path) -> None:
    assert doctor(stac)[1]["runner"]["state"] == "note"
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference)
    findings, checks = doctor(stac)
    assert findings.code == 1
    assert checks["runner"]["says"] == "not alive; flows that wait for it: 1"
    assert checks["runner"]["mend"] == "start 'stac serve'"


def test_an_altered_chain_is_wrong(stac: Stac) -> None:
    alter_entry(stac, 2)
    findings, checks = doctor(stac)
    assert findings.code == 1
    assert checks["audit"]["says"] == "audit log failed verification at entry 2: its content was altered"


def test_an_agency_without_an_extract_is_no_fault(stac: Stac) -> None:
    findings, checks = doctor(stac)
    assert findings.code == 0
    assert checks["agency health"] == {
        "check": "agency health",
        "state": "note",
        "says": "no extract of its records yet",
        "mend": "put its extract in place",
    }


def test_an_agency_of_another_home_is_no_fault_and_one_that_is_not_installed_is(stac: Stac) -> None:
    (stac.home / "settings.toml").write_text('agencies_here = ["police", "lighthouse"]\n')
    findings, checks = doctor(stac)
    assert findings.code == 1
    assert checks["agency health"]["says"] == "its records are in another home"
    assert checks["agency lighthouse"]["says"] == "agencies_here names it, and it is not installed"
    assert not (stac.home / "agencies" / "health").exists()


def test_an_extract_that_cannot_be_read_is_wrong(stac: Stac) -> None:
    folder = stac.home / "agencies" / "health"
    folder.mkdir(parents=True)
    (folder / "agency-settings.toml").write_text("this is not TOML")
    findings, checks = doctor(stac)
    assert findings.code == 1
    assert checks["agency health"]["state"] == "wrong"
    assert "agency-settings.toml has a line that breaks its format" in checks["agency health"]["says"]


def test_a_manifest_that_cannot_be_used_is_wrong_and_the_others_are_examined(stac: Stac) -> None:
    for name in ("housing", "Not A Code"):
        (stac.home / "agencies.d" / name).mkdir(parents=True)
        (stac.home / "agencies.d" / name / "agency.toml").write_text("code = ")
    findings, checks = doctor(stac)
    assert findings.code == 1
    assert checks["agency housing"]["state"] == "wrong"
    assert "agency.toml is not TOML" in checks["agency housing"]["says"]
    assert checks["agency"]["says"] == "'Not A Code' is announced as an agency but is not an agency's code"
    assert checks["agency health"]["state"] == "note"


def test_an_agency_that_somebody_suspended_is_no_fault(stac: Stac) -> None:
    assert stac("agency", "suspend", "health", "--why", "Its register moves.").code == 0
    assert doctor(stac)[1]["agency health"]["says"] == "suspended by the operator"


def test_a_suspended_agency_is_no_fault(stac: Stac) -> None:
    (stac.home / "settings.toml").write_text('suspended_agencies = ["health"]\n')
    assert doctor(stac)[1]["agency health"]["says"] == "suspended by the operator"


@pytest.mark.parametrize("state", ["ok", "note", "WRONG"])
def test_a_line_begins_with_how_it_stands(state: str, stac: Stac) -> None:
    stac.home.chmod(0o755)
    assert any(line.startswith(state) for line in stac("doctor", user=None).out.splitlines())


@pytest.mark.parametrize(
    ("revision", "mend"),
    [
        ("0100", "make a backup, then run 'stac init', which brings the record up to date"),
        ("9999", "a newer version of stac-engine made this record: install that version"),
    ],
)
def test_a_record_of_another_schema_says_which_way_to_mend(stac: Stac, revision: str, mend: str) -> None:
    with closing(sqlite3.connect(stac.home / "stac.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [revision])
        connection.commit()
    findings, checks = doctor(stac)
    assert findings.code == 1
    assert checks["record"]["mend"] == mend
    assert revision in checks["record"]["says"]


@pytest.mark.parametrize(
    ("mark", "sentence", "mend"),
    [
        ("restoring", "a restore is in progress", "'stac record restore' again"),
        ("moving", "a move to this database", "'stac record move' again"),
        ("moving 0f1e", "a move to this database", "'stac record move' again"),
        ("moved 0f1e", "the record was moved to another database", "set STAC_DATABASE_URL to that one"),
    ],
)
def test_a_record_that_is_restored_or_moved_is_not_called_newer(
    stac: Stac, mark: str, sentence: str, mend: str
) -> None:
    with closing(sqlite3.connect(stac.home / "stac.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [mark])
        connection.commit()
    findings, checks = doctor(stac)
    assert findings.code == 1
    assert sentence in checks["record"]["says"]
    assert mend in checks["record"]["mend"]


def test_a_database_that_cannot_be_read_is_told_in_a_sentence_without_its_address(stac: Stac) -> None:
    (stac.home / "stac.db").write_bytes(b"this is no database" * 100)
    findings, checks = doctor(stac)
    assert findings.code == 1
    assert checks["record"]["state"] == "wrong"
    assert "damaged or is not a database" in checks["record"]["says"]


def test_erased_content_that_is_left_is_wrong_until_the_command_removes_it(stac: Stac) -> None:
    (stac.home / "stac.db.overwritten").touch()  # as a removal that was refused leaves it
    findings, checks = doctor(stac)
    assert findings.code == 1
    assert checks["database"]["mend"] == "run 'stac record remove-overwritten'"
    assert stac("record", "remove-overwritten", user=None).code == 0
    _, checks = doctor(stac)
    assert checks["database"]["state"] == "ok"


def test_a_file_of_no_bytes_is_wrong_and_no_command_makes_a_new_record_of_it(stac: Stac) -> None:
    for left in stac.home.glob("stac.db*"):
        left.unlink()
    (stac.home / "stac.db").touch()
    findings, checks = doctor(stac)
    assert (findings.code, checks["record"]["mend"]) == (1, "restore a backup")
    for command in (
        ("init",),
        ("case", "list"),
    ):
        refused = stac(*command)
        assert (refused.code, refused.out) == (1, "")
        assert "the file of the record is empty" in refused.err


def test_a_record_of_another_schema_is_opened_by_no_command(stac: Stac, tmp_path: Path) -> None:
    with closing(sqlite3.connect(stac.home / "stac.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0100'")
        connection.commit()
    for command in (
        ("case", "list"),
        ("case", "show", "R-7K3M9QV"),
        ("worklist",),
        ("audit", "verify"),
    ):
        refused = stac(*command)
        assert (refused.code, refused.out) == (1, "")
        assert "not at the schema of this version" in refused.err


def test_a_record_of_0_1_0_is_refused_in_a_sentence_by_whatever_opens_it(stac: Stac) -> None:
    sentence = str(NeverReleasedError("0026"))
    with closing(sqlite3.connect(stac.home / "stac.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0026'")
        connection.commit()
    (stac.home / "demo").mkdir()
    (stac.home / "demo" / "made-by-demo.json").write_text(
        '{"seed": 7, "referrals": 500, "state": "finished"}', encoding="utf-8"
    )
    for command in (
        ("init",),
        ("case", "list"),
        ("worklist",),
        ("audit", "verify"),
        ("serve",),
        ("demo", "--headless", "--home", str(stac.home)),
    ):
        refused = stac(*command)
        assert (refused.code, refused.out) == (1, ""), command
        assert refused.err.strip() == sentence, command
    findings, checks = doctor(stac)
    assert (findings.code, checks["record"]["state"], checks["record"]["says"]) == (1, "wrong", sentence)


def test_a_clock_behind_the_log_is_wrong_until_it_is_accepted(stac: Stac) -> None:
    later = SetClock(datetime.now(UTC) + timedelta(days=400))
    with open_runtime({"STAC_HOME": str(stac.home)}, clock=later) as runtime:
        listed = list_page(
            replace(runtime.context(Acting(user="demo", role=Role.COORDINATOR)), clock=later), count=None
        ).rows
    assert listed == ()
    findings, checks = doctor(stac)
    assert (findings.code, checks["clock"]["state"]) == (1, "wrong")
    assert "'stac audit accept-clock'" in checks["clock"]["mend"]
    assert "nothing was recorded. Set the clock right" in stac("case", "list").err
    assert stac("audit", "accept-clock", user=None).code == 0
    assert stac("case", "list").code == 0
    findings, checks = doctor(stac)
    assert (findings.code, checks["clock"]["state"]) == (0, "note")
    assert stac("audit", "accept-clock", user=None).err.startswith(
        "clock: the clock is not behind the audit log"
    )


@pytest.mark.parametrize("seed", [4, 9, 11])
def test_a_damaged_file_is_told_and_ends_no_check(stac: Stac, tmp_path: Path, seed: int) -> None:
    referred(stac, tmp_path, a_row())
    file, chance = stac.home / "stac.db", random.Random(seed)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = file.read_bytes()
    damaged = bytearray(whole)
    pages = len(whole) // 4096
    for place, page in enumerate(chance.sample(range(1, pages), min(pages - 1, 10 + 20 * seed))):
        at = page * 4096 + (chance.randrange(4000) if place % 2 else 0)  # every other page at its head
        damaged[at : at + 64] = chance.randbytes(64)
    if seed == 11:
        damaged = damaged[: len(damaged) // 2]
    file.write_bytes(bytes(damaged))
    findings, checks = doctor(stac)
    assert findings.code == 1
    wrong = [each for each in checks.values() if each["state"] == "wrong"]
    assert wrong
    assert all(each["mend"] for each in wrong)
    if "database" in checks:
        assert checks["database"]["state"] == "wrong"


def test_a_database_server_that_is_away_is_told_without_its_address(
    stac: Stac, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAC_DATABASE_URL", "postgresql://secret-name@127.0.0.1:9/stac")
    findings, checks = doctor(stac)
    assert findings.code == 1
    assert "could not be reached" in checks["record"]["says"]
    assert "secret-name" not in findings.out


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("nonsense", "STAC_PREFECT_DATABASE_URL is postgresql://USER@HOST/NAME"),
        ("sqlite:///a.db", "STAC_PREFECT_DATABASE_URL is postgresql://USER@HOST/NAME"),
        ("postgresql://p@127.0.0.1/a?connect_timeout=1", "has an option other than"),
        ("postgresql://p@127.0.0.1:1/a", "the database of the Prefect server could not be reached"),
    ],
)
def test_a_fault_of_the_prefect_server_s_database_is_not_one_of_the_record(
    stac: Stac, address: str, sentence: str
) -> None:
    findings, checks = doctor(Stac(stac.home, {"STAC_PREFECT_DATABASE_URL": address}))
    assert findings.code == 1
    assert sentence in checks["prefect server"]["says"]
    assert "STAC_DATABASE_URL" not in checks["prefect server"]["says"]
    assert address not in findings.out
    assert checks["record"]["state"] == "ok"


def test_a_folder_of_keys_that_others_can_read_is_wrong(stac: Stac) -> None:
    findings, checks = doctor(stac)
    assert (findings.code, checks["keys folder"]["state"]) == (0, "ok")
    (stac.home / "keys").chmod(0o755)
    findings, checks = doctor(stac)
    assert (findings.code, checks["keys folder"]["state"]) == (1, "wrong")
    assert "chmod 700" in checks["keys folder"]["mend"]


@pytest.mark.parametrize(("file", "check"), [("digest.key", "key"), ("vault.key", "vault key")])
def test_a_pipe_in_place_of_a_key_is_wrong_and_nothing_waits_for_it(
    stac: Stac, file: str, check: str
) -> None:
    place = stac.home / "keys" / file
    place.unlink()
    os.mkfifo(place)
    findings, checks = doctor(stac)
    assert (findings.code, checks[check]["state"]) == (1, "wrong")
    assert checks[check]["says"] == "it is a pipe or a device, not a file"
    refused = stac("case", "list")
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "pipe or a device" in refused.err


def test_keys_that_a_command_prints_are_tried(stac: Stac) -> None:
    (stac.home / "settings.toml").write_text('keys_command = "/bin/false"\n')
    findings, checks = doctor(stac)
    assert (findings.code, checks["key"]["state"]) == (1, "wrong")
    assert "ended with code 1" in checks["key"]["says"]
