"""The composition root: a home is private, made once, and what is missing is told in a sentence."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from engine.domain.errors import SetupError
from engine.domain.referrals.intake import ProtectedKind
from engine.runtime import initialise, installed_agencies, open_runtime, schema_state, settings_of
from engine.services.accounts.users import find_user


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_home_and_all_in_it_are_open_to_nobody_else(tmp_path: Path) -> None:
    home = tmp_path / "home"
    initialise({"STAC_HOME": str(home)}).close()
    assert {mode(home), mode(home / "keys"), mode(home / "agencies"), mode(home / "uploads")} == {0o700}
    assert {mode(home / "keys" / "digest.key"), mode(home / "stac.db")} == {0o600}


def test_initialising_again_keeps_the_key_and_the_record(tmp_path: Path) -> None:
    environ = {"STAC_HOME": str(tmp_path / "home")}
    with initialise(environ) as first:
        digest = first.key.digest(ProtectedKind.PHONE, "07700 900417")
    with initialise(environ) as again:
        assert again.key.digest(ProtectedKind.PHONE, "+44 7700 900417") == digest
        _, revision, needed = schema_state(again)
        assert revision == needed


def test_two_homes_have_different_keys(tmp_path: Path) -> None:
    digests = set()
    for name in ("one", "two"):
        with initialise({"STAC_HOME": str(tmp_path / name)}) as runtime:
            digests.add(runtime.key.digest(ProtectedKind.PHONE, "07700 900417"))
            assert "07700" not in repr(runtime.key)
    assert len(digests) == 2


def test_opening_what_was_never_made_says_what_to_do_and_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="run 'stac init' first"):
        open_runtime({"STAC_HOME": str(tmp_path / "nowhere")})
    assert not (tmp_path / "nowhere").exists()


def test_a_lost_key_is_told_when_it_is_needed(tmp_path: Path) -> None:
    environ = {"STAC_HOME": str(tmp_path / "home")}
    initialise(environ).close()
    with open_runtime(environ) as runtime:
        runtime.settings.key_file.unlink()
        with pytest.raises(SetupError, match="restore it from your copy of the keys"):
            _ = runtime.key


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("alarm_within_minutes = 0", "alarm_within_minutes"),
        ("alarm_within_minutes = 'soon'", "alarm_within_minutes"),
        ("no_such_setting = 1", "no_such_setting"),
        ("not toml at all", "cannot be read as TOML"),
        ("[answers_due_working_days]\nlater = 3", "answers_due_working_days"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, written: str, text: str) -> None:
    (tmp_path / "settings.toml").write_text(written)
    with pytest.raises(SetupError, match=text):
        settings_of({"STAC_HOME": str(tmp_path)})


def test_the_database_may_lie_elsewhere(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.db"
    environ = {"STAC_HOME": str(tmp_path / "home"), "STAC_DATABASE_URL": f"sqlite:///{elsewhere}"}
    initialise(environ).close()
    assert elsewhere.exists()
    assert not (tmp_path / "home" / "stac.db").exists()


def test_a_record_without_its_tables_is_told_in_a_sentence_that_shows_nothing_of_it(tmp_path: Path) -> None:
    environ = {"STAC_HOME": str(tmp_path), "STAC_DATABASE_URL": f"sqlite:///{tmp_path / 'empty.db'}"}
    with closing(sqlite3.connect(tmp_path / "empty.db")) as connection:
        connection.execute("CREATE TABLE somebody_elses (id INTEGER)")
    with (
        open_runtime(environ) as runtime,
        pytest.raises(SetupError, match="run 'stac doctor', and 'stac init'") as raised,
    ):
        find_user(uow=runtime.uow, name="victoria")
    assert "victoria" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_an_unreachable_server_is_told_in_a_sentence(tmp_path: Path) -> None:
    environ = {
        "STAC_HOME": str(tmp_path),
        "STAC_DATABASE_URL": f"postgresql://nobody@/nothing?host={tmp_path}",
    }
    with open_runtime(environ) as runtime, pytest.raises(SetupError, match="could not be reached"):
        find_user(uow=runtime.uow, name="victoria")


def test_the_installed_agencies_need_no_home_and_leave_none(tmp_path: Path) -> None:
    agencies = installed_agencies({"STAC_HOME": str(tmp_path / "none")})
    folder = agencies.records(agencies.codes[0]).folder
    agencies.close()
    assert agencies.codes
    assert not (tmp_path / "none").exists()
    assert not folder.is_relative_to(tmp_path)


def test_the_installed_agencies_look_into_a_home_that_is_there(tmp_path: Path) -> None:
    with installed_agencies({"STAC_HOME": str(tmp_path)}) as agencies:
        assert agencies.records(agencies.codes[0]).folder.is_relative_to(tmp_path)
