"""Backups of the record: made while it is used, tried by a restore that is removed again, and expired.

The record and its keys go to two folders, each sealed with a key that is in neither.
"""

from __future__ import annotations

import base64
import fcntl
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from engine.access.digest_keys import read_digest_key
from engine.access.sealing import VaultKeys
from engine.clock import Clock
from engine.domain.accounts.acting import flow_acting
from engine.domain.base import Frozen, Instant
from engine.domain.errors import InvalidInputError, SetupError
from engine.domain.file_faults import why_not
from engine.exchange.sealed_files import Sealed, SealingKey, make_key, put_in_place, read_key
from engine.key_files import read_key_file
from engine.services.system import audit
from engine.services.system.audit_keys import KEYED_SINCE
from engine.services.system.backup_files import (
    BackupEnd,
    BackupRead,
    KeysStored,
    made_at,
    new_name,
    read_keys,
    write_backup,
    write_keys,
)
from engine.services.system.repeated_acts import send_waiting
from engine.services.vault.keys import newest_value_opens
from engine.services.vault.record_keys import KeyGuard
from engine.settings import BackupSettings, Settings
from engine.store.unit_of_work import UnitOfWork
from engine.store.whole_tables import NewDatabase

BACKUP, COPY, KEYS, UNTRIED = ".backup", ".copy", ".keys", ".untried"
SCRATCH = "scratch-of-a-backup-"


class BackupMade(Frozen):
    """A backup that was made and tried."""

    name: str
    at: Instant
    file: Path
    keys_file: Path
    bytes: int
    tables: int
    rows: int
    entries: int
    audit_head: str
    digest: str
    expired: int
    not_deleted: int
    made_key: bool


class BackupStored(Frozen):
    """A backup in its folder."""

    name: str
    at: Instant
    file: Path
    bytes: int
    has_keys: bool


def back_up(
    *,
    uow: UnitOfWork,
    clock: Clock,
    settings: Settings,
    folder: Path | None = None,
    keys_folder: Path | None = None,
) -> BackupMade:
    """Write the record to one folder and its keys to another, and try both by a restore.

    The restore is into a folder of its own in the home folder, which is removed; the audit log says so. A
    backup that cannot be restored is removed and named in no entry. Then expired backups are deleted.

    Raises
    ------
    InvalidInputError
        A folder is missing, is within the other or holds the key, or cannot be written.
    SetupError
        What was written cannot be restored: nothing of it stays.
    """
    places = Places(settings, folder, keys_folder)
    with alone(settings.home):
        return _back_up(uow, clock, settings, places)


