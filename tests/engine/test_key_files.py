"""Keys in files and keys that a command prints: a pipe is a sentence, not a wait."""

from __future__ import annotations

import base64
import os
import secrets
import signal
from pathlib import Path

import pytest

from engine.access.digest_keys import read_digest_key
from engine.domain.errors import InvalidInputError, SetupError
from engine.exchange.sealed_files import read_key
from engine.runtime import initialise, open_runtime, settings_of
from engine.services.system import audit, digest_key
from engine.services.vault import keys as vault_keys
from engine.services.vault.record_keys import require_keys
from tests.builders import Desk, a_referral

pytestmark = pytest.mark.sqlite


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_is_refused_in_a_sentence_at_once(tmp_path: Path, make: type) -> None:
    (tmp_path / "keys").mkdir()
    place = tmp_path / "keys" / "digest.key"
    make(place)
    reason = "it is a pipe or a device" if make is os.mkfifo else "it is a folder"
    signal.alarm(20)
    try:
        with pytest.raises(SetupError, match=reason):
            read_digest_key(place)
        with pytest.raises(InvalidInputError, match=reason):
            read_key(place)
        (tmp_path / "keys" / "vault.key").symlink_to(place)
        place.rename(tmp_path / "other")
        (tmp_path / "other").rename(place)
        settings = settings_of({"STAC_HOME": str(tmp_path)})
        with pytest.raises(SetupError, match=reason):
            require_keys(settings)
    finally:
        signal.alarm(0)


def test_a_new_record_is_made_with_keys_that_no_file_of_the_home_has(tmp_path: Path) -> None:
    home = with_command(tmp_path, digest=secrets.token_bytes(32))
    with initialise({"STAC_HOME": str(home)}) as runtime:
        assert runtime.settings.vault_key_file.stat().st_mode & 0o077 == 0
    assert not [*home.rglob("digest.key"), *home.rglob("vault.key")]
    with initialise({"STAC_HOME": str(home)}) as again:
        assert len(again.vault_keys.names) == 1


def test_a_record_opens_with_its_keys_printed_and_their_change_is_refused(tmp_path: Path, desk: Desk) -> None:
    desk.refer(a_referral())
    settings = desk.runtime.settings
    digest, vault = settings.key_file.read_bytes(), settings.vault_key_file.read_bytes()
    for file in (settings.key_file, settings.vault_key_file):
        file.unlink()
    home = with_command(tmp_path, digest=digest, vault=vault, home=settings.home)
    with open_runtime({"STAC_HOME": str(home)}, clock=desk.clock) as runtime:
        assert vault_keys.newest_value_opens(uow=runtime.uow)
        with pytest.raises(SetupError, match="the keys come from 'keys_command'"):
            vault_keys.rotate(runtime.context(desk.coordinator))
        assert vault_keys.not_under_newest_key(uow=runtime.uow) == 0
        with pytest.raises(SetupError, match="put both keys into files"):
            digest_key.rotate(uow=runtime.uow, clock=desk.clock, settings=runtime.settings)
        assert not list(home.rglob("digest.key*"))
        assert not digest_key.is_half_done(uow=runtime.uow, settings=runtime.settings)


def test_a_record_opens_with_all_its_keys_of_digests_printed_in_one_line(tmp_path: Path, desk: Desk) -> None:
    desk.refer(a_referral())
    settings = desk.runtime.settings
    digest_key.rotate(**desk.common, settings=settings)
    digest, vault = settings.key_file.read_bytes(), settings.vault_key_file.read_bytes()
    for file in (settings.key_file, settings.vault_key_file):
        file.unlink()
    home = with_command(tmp_path, digest=digest, vault=vault, home=settings.home)
    with open_runtime({"STAC_HOME": str(home)}, clock=desk.clock) as runtime:
        assert audit.verify(uow=runtime.uow).ok
        assert runtime.key.for_versions.number == 2
    assert not settings.key_file.exists()


def test_a_command_that_prints_another_key_opens_nothing(tmp_path: Path, desk: Desk) -> None:
    home = desk.runtime.settings.home
    with_command(tmp_path, digest=secrets.token_bytes(32), home=home)
    with pytest.raises(SetupError, match="a different key from the one this record was made with"):
        initialise({"STAC_HOME": str(home)}, clock=desk.clock)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("/bin/false", "ended with code 1"),
        ("/no/such/command", "cannot be run"),
        ("/bin/echo not-base64!", "printed no line of base64"),
        ("'", "cannot be run"),
    ],
)
def test_a_command_that_prints_no_key_is_a_sentence_without_what_it_printed(
    tmp_path: Path, command: str, reason: str
) -> None:
    (tmp_path / "settings.toml").write_text(f'keys_command = "{command}"\n')
    with pytest.raises(SetupError, match=f"the command for the digest key {reason}") as refused:
        require_keys(settings_of({"STAC_HOME": str(tmp_path)}))
    assert "not-base64" not in str(refused.value)


def with_command(place: Path, *, digest: bytes, vault: bytes | None = None, home: Path | None = None) -> Path:
    """A home whose keys are in a folder elsewhere, printed by a command."""
    store = place / "store"
    store.mkdir()
    (store / "digest").write_bytes(base64.b64encode(digest) + b"\n")
    (store / "vault").write_bytes(vault or base64.b64encode(secrets.token_bytes(32)) + b"\n")
    (store / "print").write_text(f'#!/bin/sh\nexec cat "{store}/$1"\n')
    (store / "print").chmod(0o700)
    home = home or place / "home"
    home.mkdir(mode=0o700, exist_ok=True)
    (home / "settings.toml").write_text(f'keys_command = "{store}/print"\n')
    return home
