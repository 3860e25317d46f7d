"""A drill of a restore: what would be lost if this machine were lost now, and how long a restore takes.

The newest backup is restored into a folder that is removed again. The record is only read, and has no entry.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

from engine.clock import Clock
from engine.domain.base import Frozen, Instant
from engine.domain.errors import SetupError
from engine.exchange.sealed_files import SealingKey, read_key, sealed_with
from engine.services.system.backup_key import retired_key
from engine.services.system.backups import COPY, KEYS, BackupStored, alone, list_backups, try_out
from engine.services.system.copies import is_copied, newest_copy
from engine.settings import Settings
from engine.store.unit_of_work import UnitOfWork


class ArchiveDrilled(Frozen):
    """The archive of PostgreSQL's write-ahead log (WAL), up to its newest part."""

    newest_at: Instant | None
    age_seconds: int | None
    lost_entries: int
    """At least so many: those after the newest part."""
    segments_waiting: int
    fails: bool


class Drilled(Frozen):
    """A drill. What would be lost was recorded after the newest backup or copy; times are in seconds."""

    backup: str
    is_copy: bool
    age_seconds: int
    made_at: Instant
    newest_entry_at: Instant | None
    lost_entries: int
    lost_seconds: int
    """From the backup to the newest entry that it lacks; 0 where it lacks none."""
    restore_seconds: float
    rows: int
    entries: int
    bytes: int
    archive: ArchiveDrilled | None = None
    """None on SQLite, and where the server archives nothing."""


def drill(
    *,
    uow: UnitOfWork,
    clock: Clock,
    settings: Settings,
    folder: Path | None = None,
    keys_folder: Path | None = None,
) -> Drilled:
    """Restore the newest backup or copy with its keys into a folder that is removed, and compare all of it.

    Raises
    ------
    InvalidInputError
        No folder of backups is named, or the backup does not open with the key.
    SetupError
        There is no backup, its keys are missing, or it is not restored as it was made.
    """
    newest = next(iter(list_backups(settings=settings, folder=folder)), None)
    copy = newest_copy(uow=uow, settings=settings) if folder is None and is_copied(settings) else None
    if copy is not None and (newest is None or copy.at >= newest.at):
        newest = BackupStored(
            name=copy.name, at=copy.at, file=copy.file, bytes=copy.file.stat().st_size, has_keys=True
        )
    if newest is None:
        raise SetupError("there is no backup to try: all would be lost; run 'stac record backup'")
    keys = (keys_folder or settings.backup.keys_folder or newest.file.parent) / f"{newest.name}{KEYS}"
    if not keys.is_file():
        raise SetupError(f"the keys of {newest.name} are missing: it does not open; run 'stac record backup'")
    with alone(settings.home):
        begun = perf_counter()
        end = try_out(newest.file, keys, _key_of(newest, settings), home=settings.home)
        took = perf_counter() - begun
    with uow.unrecorded() as work:
        number, at = work.audit.count(), work.audit.newest_at()
    lost = max(0, number - end.entries)
    return Drilled(
        backup=newest.name,
        is_copy=newest.file.suffix == COPY,
        age_seconds=max(0, int((clock.now() - newest.at).total_seconds())),
        made_at=newest.at,
        newest_entry_at=at,
        lost_entries=lost,
        lost_seconds=max(0, round((at - newest.at).total_seconds())) if lost and at else 0,
        restore_seconds=round(took, 1),
        rows=end.rows,
        entries=end.entries,
        bytes=newest.bytes,
        archive=_archive(uow, clock),
    )


def _archive(uow: UnitOfWork, clock: Clock) -> ArchiveDrilled | None:
    facts = uow.server_facts()
    if facts is None or not facts.archive.is_on:
        return None
    archive = facts.archive
    with uow.unrecorded() as work:
        lost = work.audit.count_after(archive.newest_at) if archive.newest_at else work.audit.count()
    return ArchiveDrilled(
        newest_at=archive.newest_at,
        age_seconds=int((clock.now() - archive.newest_at).total_seconds()) if archive.newest_at else None,
        lost_entries=lost,
        segments_waiting=archive.segments_waiting,
        fails=archive.fails,
    )


def _key_of(backup: BackupStored, settings: Settings) -> SealingKey:
    """Return the key of backups, or the former one that this backup was sealed with."""
    file = settings.backup.key_file(settings.home)
    name = sealed_with(backup.file)
    former = retired_key(file, name) if name else file
    return read_key(former if former.exists() else file)