def _back_up(uow: UnitOfWork, clock: Clock, settings: Settings, places: Places) -> BackupMade:
    made_key = make_key(places.key_file)
    key, at = read_key(places.key_file), clock.now()
    name = new_name(at)
    file, keys_file = places.folder / f"{name}{BACKUP}", places.keys_folder / f"{name}{KEYS}"
    untried = f".{key.name.hex()}{UNTRIED}"  # with the key's name: records may share a folder
    for left in (*places.folder.glob(f".*{untried}*"), *places.keys_folder.glob(f".*{untried}*")):
        left.unlink(missing_ok=True)  # of a backup that was killed
    aside, keys_aside = places.folder / f".{name}{untried}", places.keys_folder / f".{name}{untried}"
    try:
        _, end, digest = write_backup(uow, aside, name=name, key=key, at=at, home=settings.home)
        write_keys(keys_aside, keys_of(name, settings), key)
        try_out(aside, keys_aside, key, home=settings.home)
        put_in_place(keys_aside, keys_file, Sealed.KEYS)
        put_in_place(aside, file, Sealed.RECORD)
    except BaseException:
        for each in (file, keys_file, aside, keys_aside):
            each.unlink(missing_ok=True)
        raise
    send_waiting(settings)
    expired = _expire(places.folder, places.keys_folder, settings.backup, clock)
    with uow.writing(
        acting=flow_acting("back up the record", "operator"), what="back up record", at=clock.now()
    ) as work:
        work.notes(
            backup=name,
            rows=end.rows,
            entries=end.entries,
            digest=digest,
            expired=expired.backups,
            not_deleted=expired.not_deleted,
            tried="restored and removed",
        )
    return BackupMade(
        name=name,
        at=at,
        file=file,
        keys_file=keys_file,
        bytes=file.stat().st_size,
        tables=len(end.tables),
        rows=end.rows,
        entries=end.entries,
        audit_head=end.audit_head,
        digest=digest,
        expired=expired.backups,
        not_deleted=expired.not_deleted,
        made_key=made_key,
    )


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Refuse a second backup of this home at the same time."""
    with (home / "backup.lock").open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SetupError("another backup of this record is being made; wait until it is done") from None
        yield


def list_backups(*, settings: Settings, folder: Path | None = None) -> tuple[BackupStored, ...]:
    """Return the backups in the folder, newest first. Raises InvalidInputError where no folder is named."""
    place = folder or settings.backup.folder
    if place is None:
        raise InvalidInputError("folder", _NAME_IT)
    keys = settings.backup.keys_folder
    return tuple(
        BackupStored(
            name=file.stem,
            at=at,
            file=file,
            bytes=file.stat().st_size,
            has_keys=keys is not None and (keys / f"{file.stem}{KEYS}").is_file(),
        )
        for at, file in _dated(place, BACKUP)
    )


class Expired(NamedTuple):
    """The number of backups deleted because their time is over, and of files that could not be."""

    backups: int
    not_deleted: int


def expire(*, uow: UnitOfWork, clock: Clock, settings: Settings) -> Expired:
    """Delete the backups whose time is over, with their keys; part of the daily sweep. The newest stays."""
    chosen = settings.backup
    with suppress(SetupError), alone(settings.home):  # a backup that is being made removes its own
        _remove_scratch(settings.home)
    if chosen.folder is None or chosen.keys_folder is None:
        return Expired(0, 0)
    expired = _expire(chosen.folder, chosen.keys_folder, chosen, clock)
    if any(expired):
        acting = flow_acting("expire backups", "operator")
        with uow.writing(acting=acting, what="expire backups", at=clock.now()) as work:
            work.notes(backups=expired.backups, not_deleted=expired.not_deleted, kept_days=chosen.kept_days)
    return expired


def _expire(folder: Path, keys_folder: Path, chosen: BackupSettings, clock: Clock) -> Expired:
    backups = not_deleted = 0
    before = clock.now() - timedelta(days=chosen.kept_days)
    newest = next(iter(_dated(folder, BACKUP)), None)
    stays = newest[1].stem if newest else ""
    for place, suffix in ((folder, BACKUP), (keys_folder, KEYS)):
        for at, file in _dated(place, suffix):
            if at < before and file.stem != stays:
                try:
                    file.unlink()
                    backups += suffix == BACKUP
                except OSError:
                    not_deleted += 1
    return Expired(backups, not_deleted)


def _dated(folder: Path, suffix: str) -> list[tuple[datetime, Path]]:
    found = [(at, file) for file in folder.glob(f"*{suffix}") if (at := made_at(file)) is not None]
    return sorted(found, reverse=True)


_NAME_IT = "name a folder elsewhere, or set 'folder' and 'keys_folder' under [backup] in settings.toml"


class Places:
    """The places of a backup: three, none within another."""

    def __init__(self, settings: Settings, folder: Path | None, keys_folder: Path | None) -> None:
        self.folder = self._folder("folder", folder or settings.backup.folder)
        self.keys_folder = self._folder("keys folder", keys_folder or settings.backup.keys_folder)
        self.key_file = settings.backup.key_file(settings.home)
        one, other = self.folder.resolve(), self.keys_folder.resolve()
        if one.is_relative_to(other) or other.is_relative_to(one):
            raise InvalidInputError("keys folder", "it must not be in the folder of backups, or around it")
        held = self.key_file.resolve()
        if held.is_relative_to(one) or held.is_relative_to(other):
            raise InvalidInputError("backup key", "it must not be where backups or their keys are stored")

    @staticmethod
    def _folder(part: str, given: Path | None) -> Path:
        if given is None:
            raise InvalidInputError(part, _NAME_IT)
        if not given.is_dir():
            raise InvalidInputError(part, "it does not exist; make it, for this account only")
        return given


def keys_of(name: str, settings: Settings) -> KeysStored:
    """Return the keys of the record as they are now. Raises SetupError."""
    try:
        digest, vault = read_key_file(settings.key_file), read_key_file(settings.vault_key_file)
    except OSError as error:
        raise SetupError(f"a key of the record cannot be read ({why_not(error)})") from None
    return KeysStored(
        backup=name, digest_key=base64.b64encode(digest).decode(), vault_key=base64.b64encode(vault).decode()
    )


def try_out(file: Path, keys_file: Path, key: SealingKey, *, home: Path) -> BackupEnd:
    """Restore a backup with its keys into a folder that is removed again, and compare all of it.

    Return its manifest. Raises SetupError where anything differs.
    """
    _remove_scratch(home)
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=home) as scratch:
        place = Path(scratch)
        stage_keys(read_keys(keys_file, key), place / "digest.key", place / "vault.key")
        with NewDatabase(f"sqlite:///{place / 'stac.db'}") as database:
            backup = BackupRead(file, key)
            end = fill_from(backup, database, place=place)
            digest_key, vault_key = place / "digest.key", place / "vault.key"
            revision = backup.head.revision
            check_opens(database, end, revision=revision, digest_key=digest_key, vault_key=vault_key)
    return end


def _remove_scratch(home: Path) -> None:
    """Remove what a backup that was killed left: a copy of the record."""
    for left in home.glob(f"{SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)


def stage_keys(stored: KeysStored, digest_key: Path, vault_key: Path) -> None:
    """Write the record's keys into new files, each readable by its owner only."""
    for file, content in ((digest_key, stored.digest_key), (vault_key, stored.vault_key)):
        file.touch(mode=0o600, exist_ok=False)
        file.write_bytes(base64.b64decode(content))


