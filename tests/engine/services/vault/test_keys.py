"""The vault at rest: sealed in the file, its key changed under any kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.clock import SetClock
from engine.domain.accounts.acting import Role
from engine.domain.errors import NotPermittedError, SetupError
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue
from engine.domain.vault.sealing import SealBrokenError
from engine.exchange.rows import ReferralRow
from engine.runtime import Runtime, initialise, open_runtime
from engine.services.cases.views import view_case
from engine.services.referrals.imports import import_referrals
from engine.services.vault import keys as vault_keys
from engine.services.vault.protected_details import held_on_case
from tests.builders import MONDAY, SAFE_HOUSE, SAFE_PHONE, Desk, a_desk, a_referral, marked_until_removed
from tests.databases import copy_home, record_of, stored_bytes

MARKS = (b"Larkfield", b"900417", b"markedrow")


def in_files(home: Path) -> list[bytes]:
    """The marks that stand in the database in plain text."""
    stored = stored_bytes(home)
    return [mark for mark in MARKS if mark in stored]


def values(runtime: Runtime, case: str) -> list[str]:
    with runtime.uow.unrecorded() as work:
        return [held.value for held in held_on_case(work=work, reference=case)]


def referred(desk: Desk, count: int = 1) -> tuple[str, ...]:
    return import_referrals(
        desk.context(desk.coordinator),
        rows=[
            ReferralRow(row=n, referral=a_referral(str(n)), original='{"text": "markedrow"}')
            for n in range(2, count + 2)
        ],
        file_digest="0" * 64,
    ).referrals


def change(home: Path, statement: str) -> None:
    with record_of(home) as record:
        record.execute(text(statement))


def rotate(desk: Desk) -> vault_keys.Rotated:
    return vault_keys.rotate(desk.context(desk.coordinator))


def test_no_protected_value_and_no_original_stands_in_the_file(desk: Desk) -> None:
    case = referred(desk)[0]
    assert in_files(desk.runtime.settings.home) == []
    assert values(desk.runtime, case) == [SAFE_HOUSE, SAFE_PHONE]


def test_two_rows_that_were_swapped_are_told(desk: Desk) -> None:
    case = referred(desk)[0]
    home = desk.runtime.settings.home
    change(
        home,
        "UPDATE protected_value SET content = (SELECT content FROM protected_value WHERE id = 2)"
        " WHERE id = 1",
    )
    with pytest.raises(SealBrokenError):
        view_case(desk.context(desk.coordinator).with_agencies(()), reference=case)


@pytest.mark.sqlite
def test_plain_text_written_past_the_vault_is_told_and_never_sealed_by_init(desk: Desk) -> None:
    case = referred(desk)[0]
    home = desk.runtime.settings.home
    change(home, "UPDATE protected_value SET content = CAST('1 False Street' AS BLOB) WHERE id = 1")
    initialise({"STAC_HOME": str(home)}, clock=desk.clock).close()
    with pytest.raises(SealBrokenError, match="not sealed") as raised:
        view_case(desk.context(desk.coordinator).with_agencies(()), reference=case)
    assert "False Street" not in str(raised.value)


def test_a_key_that_is_missing_is_never_replaced_where_rows_are_sealed_under_it(desk: Desk) -> None:
    case = referred(desk)[0]
    settings = desk.runtime.settings
    stored_file = settings.vault_key_file.rename(settings.home / "elsewhere")
    with pytest.raises(
        SetupError, match="the key file of the vault of this home folder is missing; no key was made"
    ):
        initialise({"STAC_HOME": str(settings.home)}, clock=desk.clock)
    assert not settings.vault_key_file.exists()
    stored_file.rename(settings.vault_key_file)
    assert values(desk.runtime, case) == [SAFE_HOUSE, SAFE_PHONE]


def test_a_change_of_the_key_seals_everything_anew_and_lets_the_old_key_go(desk: Desk) -> None:
    cases = referred(desk, 3)
    file = desk.runtime.settings.vault_key_file
    before = file.read_bytes()
    with marked_until_removed(desk):
        done = rotate(desk)
    assert (done.rows, done.went_on) == (9, False)
    assert len(file.read_bytes().splitlines()) == 1
    assert file.read_bytes() != before
    assert vault_keys.not_under_newest_key(uow=desk.runtime.uow) == 0
    for case in cases:
        assert values(desk.runtime, case) == [SAFE_HOUSE, SAFE_PHONE]


def test_the_old_key_opens_nothing_that_is_left(desk: Desk) -> None:
    case = referred(desk)[0]
    file = desk.runtime.settings.vault_key_file
    before = file.read_bytes()
    rotate(desk)
    file.write_bytes(before)
    with pytest.raises(SetupError, match="key file of the vault has a different key"):
        values(desk.runtime, case)


def test_only_who_looks_after_the_installation_changes_the_key(desk: Desk) -> None:
    with pytest.raises(NotPermittedError):
        vault_keys.rotate(desk.context(desk.chair))
    looks_after = desk.add("adam", Role.ADMINISTRATOR)
    assert vault_keys.rotate(desk.context(looks_after)).rows == 0


_KILLED = """
import os, signal, sys
from sqlalchemy.orm import Session
from engine.runtime import open_runtime
from engine.services.vault import keys as vault_keys
from engine.services.accounts.users import find_user
vault_keys._AT_ONCE = 4
left = int(sys.argv[1])
def step():
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
commit, replace = Session.commit, os.replace
def killed_commit(self):
    step(); commit(self); step()
