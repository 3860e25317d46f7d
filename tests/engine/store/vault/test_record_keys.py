"""A record is opened with the keys with which it was made, or not at all; on both databases."""

from __future__ import annotations

import base64
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from engine.clock import SetClock
from engine.domain.errors import SetupError
from engine.domain.referrals.intake import ProtectedKind
from engine.runtime import initialise, open_runtime
from engine.services.cases.lists import list_page
from engine.services.vault.protected_details import held_on_case
from engine.services.vault.record_keys import WrongKeyError
from tests.builders import MONDAY, SAFE_HOUSE, SAFE_PHONE, Desk, a_desk, a_referral

FILES = ("digest.key", "vault.key")


def one_character_changed(file: Path) -> None:
    """As a slip of whoever restores it: still a key, and another."""
    text = file.read_bytes()
    if file.name == "digest.key":
        file.write_bytes(os.urandom(32))
    else:
        file.write_bytes((b"B" if text[:1] == b"A" else b"A") + text[1:])
        assert len(base64.b64decode(file.read_bytes())) == 32


def environ_of(desk: Desk, url: str, home: Path | None = None) -> dict[str, str]:
    return {"STAC_HOME": str(home or desk.runtime.settings.home), "STAC_DATABASE_URL": url}


@pytest.mark.parametrize("name", FILES)
def test_with_another_key_nothing_is_read_and_nothing_is_written(
    desk: Desk, database_url: str, name: str
) -> None:
    desk.refer(a_referral("1"))
    file = desk.runtime.settings.home / "keys" / name
    right = file.read_bytes()
    one_character_changed(file)
    with pytest.raises(WrongKeyError, match=r"a different key from the one this record was made with"):
        desk.refer(a_referral("2"))  # a process that was there before
    with (
        open_runtime(environ_of(desk, database_url), clock=desk.clock) as later,
        pytest.raises(WrongKeyError, match="nothing was read or written"),
    ):
        list_page(replace(later.context(desk.coordinator).with_agencies(()), clock=desk.clock))
    file.write_bytes(right)
    assert desk.refer(a_referral("2")).referrals


@pytest.mark.parametrize("name", FILES)
def test_init_on_a_second_home_takes_the_keys_of_the_record_and_never_makes_one(
    desk: Desk, database_url: str, tmp_path: Path, name: str
) -> None:
    case = desk.refer(a_referral("1")).referrals[0]
    first, second = desk.runtime.settings.home / "keys", tmp_path / "second" / "keys"
    environ = environ_of(desk, database_url, second.parent)
    with pytest.raises(SetupError, match="are missing; no key was made"):
        initialise(environ, clock=desk.clock)
    assert not list(second.iterdir())
    for each in FILES:
        shutil.copy(first / each, second / each)
    one_character_changed(second / name)
    with pytest.raises(WrongKeyError):
        initialise(environ, clock=desk.clock)
    shutil.copy(first / name, second / name)
    with initialise(environ, clock=desk.clock) as runtime, runtime.uow.unrecorded() as work:
        held = held_on_case(work=work, reference=case)
        assert [each.value for each in held] == [SAFE_HOUSE, SAFE_PHONE]
        sought = runtime.key.digest(ProtectedKind.PHONE, SAFE_PHONE)
        assert work.protected.are_any_kept([("phone", sought)])


def test_a_record_from_which_the_note_of_its_keys_was_taken_is_given_none(
    desk: Desk, database_url: str
) -> None:
    desk.refer(a_referral("1"))
    with desk.runtime._engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER vault_step_no_delete")
        else:
            connection.exec_driver_sql("DROP TRIGGER vault_step_append_only ON vault_step")
        connection.exec_driver_sql("DELETE FROM vault_step")
    keys = desk.runtime.settings.home / "keys"
    for name in FILES:
        (keys / name).unlink()
    with pytest.raises(SetupError, match="its note of keys was removed; nothing was written and no key was"):
        initialise(environ_of(desk, database_url), clock=desk.clock)
    assert list(keys.iterdir()) == []


NEEDED = ("stac.db", "keys/digest.key", "keys/vault.key")
"""What the operators' page lists as what a backup cannot be opened without, on SQLite."""


def test_a_backup_opens_with_what_the_operators_page_lists_and_without_none_of_it(tmp_path: Path) -> None:
    page = Path(__file__).parents[4] / "docs" / "operators" / "README.md"
    listed = page.read_text().split("## Backups")[1].split("\n## ")[0]
    assert all(f"| `{name}`" in listed for name in NEEDED)
    with a_desk(tmp_path / "home") as desk:
        case = desk.refer(a_referral("1")).referrals[0]
    for left_out in (None, *NEEDED):
        home = tmp_path / f"restored-without-{(left_out or 'none').replace('/', '-')}"
        for name in NEEDED:
            (home / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if name != left_out:
                shutil.copy(tmp_path / "home" / name, home / name)
        given = {"STAC_HOME": str(home)}
        if left_out is None:
            with initialise(given, clock=SetClock(MONDAY)) as runtime, runtime.uow.unrecorded() as work:
                assert [each.value for each in held_on_case(work=work, reference=case)]
        elif left_out != "stac.db":
            with pytest.raises(SetupError, match="no key was made"):
                initialise(given, clock=SetClock(MONDAY))
        else:
            with pytest.raises(SetupError, match="has no record"):
                open_runtime(given)
