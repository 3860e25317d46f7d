"""Changing the key that seals backups. The former key stays beside the new one, for the older backups.

Every step may be killed and started again: the new key is made once, and is in use or not.
"""

from __future__ import annotations

import os
from pathlib import Path

from engine.clock import Clock
from engine.domain.accounts.acting import flow_acting
from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import why_not
from engine.exchange.sealed_files import make_key, read_key, sealed_with
from engine.services.system.backups import BACKUP, COPY, KEYS, alone
from engine.settings import Settings
from engine.store.unit_of_work import UnitOfWork


class BackupKeyRotated(Frozen):
    """A change of the key of backups: a key's name shows nothing of the key."""

    key: str
    former: str
    former_file: Path
    went_on: bool
    older_backups: int
    not_needed: tuple[Path, ...]
    """Former keys that open none of the backups in the folders of the settings: they may be destroyed."""


def rotate(*, uow: UnitOfWork, clock: Clock, settings: Settings) -> BackupKeyRotated:
    """Make a new key for the backups from now on, and store the former one beside it under its own name.

    Backups that exist stay sealed with the former key. A change that was interrupted continues with the
    key that it made.

    Raises
    ------
    InvalidInputError
        There is no key yet, or its folder cannot be written.
    SetupError
        A backup of this home is being made.
    """
    file = settings.backup.key_file(settings.home)
    with alone(settings.home):
        former = read_key(file)
        new, retired = file.with_name(f"{file.name}.new"), retired_key(file, former.name)
        went_on = not make_key(new)
        if went_on and new.stat().st_size == 0:  # killed before it was written
            new.unlink()
            make_key(new)
        key = read_key(new)
        acting = flow_acting("change the key of backups", "operator")
        with uow.writing(acting=acting, what="change the key of backups", at=clock.now()) as work:
            work.notes(key=key.name.hex(), former=former.name.hex(), went_on=int(went_on))
        try:
            if not retired.exists():
                os.link(file, retired)
            os.replace(new, file)
        except OSError as error:
            raise InvalidInputError("backup key", f"it cannot be changed ({why_not(error)})") from None
        counts = _sealed_by_key(settings)
    return BackupKeyRotated(
        key=key.name.hex(),
        former=former.name.hex(),
        former_file=retired,
        went_on=went_on,
        older_backups=counts.get(former.name, 0),
        not_needed=tuple(
            each
            for each in sorted(file.parent.glob(file.with_name(f"{file.stem}-*{file.suffix}").name))
            if not counts.get(read_key(each).name)
        ),
    )


def retired_key(file: Path, name: bytes) -> Path:
    """Return the place of a former key of this name."""
    return file.with_name(f"{file.stem}-{name.hex()}{file.suffix}")


def _sealed_by_key(settings: Settings) -> dict[bytes, int]:
    """Return how many files of backups each key opens, by the key's name."""
    counts: dict[bytes, int] = {}
    chosen = settings.backup
    for folder, suffix in ((chosen.folder, BACKUP), (chosen.folder, COPY), (chosen.keys_folder, KEYS)):
        for each in folder.glob(f"*{suffix}") if folder else ():
            name = sealed_with(each)
            if name is not None:
                counts[name] = counts.get(name, 0) + (suffix != KEYS)
    return counts
