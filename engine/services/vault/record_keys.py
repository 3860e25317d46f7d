"""The keys of a home and those that its record was made with: a record is not opened with others.

A record stores a check value of each key, which shows nothing of the key. What was written under a wrong key
would never open again, and a search under one would find nothing where there is something.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from engine.access.digests import VaultKey
from engine.access.sealing import KEY_BYTES, Stamp, VaultKeys, stamp_of
from engine.clock import Clock
from engine.domain.accounts.acting import flow_acting
from engine.domain.errors import SetupError
from engine.domain.file_faults import why_not
from engine.key_files import read_key_file
from engine.settings import Settings
from engine.store.repositories.vault.record_keys import DIGEST_KEY, VAULT_KEY, KeysNoted
from engine.store.unit_of_work import UnitOfWork, Work

DIGEST_MISSING = (
    "the key of the protected details is missing from the home folder; restore it from your copy of the keys"
)
NOTE_MISSING = (
    "this record has been used but its note of keys was removed; nothing was written and no key was made; "
    "keep a copy of the record, and restore a backup"
)
_DO = (
    "nothing was read or written; restore the key file of this record from your copy of the keys, or copy it "
    "from the home folder where the record was made"
)


class WrongKeyError(SetupError):
    """A key file with another key than the one that the record was made with."""

    def __init__(self, which: str) -> None:
        self.which = which
        super().__init__(f"{which} has a different key from the one this record was made with; {_DO}")


def read_digest_key(file: Path) -> VaultKey:
    """Read the key of the protected digests. Raises SetupError."""
    try:
        key = read_key_file(file)
    except FileNotFoundError:
        raise SetupError(DIGEST_MISSING) from None
    except OSError as error:
        raise SetupError(f"the key of the protected details cannot be read ({why_not(error)})") from None
    if len(key) != KEY_BYTES:
        raise SetupError("the key of the protected details is damaged; restore it from your copy of the keys")
    return VaultKey(key)


def require_keys(settings: Settings) -> None:
    """Read both keys of the record, and discard them. Raises SetupError where one cannot be read."""
    read_digest_key(settings.key_file)
    _ = VaultKeys(settings.vault_key_file).newest_name


class KeyGuard:
    """A check that refuses a record whose keys are others; repeated whenever a key file is written."""

    def __init__(self, digest_file: Path, vault: VaultKeys) -> None:
        self._digest_file, self._vault = digest_file, vault
        self._passed: tuple[Stamp | None, Stamp | None] | None = None

    def __call__(self, work: Work) -> None:
        """Raise WrongKeyError where an existing key is wrong. A missing one is reported when it is needed."""
        there = (stamp_of(self._digest_file), self._vault.stamp)
        if there == self._passed:
            return
        noted = work.keys_noted.noted()
        if there[0] and noted.digest not in (None, read_digest_key(self._digest_file).check_value):
            raise WrongKeyError("keys/digest.key")
        if there[1] and noted.vault and self._vault.names[0] not in noted.vault:
            raise WrongKeyError("the key file of the vault")
        self._passed = there


def take_keys(*, uow: UnitOfWork, clock: Clock, digest_file: Path, vault: VaultKeys) -> None:
    """Make, for 'init', the keys of a new record, or check those of an existing one, and note them in it.

    A key is never made for a record that has one: its content would never open again. Raises SetupError.
    """
    with uow.unrecorded() as work:
        if _all_noted(work.keys_noted.noted()):
            _must_be_there(digest_file, vault)
            return
    acting = flow_acting("bring the record up to date", "operator")
    with uow.writing(acting=acting, what="note the keys of the record", at=clock.now()) as work:
        work.resealing.hold_keys_alone()  # two that begin at once make one pair of keys
        noted = work.keys_noted.noted()
        if not _all_noted(noted):
            if work.audit.count():  # a record that is new has no entry yet
                raise SetupError(NOTE_MISSING)
            _make(digest_file)
            vault.make()
            digest = read_digest_key(digest_file).check_value
            work.keys_noted.note(DIGEST_KEY, key=digest, at=clock.now())
            work.keys_noted.note(VAULT_KEY, key=vault.names[0], at=clock.now())
    with uow.unrecorded() as work:  # whose keys were noted, if another home was quicker
        _must_be_there(digest_file, vault)


def are_noted(*, uow: UnitOfWork) -> bool:
    """Return whether the record knows its keys."""
    with uow.unrecorded() as work:
        return _all_noted(work.keys_noted.noted())


def _all_noted(noted: KeysNoted) -> bool:
    return noted.digest is not None and bool(noted.vault)


def _must_be_there(digest_file: Path, vault: VaultKeys) -> None:
    missing = [
        name
        for name, there in (
            ("keys/digest.key", stamp_of(digest_file)),
            ("the key file of the vault", vault.stamp),
        )
        if there is None
    ]
    if missing:
        raise SetupError(
            f"this record has keys already, and {' and '.join(missing)} of this home folder "
            f"{'is' if len(missing) == 1 else 'are'} missing; no key was made: copy the key files from the "
            "home folder where the record was made, or from your copy of the keys, and run 'stac init' again"
        )


def _make(file: Path) -> None:
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as out:
        out.write(secrets.token_bytes(KEY_BYTES))
        out.flush()
        os.fsync(out.fileno())
