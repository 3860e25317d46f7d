"""Files while they are received and read: a place for each, locked by its process, and nothing that stays.

A file is in the home folder, outside anything that is served, under a name of our own. Knows no kind of file.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from engine.clock import Clock
from engine.domain.errors import InvalidInputError
from engine.settings import Settings

MIB = 1024 * 1024
LEFT_AFTER = timedelta(hours=1)
"""Longer than any file is received or read: what is older was left by a process that was killed."""
UNLOCKED_FOR = timedelta(minutes=1)
"""Longer than a file or folder that was made waits for its lock."""
_OURS = ".sent"
_UNPACKED = ".unpacked"
"""Ending of a folder where uploads are read: it does not count as a file that is being received."""
_MOST_AT_ONCE = 8


class Landing:
    """A file being received, written as it comes and never larger than it may be."""

    def __init__(self, path: Path, out: BinaryIO, most: int) -> None:
        self.path, self._out, self._most = path, out, most
        self._bytes = 0

    def expects(self, text: str | None) -> None:
        """Refuse a file whose announced size is too large, before it comes."""
        if text is not None and text.isdecimal() and int(text) > self._most:
            raise too_large(self._most)

    def add(self, part: bytes) -> None:
        """Write the next part; refuse a file that grows too large immediately."""
        self._bytes += len(part)
        if self._bytes > self._most:
            raise too_large(self._most)
        self._out.write(part)

    def whole(self) -> None:
        """Flush the file: all of it has come and it can be read."""
        self._out.flush()


@contextmanager
def landing(*, clock: Clock, settings: Settings, most_mib: int | None = None) -> Iterator[Landing]:
    """Open a place for one file, readable by one person only, that is deleted afterwards in every case.

    ``most_mib`` is how large it may be where that is not the size of a file of referrals.
    """
    settings.uploads.mkdir(mode=0o700, exist_ok=True)
    sweep_uploads(settings, before=clock.now() - LEFT_AFTER)
    if sum(1 for _ in settings.uploads.glob(f"*{_OURS}")) >= _MOST_AT_ONCE:
        raise InvalidInputError(
            "file", "other files are being imported now; import this file again in 1 minute"
        )
    path = settings.uploads / f"{secrets.token_hex(16)}{_OURS}"
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield Landing(path, out, (most_mib or settings.largest_upload_mib) * MIB)
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def unpacking(settings: Settings) -> Iterator[Path]:
    """Open a folder for files while they are read; it is deleted afterwards in every case."""
    settings.uploads.mkdir(mode=0o700, exist_ok=True)
    with TemporaryDirectory(dir=settings.uploads, suffix=_UNPACKED) as place:
        handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield Path(place)
        finally:
            os.close(handle)


def too_large(most: int) -> InvalidInputError:
    """Return the error for a file that is larger than it may be, before or while it comes."""
    return InvalidInputError("file", f"larger than {most // MIB} MiB; divide it into several files")


def sweep_uploads(settings: Settings, *, before: datetime) -> None:
    """Delete what a process left behind when it was killed; nothing else is in this folder.

    Who receives or reads a file has it locked, in whichever process, and the lock ends with the process.
    """
    for file in settings.uploads.glob("*"):
        with suppress(OSError):
            if file.lstat().st_mtime < before.timestamp() and not _is_used(file):
                shutil.rmtree(file) if file.is_dir() else file.unlink()


def _is_used(file: Path) -> bool:
    handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
