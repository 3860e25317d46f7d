"""The keys of a home and those that its record was made with: a record is not opened with others.

A record stores a check value of each key, which shows nothing of the key. What was written under a wrong key
would never open again, and a search under one would find nothing where there is something.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from engine.access.digest_keys import read_digest_key
from engine.access.digests import VaultKey
from engine.access.sealing import KEY_BYTES, Stamp, VaultKeys, stamp_of
from engine.clock import Clock
from engine.domain.accounts.acting import flow_acting
from engine.domain.errors import SetupError
from engine.settings import Settings
from engine.store.repositories.vault.record_keys import DIGEST_KEY, VAULT_KEY, KeysNoted
from engine.store.unit_of_work import UnitOfWork, Work

NOTE_MISSING = (
    "this record has been used but its note of keys was removed; nothing was written and no key was made; "
    "keep a copy of the record, and restore a backup"
)
_DIGEST = "keys/digest.key"
_DO = (
    "nothing was read or written; restore the key file of this record from your copy of the keys, or copy it "
    "from the home folder where the record was made"
)


class WrongKeyError(SetupError):
    """A key file with another key than the one that the record was made with, or without one of its keys."""

    def __init__(self, which: str, lacks: str = "") -> None:
        self.which = which
        sentence = (
            f"{which} lacks {lacks}"
            if lacks
            else f"{which} has a different key from the one this record was made with"
        )
        super().__init__(f"{sentence}; {_DO}")


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
        if there[0] and noted.digests:
            require_digest_keys(noted, read_digest_key(self._digest_file))
        if there[1] and noted.vault and self._vault.names[0] not in noted.vault:
            raise WrongKeyError("the key file of the vault")
        self._passed = there


def require_digest_keys(noted: KeysNoted, key: VaultKey) -> None:
    """Require the record's keys of digests, in their order; one that was just put in use may not be noted.

    Raises WrongKeyError.
    """
    wanted, there = noted.digests, key.check_values
    if there == wanted or (there[: len(wanted)] == wanted and there[-1] in noted.begun):
        return
    if there == wanted[: len(there)]:
        raise WrongKeyError(_DIGEST, "the newest key, since the key was changed")
    if there == wanted[-len(there) :]:
        raise WrongKeyError(_DIGEST, "a retired key, which verifies older entries of the audit log")
    raise WrongKeyError(_DIGEST)


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
    return bool(noted.digests) and bool(noted.vault)


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
