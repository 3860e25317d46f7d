"""Restore of a record from a backup into a home without one: all of it, or nothing.

Before anyone can sign in, acts of after the backup that protect a person are repeated.
"""

from __future__ import annotations

import base64
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from engine.access.digest_keys import next_file, read_digest_key
from engine.domain.base import Frozen, Instant
from engine.domain.errors import InvalidInputError, SetupError, StacError
from engine.domain.file_faults import why_not
from engine.domain.system.registered_acts import ActState, EntryOf, Fate, InDoubt, RegisteredAct, in_doubt
from engine.exchange.act_register import RegisterLine, add_lines, read_lines, signed_again
from engine.exchange.sealed_files import read_key
from engine.key_files import read_key_file
from engine.services.context import VaultContext
from engine.services.system.audit_anchors import add_anchor
from engine.services.system.audit_keys import seal_older
from engine.services.system.backup_files import (
    STORED_WITH,
    BackupRead,
    KeysStored,
    later_digest_keys,
    read_keys,
)
from engine.services.system.backups import check_opens, fill_from, stage_keys
from engine.services.system.registers import read_acts, states_of
from engine.services.system.repeating import Repeated, repeat
from engine.settings import Settings
from engine.store.overwritten import mark_of
from engine.store.record_state import CLOCKS_MAY_DIFFER
from engine.store.whole_tables import NewDatabase

STAGE = "restoring-"
OpenMarked = Callable[[Settings], AbstractContextManager[VaultContext]]
"""Opens a record that is still marked as not complete, for a flow that acts as the operator."""


class NewestAct(Frozen):
    """The newest act of a register: a line that was cut after it shows nowhere else."""

    entry: int
    at: Instant


class Restored(Frozen):
    """A restored record."""

    backup: str
    made_at: Instant
    revision: str
    rows: int
    entries: int
    audit_head: str
    repeated: Repeated
    register_lines: int
    newest_act: NewestAct | None
    in_doubt: tuple[InDoubt, ...]
    files: tuple[str, ...]


