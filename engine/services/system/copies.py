"""Copies of the record every few minutes, between two backups: SQLite's file, sealed as a backup is.

A copy is not tried by a restore, which takes too long for every few minutes: it is read back whole, and
SQLite checks the file before it is sealed. 'stac record restore' takes a copy as it takes a backup.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from engine.clock import Clock
from engine.domain.accounts.acting import flow_acting
from engine.domain.base import Frozen, Instant
from engine.domain.errors import InvalidInputError, SetupError
from engine.domain.file_faults import why_not
from engine.exchange.sealed_files import (
    Sealed,
    SealingKey,
    put_in_place,
    read_key,
    read_sealed,
    sealed_with,
    write_sealed,
)
from engine.services.system.backup_files import (
    COPY_FORMAT,
    BackupHead,
    BackupRead,
    CopiedFile,
    files_of,
    made_at,
    new_name,
    packed,
    write_keys,
)
from engine.services.system.backups import COPY, KEYS, Places, keys_of
from engine.services.system.outbox import runners_seen
from engine.services.system.reserve import SIZE
from engine.settings import Settings
from engine.store.file_copies import opened_copy
from engine.store.record_state import CLOCKS_MAY_DIFFER
from engine.store.unit_of_work import UnitOfWork

SCRATCH = "scratch-of-a-copy-"
_ACTS_FOR = "runner"
_PART = 4 * 1024 * 1024
_ALL_FOR, _HOURLY_FOR, _DAYS = timedelta(hours=2), timedelta(days=1), 7
"""All copies of so long are stored, then one of each hour, then one of each date. The newest stays."""


class Copy(Frozen):
    """A copy in its folder, with the newest entry of the audit log that it has."""

    name: str
    at: Instant
    file: Path
    entries: int
    audit_head: str
    settings: str


class NotCopied(Frozen):
    """The newest copy of this record, if there is one, and what was recorded since."""

    newest: Copy | None
    lost_entries: int
    since: Instant | None
    """When the oldest entry was made that no copy has; None where there is none."""


def is_copied(settings: Settings) -> bool:
    """Return whether copies are made here: of SQLite, with both folders named."""
    chosen = settings.backup
    is_named = chosen.folder is not None and chosen.keys_folder is not None
    return is_named and settings.database_url.startswith("sqlite:///")


def copy_if_changed(*, uow: UnitOfWork, clock: Clock, settings: Settings) -> Copy | None:
    """Copy the record if anything was recorded since the newest copy; None: nothing was, or another does it.

    Copies whose time is over are removed first, also where none can be made. A copy that cannot be made
    leaves no file.

    Raises
    ------
    InvalidInputError
        A folder is missing or cannot be written, or there is no key of backups yet.
    SetupError
        There is too little room, or what was written cannot be read back.
    RecordError
        The record is busy, closed, or on a full disk.
    """
    key = _key(settings)
    places = Places(settings, None, None)
    with _alone(settings.home) as is_ours:
        if not is_ours:
            return None
        _remove_left(settings, places, key)
        newest = newest_copy(uow=uow, settings=settings)
        if newest is not None:
            _prune(settings, places, newest, clock)
            if _is_current(newest, uow, settings):
                return None
        _require_room(settings, places)
        return _copy(uow, clock, settings, places, key)


def copies_there(settings: Settings) -> tuple[Copy, ...]:
    """Return the copies of this record's keys in the folder, newest first by their names."""
    folder = settings.backup.folder
    keys = _keys_by_name(settings)
    found: list[Copy] = []
    for file in folder.glob(f"*{COPY}") if folder is not None else ():
        at, key = made_at(file), keys.get(sealed_with(file) or b"")
        if at is None or key is None:
            continue
        with suppress(InvalidInputError):  # one that was cut or changed does not count
            head = BackupRead(file, key).head
            if (copied := head.copied) is not None:
                found.append(
                    Copy(
                        name=head.name,
                        at=at,
                        file=file,
                        entries=copied.entries,
                        audit_head=copied.audit_head,
                        settings=copied.settings,
                    )
                )
    return tuple(sorted(found, key=lambda each: (each.at, each.name), reverse=True))


