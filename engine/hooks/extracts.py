"""An agency's folder as the engine sees it: files with a digest and a date, and the agency's settings.

The agency's plugin can put anything into it: a link, a pipe, a file without end. None of these is followed or
waited for.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import threading
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from pydantic import JsonValue

from engine.hooks.records import AgencyRecords, RecordsFault, RecordsUnreadableError

SETTINGS_FILE = "agency-settings.toml"
_LARGEST_SETTINGS = 1_000_000
_MOST_FILES = 20_000
_DEEPEST = 20
_MOST_HASHED = 2_000_000_000
"""Bytes that are read for a digest; of what goes beyond, and of links, size and date are taken instead."""
_PIECE = 1_048_576

_File = tuple[str, int, int, int, int, bool]
"""Name, size, when it changed (contents, anything), number, and whether it is a link."""


class Extract:
    """The records in one folder. The files are read for their digest only when one of them has changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._lock = threading.Lock()
        self._newest: tuple[tuple[_File, ...], AgencyRecords] | None = None

    def make(self) -> None:
        """Make the folder, for nobody but this user, if it is not there."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def make_aside(self) -> Path:
        """An empty folder within it, in which a new extract is written before it is put in place."""
        self.make()
        aside = self.folder / ".writing"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        return aside

    def records(self) -> AgencyRecords:
        """Where the records lie, now. Raises RecordsUnreadableError when a file cannot be opened."""
        with self._lock:
            seen = tuple(islice(self._look(self.folder, ""), _MOST_FILES + 1))
            if len(seen) > _MOST_FILES:
                raise RecordsUnreadableError(self.folder.name, RecordsFault.NOT_OPENED)
            if self._newest is None or self._newest[0] != seen:
                self._newest = (seen, self._read(seen))
            return self._newest[1]

    def _look(self, folder: Path, before: str) -> Iterator[_File]:
        try:
            with os.scandir(folder) as entries:
                there = sorted(islice(entries, _MOST_FILES + 1), key=lambda each: each.name)
        except FileNotFoundError:
            return
        except OSError:
            raise RecordsUnreadableError(folder.name, RecordsFault.NOT_OPENED) from None
        for entry in there:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                if before.count("/") >= _DEEPEST:
                    raise RecordsUnreadableError(entry.name, RecordsFault.NOT_OPENED)
                yield from self._look(Path(entry.path), f"{before}{entry.name}/")
            elif entry.is_file():
                with contextlib.suppress(FileNotFoundError):  # it went away between two looks
                    found = entry.stat()
                    times = (found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
                    yield f"{before}{entry.name}", found.st_size, *times, entry.is_symlink()

    def _read(self, seen: tuple[_File, ...]) -> AgencyRecords:
        digest = hashlib.sha256()
        newest: int | None = None
        left = _MOST_HASHED
        for name, size, changed, _, number, is_link in seen:
            if is_link or size > left:
                content = f"{changed} {number}"
            else:
                content = self._content(name, size)
                left -= size
            digest.update(f"{name}\0{size}\0{content}\n".encode())
            if name != SETTINGS_FILE:
                newest = changed if newest is None else max(newest, changed)
        return AgencyRecords(
            folder=self.folder,
            settings=self._settings(),
            digest=digest.hexdigest(),
            dated=None if newest is None else _day(newest),
        )

    def _content(self, name: str, size: int) -> str:
        """The digest of a plain file. A plugin may have put anything in its place since it was looked at."""
        digest = hashlib.sha256()
        try:
            with _plain_file(self.folder / name) as file:
                while size > 0 and (piece := file.read(min(size, _PIECE))):
                    digest.update(piece)
                    size -= len(piece)
        except OSError:
            raise RecordsUnreadableError(Path(name).name, RecordsFault.NOT_OPENED) from None
        return digest.hexdigest()

    def _settings(self) -> dict[str, JsonValue]:
        try:
            with _plain_file(self.folder / SETTINGS_FILE) as file:
                if os.fstat(file.fileno()).st_size > _LARGEST_SETTINGS:
                    raise OSError("too large")
                read = tomllib.loads(file.read(_LARGEST_SETTINGS).decode())
            return {key: _plain(value) for key, value in read.items()}
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError):
            raise RecordsUnreadableError(SETTINGS_FILE, RecordsFault.NOT_OPENED) from None
        except (tomllib.TOMLDecodeError, RecursionError):
            raise RecordsUnreadableError(SETTINGS_FILE, RecordsFault.BAD_LINE) from None


def _plain_file(path: Path) -> BinaryIO:
    """An open file that is no link, pipe or device. Raises OSError."""
    opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise OSError("no plain file")
    return os.fdopen(opened, "rb")


def _plain(value: object) -> JsonValue:
    """TOML has dates and JSON has none: a date becomes its text."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool) else str(value)


def _day(nanoseconds: int) -> date:
    return datetime.fromtimestamp(nanoseconds / 1e9, tz=UTC).date()
