"""Checks of the home folder and of the keys in it: who can read them, and whether they are files."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cli.system.checks import NOTE, OK, WRONG, Check
from engine.domain.errors import StacError

if TYPE_CHECKING:
    from engine.settings import Settings

_KEY_BYTES = 32


def home_checks(home: Path, settings: Settings) -> Iterator[Check]:
    """Yield a check of the home folder and of each key in it; none is read when it is a pipe."""
    if not home.is_dir():
        yield Check("home", NOTE, f"not made yet at {home}", "run 'stac init', or set STAC_HOME")
        return
    yield _private("home", home, "chmod 700 on the home folder")
    if settings.keys_command:
        yield from _by_command(settings)
        return
    key = settings.key_file
    if key.parent.is_dir():
        yield _private("keys folder", key.parent, "chmod 700 on the folder keys in the home folder")
    if key.exists() and not key.is_file():
        yield Check("key", WRONG, "it is a pipe or a device, not a file", "put the key's file in its place")
        return
    if not key.is_file():
        mend = "restore it from your copy of the keys"
        yield Check("key", WRONG, "the key of the protected values is missing", mend)
        return
    if not key.stat().st_size or key.stat().st_size % _KEY_BYTES:
        sentence = f"its length is not a multiple of {_KEY_BYTES} bytes"
        yield Check("key", WRONG, sentence, "restore it from your copy of the keys")
        return
    yield _private("key", key, "chmod 600 on keys/digest.key in the home folder")
    vault = settings.vault_key_file
    if vault.exists() and not vault.is_file():
        yield Check(
            "vault key", WRONG, "it is a pipe or a device, not a file", "put the key's file in its place"
        )
    elif vault.is_file():
        yield _private("vault key", vault, "chmod 600 on the key file of the vault")
    else:
        mend = "restore it from your copy of the keys; for a new record, 'stac init' makes it"
        yield Check("vault key", WRONG, "the key of the vault is missing", mend)


def _by_command(settings: Settings) -> Iterator[Check]:
    from engine.services.vault.record_keys import require_keys

    try:
        require_keys(settings)
    except StacError as error:
        yield Check("key", WRONG, str(error), "correct the command, or what it reads")
        return
    yield Check("key", OK, "a command prints the keys; none is in the home folder")


def _private(name: str, place: Path, mend: str) -> Check:
    mode = stat.S_IMODE(place.stat().st_mode)
    if mode & 0o077:
        return Check(name, WRONG, f"other accounts can read it (mode {mode:04o})", mend)
    return Check(name, OK, f"other accounts cannot read it (mode {mode:04o})")