def newest_copy(*, uow: UnitOfWork, settings: Settings) -> Copy | None:
    """Return the copy with the newest entry that this record has, whatever the clocks said."""
    there = copies_there(settings)
    with uow.unrecorded() as work:
        hashes = work.audit.hashes(each.entries for each in there)
    ours = [each for each in there if hashes.get(each.entries) == each.audit_head]
    return max(ours, key=lambda each: (each.entries, each.at), default=None)


def not_copied(*, uow: UnitOfWork, settings: Settings) -> NotCopied:
    """Return what no copy has. Reads the heads of the copies only."""
    newest = newest_copy(uow=uow, settings=settings)
    after = newest.entries if newest else 0
    with uow.unrecorded() as work:
        return NotCopied(
            newest=newest, lost_entries=work.audit.count() - after, since=work.audit.at_of(after + 1)
        )


def copy_fault(settings: Settings) -> str | None:
    """Return in one sentence why no copy can be made now; None where one can."""
    try:
        _key(settings)
        _require_room(settings, Places(settings, None, None))
    except (InvalidInputError, SetupError) as error:
        return str(error)
    return None


def is_late(found: NotCopied, *, clock: Clock, settings: Settings) -> bool:
    """Return whether something was recorded that no copy has, for longer than two intervals."""
    return found.since is not None and clock.now() - found.since > _longest(settings)


def has_just_begun(*, uow: UnitOfWork, clock: Clock, settings: Settings) -> bool:
    """Return whether a background service began so late that its first copy may not be there yet."""
    with uow.unrecorded() as work:
        alive = runners_seen(work, clock=clock, settings=settings).alive_since
    return any(clock.now() - since <= _longest(settings) for since in alive)


def _longest(settings: Settings) -> timedelta:
    return timedelta(minutes=2 * settings.backup.copies_every_minutes)


def _copy(uow: UnitOfWork, clock: Clock, settings: Settings, places: Places, key: SealingKey) -> Copy:
    at = clock.now()
    name = new_name(at)
    file, keys_file = places.folder / f"{name}{COPY}", places.keys_folder / f"{name}{KEYS}"
    aside, keys_aside = (place.with_name(f".{place.name}{_unfinished(key)}") for place in (file, keys_file))
    keys = keys_of(name, settings)
    acting = flow_acting("copy the record", _ACTS_FOR)
    with uow.writing(acting=acting, what="begin copy of record", at=at) as work:
        work.notes(copy=name)  # before it is made: so the copy has this entry, and nothing is new after it
    try:
        with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=settings.home) as scratch:
            database = Path(scratch) / "stac.db"
            uow.copy_file(str(database))
            head = _head(database, name, at, settings)
            write_sealed(aside, Sealed.RECORD, _parts(head, database), key)
        if keys_of(name, settings) != keys:
            raise SetupError("the keys of the record were changed meanwhile; the next copy has the new ones")
        write_keys(keys_aside, keys, key)
        for _ in read_sealed(aside, Sealed.RECORD, key):
            pass  # it opens to its end, or this raises
        put_in_place(keys_aside, keys_file, Sealed.KEYS)
        put_in_place(aside, file, Sealed.RECORD)
    except OSError as error:
        _remove(file, keys_file, aside, keys_aside)
        raise SetupError(f"the copy cannot be made ({why_not(error)}); no file of it was stored") from None
    except BaseException:
        _remove(file, keys_file, aside, keys_aside)
        raise
    assert head.copied is not None
    return Copy(name=name, at=at, file=file, **head.copied.model_dump(exclude={"bytes"}))


def _head(database: Path, name: str, at: datetime, settings: Settings) -> BackupHead:
    with opened_copy(database) as snapshot:
        entries, hashed = snapshot.audit_head()
        revision = snapshot.revision
    return BackupHead(
        format=COPY_FORMAT,
        name=name,
        made_at=at,
        software=version("stac-engine"),
        revision=revision,
        database="sqlite",
        tables=(),
        sequences={},
        files=files_of(settings.home),
        copied=CopiedFile(
            bytes=database.stat().st_size, entries=entries, audit_head=hashed, settings=_settings_of(settings)
        ),
    )