def restore(
    *,
    settings: Settings,
    open_marked: OpenMarked,
    backup: Path,
    keys: Path,
    key: Path,
    registers: Sequence[Path] | None,
) -> Restored:
    """Restore the record into this home, or into the empty PostgreSQL database that it names.

    ``registers`` are the files of acts to repeat; None restores without any, which the caller must mean.

    Raises
    ------
    InvalidInputError
        A file is not what it should be, or was changed or cut.
    SetupError
        There is a record here already, or the backup is of a newer version. In each case nothing is changed.
    """
    home = settings.home
    sealing = read_key(key)
    stored = read_keys(keys, sealing)
    given = BackupRead(backup, sealing)
    if stored.backup != given.head.name:
        raise InvalidInputError("keys", "the file is of another backup; give the one of the same name")
    _refuse_other_keys(settings, stored)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(home), tempfile.TemporaryDirectory(prefix=STAGE, dir=home) as stage:
        place = Path(stage)
        staged = settings.model_copy(
            update={
                "home": place,
                "database_url": _staged_url(settings, place),
                "vault_key": None,
                "keys_command": "",
                "backup": settings.backup.model_copy(update={"register_in": Path("not-repeated.jsonl")}),
            }
        )
        (place / "keys").mkdir(mode=0o700)
        stage_keys(stored, staged.key_file, staged.vault_key_file)
        signing = _signing(staged, later_digest_keys(keys, stored, sealing))
        lines, acts = read_acts(registers or (), signing)
        if registers is not None and not lines:
            raise InvalidInputError(
                "register", "it has no line; give the one of this record, or --without-register if it is lost"
            )
        with _new(staged.database_url) as database:
            end = fill_from(given, database, place=place)
            check_opens(
                database,
                end,
                revision=given.head.revision,
                digest_key=staged.key_file,
                vault_key=staged.vault_key_file,
            )
            with open_marked(staged) as context:
                seal_older(uow=context.uow, clock=context.clock)
                seen = _states_of(context, acts, made_at=given.head.made_at)
                repeated = repeat(
                    context,
                    [*seen[ActState.IN_RECORD], *seen[ActState.LACKING]],
                    lacking=seen[ActState.LACKING],
                    what="repeat acts after restore",
                )
                with context.writing("restore record") as work:
                    work.notes(backup=given.head.name, rows=end.rows, entries=end.entries)
                context.uow.tidy()
                newest = _newest_entry(context)
            _place_keys(settings, staged, backup_key=key)
            _carry_on(settings, registers or (), newest, signing)
            _accept_older(settings, newest, at=given.head.made_at)
            database.release()
        _place_database(settings, place)
        files = _place_files(settings, given.head.files)
    return Restored(
        backup=given.head.name,
        made_at=given.head.made_at,
        revision=given.head.revision,
        rows=end.rows,
        entries=end.entries,
        audit_head=end.audit_head,
        repeated=repeated,
        register_lines=len(lines),
        newest_act=_newest(acts),
        in_doubt=in_doubt(seen[ActState.IN_DOUBT]),
        files=files,
    )


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Refuse a second restore into this home at the same time; remove what one that was killed left."""
    held = os.open(home, os.O_RDONLY)  # the folder itself: a refused restore leaves no file in it
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SetupError("another restore into this home is running; wait until it is done") from None
        for left in home.glob(f"{STAGE}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        os.close(held)


def _staged_url(settings: Settings, place: Path) -> str:
    """Return where it is restored: with SQLite not in the place of the record, until it is complete."""
    if not settings.database_url.startswith("sqlite:///"):
        return settings.database_url
    _refuse_file_there(Path(settings.database_url.removeprefix("sqlite:///")))
    return f"sqlite:///{place / 'stac.db'}"


def _refuse_file_there(file: Path) -> None:
    """Refuse a file of SQLite, or one beside it: a journal that is there would be applied to the new file."""
    for each in (file, *(file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm", "-journal"))):
        if each.exists():
            raise SetupError(
                f"there is a record here already ({each.name}); move {file.name} and the files beside it "
                "away, or set STAC_HOME to another folder"
            )


_THERE = "there is a record here already; give an empty database"


@contextmanager
def _new(url: str) -> Iterator[NewDatabase]:
    """Open an empty database. What was written into it is removed again when anything fails."""
    with NewDatabase(url) as database:
        if not database.is_empty():
            raise SetupError(_THERE)
        try:
            yield database
        except BaseException:
            with suppress(StacError):  # the first fault is the one that counts
                database.discard()
            raise


def _signing(staged: Settings, later: bytes | None) -> tuple[bytes, ...]:
    """Return the keys that may have signed the register, first that of the backup.

    Where the key of the digests was changed since, the record goes on as one whose key is being changed.
    """
    own = read_digest_key(staged.key_file).all_for_register
    if later is None:
        return own
    waiting = next_file(staged.key_file)
    waiting.touch(mode=0o600)
    waiting.write_bytes(later)
    return (*own, *read_digest_key(waiting).all_for_register)


def _refuse_other_keys(settings: Settings, stored: KeysStored) -> None:
    """Refuse a home with the keys of another record. The same ones are of a restore that was killed."""
    for file, content in (
        (settings.key_file, stored.digest_key),
        (settings.vault_key_file, stored.vault_key),
    ):
        if file.exists() and read_key_file(file) != base64.b64decode(content):
            raise SetupError(
                f"there is a key of another record here ({file.name}); move the keys away, or set STAC_HOME "
                "to another folder"
            )


def _states_of(
    context: VaultContext, acts: Sequence[RegisteredAct], *, made_at: datetime
) -> dict[ActState, list[RegisteredAct]]:
    """Return the acts by their state in what was restored.

    What an older version registered has no hash, and after a restore the entries are numbered on from an
    older one: such an act may be newer than the backup by its time only.
    """
    with context.uow.unrecorded() as work:
        found = states_of(work, acts)
    since = made_at - CLOCKS_MAY_DIFFER
    later = [each for each in found[ActState.IN_RECORD] if each.entry.hash is None and each.act.at > since]
    found[ActState.LACKING] += later
    return found


def _newest_entry(context: VaultContext) -> EntryOf:
    with context.uow.unrecorded() as work:
        number, hashed = work.audit.head()
    return EntryOf(number=number, hash=hashed)


def _newest(acts: Sequence[RegisteredAct]) -> NewestAct | None:
    newest = max(acts, key=lambda each: (each.act.at, each.entry.number), default=None)
    return NewestAct(entry=newest.entry.number, at=newest.act.at) if newest else None


def _place_keys(settings: Settings, staged: Settings, *, backup_key: Path) -> None:
    """Put the keys at their places, that of backups too: the next backup would make another one."""
    placed = [(staged.key_file, settings.key_file), (staged.vault_key_file, settings.vault_key_file)]
    if settings.keys_command:  # it printed these two, which were compared
        placed = []
    elif (waiting := next_file(staged.key_file)).exists():
        placed.append((waiting, next_file(settings.key_file)))
    if not (own := settings.backup.key_file(settings.home)).exists():
        copy = staged.home / "backup.key"
        copy.touch(mode=0o600)
        copy.write_bytes(read_key_file(backup_key))
        placed.append((copy, own))
    for source, target in placed:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _put(source, target)
    for folder in (settings.uploads, settings.home / "agencies"):
        folder.mkdir(mode=0o700, exist_ok=True)


def _carry_on(
    settings: Settings, registers: Sequence[Path], newest: EntryOf, signing: Sequence[bytes]
) -> None:
    """Put the lines into this home's register too: the next restore of an old backup needs them again.

    The last one says that what was restored has what they name, from its newest entry on.
    """
    own = settings.backup.register_file(settings.home)
    others = [file for file in registers if not (own.exists() and file.samefile(own))]
    lines = [line for file in others for line in read_lines(file, signing)]
    if registers:
        lines.append(RegisterLine(newest.number, hash=newest.hash, fate=Fate.REPEATED.value))
    try:
        if own.exists():
            with signed_again([own], signing, key=signing[0]):
                pass
        add_lines(own, lines, lambda: signing)
    except OSError as error:
        raise InvalidInputError("register", f"it cannot be written ({why_not(error)})") from None


def _accept_older(settings: Settings, newest: EntryOf, *, at: datetime) -> None:
    """Say in this home's file of anchors that the record goes on from here: it closes, where that fails."""
    file = settings.audit.anchor_file(settings.home)
    if file is not None and file.exists():
        with suppress(OSError):
            add_anchor(file, sequence=newest.number, hashed=newest.hash or "", at=at, accepts_older=True)


def _place_files(settings: Settings, files: dict[str, str]) -> tuple[str, ...]:
    """Put the operator's choices beside their places: they may name folders of another machine."""
    names = tuple(f"{name}.from-backup" for name in STORED_WITH if name in files)
    for name in names:
        (settings.home / name).write_text(files[name.removesuffix(".from-backup")], encoding="utf-8")
    return names


def _place_database(settings: Settings, place: Path) -> None:
    """Put SQLite's file in its place, as the last step: until then there is no record."""
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    if settings.database_url.startswith("sqlite:///"):
        _refuse_file_there(file)  # it took a while, and a process may have opened a record here
        mark_of(file).unlink(missing_ok=True)  # of a record that is lost
        _put(place / "stac.db", file)


def _put(source: Path, target: Path) -> None:
    """Move a file, with its mode, to its place: there it is whole and on the disk, or not at all.

    The place may be on another disk, so the file is brought beside it first.
    """
    beside = target.with_name(f".{target.name}.restoring")
    try:
        beside.touch(mode=0o600)  # others cannot read a copy while it is made
        shutil.move(source, beside)
        _wait_for_disk(beside)
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)
    _wait_for_disk(target.parent)


def _wait_for_disk(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