def killed_replace(*names):
    step(); replace(*names); step()
Session.commit, os.replace = killed_commit, killed_replace
with open_runtime() as runtime:
    acting = find_user(uow=runtime.uow, name="cora").acting()
    vault_keys.rotate(runtime.context(acting))
print(left)
"""


def _rotated(home: Path, step: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _KILLED, str(step)],
        env={**os.environ, "STAC_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.usefixtures("any_clock")
@pytest.mark.parametrize(
    ("first", "each"),
    [
        pytest.param(2, 9, id="sample"),  # before and after a commit by turns, from first to last
        pytest.param(1, 1, id="all", marks=pytest.mark.full),
    ],
)
def test_a_change_of_the_key_that_is_killed_at_any_point_loses_nothing(
    tmp_path: Path, first: int, each: int
) -> None:
    with a_desk(tmp_path / "home") as desk:
        cases = referred(desk, 3)
    whole = copy_home(tmp_path / "home", tmp_path / "whole")
    done = _rotated(whole, 10_000)
    assert done.returncode == 0, done.stderr
    steps = 10_000 - int(done.stdout)
    assert steps > 20
    for step in range(first, steps + 1, each):
        home = copy_home(tmp_path / "home", tmp_path / f"at-{step}")
        assert _rotated(home, step).returncode == -signal.SIGKILL
        with open_runtime({"STAC_HOME": str(home)}, clock=SetClock(MONDAY)) as runtime:
            for case in cases:
                assert values(runtime, case) == [SAFE_HOUSE, SAFE_PHONE]
            acting = desk.coordinator
            vault_keys.rotate(runtime.context(acting))
            assert not runtime.vault_keys.is_rotating
            assert vault_keys.not_under_newest_key(uow=runtime.uow) == 0
            for case in cases:
                assert values(runtime, case) == [SAFE_HOUSE, SAFE_PHONE]
        assert in_files(home) == []


def test_another_place_for_the_key_is_taken_from_settings(tmp_path: Path) -> None:
    home, keys = tmp_path / "home", tmp_path / "elsewhere"
    for folder in (home, keys):
        folder.mkdir(mode=0o700)
    (home / "settings.toml").write_text(f'vault_key = "{keys / "stac.key"}"\n')
    with a_desk_at(home) as runtime:
        assert runtime.settings.vault_key_file == keys / "stac.key"
    assert (keys / "stac.key").is_file()
    assert not (home / "keys" / "vault.key").exists()


def a_desk_at(home: Path) -> Runtime:
    return initialise({"STAC_HOME": str(home)})


def test_an_equal_value_of_one_case_is_still_kept_once(desk: Desk) -> None:
    twice = tuple(
        ProtectedValue(kind=ProtectedKind.PHONE, value=each) for each in ("07700 900417", "07700900417")
    )
    case = desk.refer(a_referral("7", protected=twice)).referrals[0]
    (stored_text,) = values(desk.runtime, case)
    assert stored_text.replace(" ", "") == SAFE_PHONE.replace(" ", "")