def _parts(head: BackupHead, database: Path) -> Iterator[bytes]:
    yield packed(head.model_dump_json())
    with database.open("rb") as given:
        while part := given.read(_PART):
            yield zlib.compress(part, 1)


def _is_current(newest: Copy, uow: UnitOfWork, settings: Settings) -> bool:
    with uow.unrecorded() as work:
        head = work.audit.head()
    return (newest.entries, newest.audit_head, newest.settings) == (*head, _settings_of(settings))


def _settings_of(settings: Settings) -> str:
    return hashlib.sha256(json.dumps(files_of(settings.home), sort_keys=True).encode()).hexdigest()


def _key(settings: Settings) -> SealingKey:
    file = settings.backup.key_file(settings.home)
    if not file.exists():
        raise InvalidInputError("backup key", "there is none yet; run 'stac record backup', which makes it")
    return read_key(file)


def _keys_by_name(settings: Settings) -> dict[bytes, SealingKey]:
    """Return the key of backups and the former ones beside it: copies of other records have other keys."""
    file = settings.backup.key_file(settings.home)
    found: dict[bytes, SealingKey] = {}
    for each in (file, *file.parent.glob(f"{file.stem}-*{file.suffix}")):
        with suppress(InvalidInputError):
            key = read_key(each)
            found[key.name] = key
    return found


@contextmanager
def _alone(home: Path) -> Iterator[bool]:
    """Give False where another process copies this record at the moment."""
    with (home / "copy.lock").open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _unfinished(key: SealingKey) -> str:
    return f".{key.name.hex()}.unfinished"  # with the key's name: records may share a folder


def _remove_left(settings: Settings, places: Places, key: SealingKey) -> None:
    """Remove what a copy that was killed left."""
    for folder in (places.folder, places.keys_folder):
        _remove(*folder.glob(f".*{_unfinished(key)}*"))
    for scratch in settings.home.glob(f"{SCRATCH}*"):
        shutil.rmtree(scratch, ignore_errors=True)


def _remove(*files: Path) -> None:
    for each in files:
        with suppress(OSError):
            each.unlink(missing_ok=True)


def _require_room(settings: Settings, places: Places) -> None:
    """Refuse a copy for which there is no room beside the reserve. Raises SetupError."""
    record = Path(settings.database_url.removeprefix("sqlite:///"))
    try:
        size = sum(file.stat().st_size for file in (record, Path(f"{record}-wal")) if file.exists())
        needs = size + 2 * SIZE
        for where, place in (("folder of backups", places.folder), ("home folder", settings.home)):
            if (free := shutil.disk_usage(place).free) < needs:
                raise SetupError(
                    f"no copy of the record is made: the disk of the {where} has {free // 10**6:,} MB free, "
                    f"and a copy needs {needs // 10**6:,}; make room there"
                )
    except OSError as error:
        raise SetupError(f"no copy of the record is made ({why_not(error)})") from None


def _prune(settings: Settings, places: Places, newest: Copy, clock: Clock) -> None:
    """Remove the copies whose time is over, each with its keys; ``newest`` was read back, and stays."""
    for each in over(copies_there(settings), newest, now=clock.now(), days=settings.backup.kept_days):
        _remove(each.file, places.keys_folder / f"{each.name}{KEYS}")


def over(copies: Sequence[Copy], newest: Copy, *, now: datetime, days: int) -> tuple[Copy, ...]:
    """Return the copies whose time is over. Of an hour or a date the last one stays, and ``newest`` always.

    A clock that went back leaves names of later dates: of each of these dates one stays until it is over.
    """
    stays, found = set[tuple[str, datetime]](), list[Copy]()
    for each in sorted(copies, key=lambda copy: (copy.at, copy.name), reverse=True):
        age = now - each.at
        if each.name == newest.name or -CLOCKS_MAY_DIFFER <= age < _ALL_FOR:
            continue
        hour = each.at.replace(minute=0, second=0, microsecond=0)
        bucket = ("hour", hour) if timedelta() <= age < _HOURLY_FOR else ("date", hour.replace(hour=0))
        if age >= timedelta(days=min(_DAYS, days)) or bucket in stays:
            found.append(each)
        stays.add(bucket)
    return tuple(found)