def fill_from(backup: BackupRead, database: NewDatabase, *, place: Path) -> BackupEnd:
    """Fill an empty database from a backup and compare every table with the manifest, which is returned.

    The file of a copy is written into ``place`` first. The database is brought up to date and stays marked
    as not complete. Raises SetupError where it differs.
    """
    backup.unpack(place)
    head = backup.head
    database.fill(revision=head.revision, shapes=head.shapes, sequences=head.sequences, rows=backup.rows())
    end = backup.whole()
    there = {name: (each.rows, each.digest) for name, each in database.tallies().items()}
    if differ := _different(there, end):
        raise SetupError(
            f"the backup was not restored as it was made ({', '.join(differ[:3])}); nothing of it is stored"
        )
    database.bring_up_to_date(revision=backup.head.revision)
    return end


def check_opens(
    database: NewDatabase, end: BackupEnd, *, revision: str, digest_key: Path, vault_key: Path
) -> None:
    """Verify the audit log of what was restored, and open a protected value with the restored keys.

    Raises SetupError where either fails.
    """
    seals = VaultKeys(vault_key)
    of_it = database.unit_of_work(
        seals,
        first=KeyGuard(digest_key, seals),
        version_key=lambda: read_digest_key(digest_key).for_versions,
    )
    with closing(of_it) as uow:
        verdict = audit.verify(uow=uow, are_sealed=revision >= KEYED_SINCE)
        if not verdict.ok or verdict.entries != end.entries:
            raise SetupError("the audit log of the backup failed verification; nothing of it is stored")
        newest_value_opens(uow=uow)


def _different(there: Mapping[str, tuple[int, str]], end: BackupEnd) -> list[str]:
    expected = {name: (each.rows, each.digest) for name, each in end.tables.items()}
    return sorted(name for name in there.keys() | expected.keys() if there.get(name) != expected.get(name))
