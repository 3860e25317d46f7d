"""An agency's folder as the engine sees it: files with a digest and a date, and the operator's settings."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import threading
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import JsonValue

from engine.hooks.records import AgencyRecords, RecordsFault, RecordsUnreadableError

SETTINGS_FILE = "agency-settings.toml"
_ENVIRONMENT = "environment"
_READS = "reads"

_Seen = tuple[tuple[str, int, int, int, int], ...]


class Extract:
    """The records in one folder. The files are read for their digest only when one of them has changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._lock = threading.Lock()
        self._newest: tuple[_Seen, AgencyRecords] | None = None

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
            seen = tuple(self._look(self.folder, ""))
            if self._newest is None or self._newest[0] != seen:
                self._newest = (seen, self._read(seen))
            return self._newest[1]

    @staticmethod
    def environment_named(records: AgencyRecords) -> tuple[str, ...]:
        """The environment variables that the operator lets this agency have."""
        named = records.settings.get(_ENVIRONMENT)
        return tuple(name for name in named if isinstance(name, str)) if isinstance(named, list) else ()

    @staticmethod
    def reads_named(records: AgencyRecords) -> tuple[Path, ...]:
        """The files and folders elsewhere that the operator lets this agency read."""
        named = records.settings.get(_READS)
        return tuple(Path(name) for name in named if isinstance(name, str)) if isinstance(named, list) else ()

    def _look(self, folder: Path, before: str) -> Iterator[tuple[str, int, int, int, int]]:
        try:
            with os.scandir(folder) as entries:
                there = sorted(entries, key=lambda each: each.name)
        except FileNotFoundError:
            return
        except OSError:
            raise RecordsUnreadableError(folder.name, RecordsFault.NOT_OPENED) from None
        for entry in there:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from self._look(Path(entry.path), f"{before}{entry.name}/")
            elif entry.is_file():
                with contextlib.suppress(FileNotFoundError):  # it went away between two looks
                    found = entry.stat()
                    seen = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
                    yield f"{before}{entry.name}", *seen

    def _read(self, seen: _Seen) -> AgencyRecords:
        digest = hashlib.sha256()
        newest: int | None = None
        for name, size, changed, _, _ in seen:
            try:
                with open(self.folder / name, "rb") as file:
                    content = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError:
                raise RecordsUnreadableError(Path(name).name, RecordsFault.NOT_OPENED) from None
            digest.update(f"{name}\0{size}\0{content}\n".encode())
            if name != SETTINGS_FILE:
                newest = changed if newest is None else max(newest, changed)
        return AgencyRecords(
            folder=self.folder,
            settings=self._settings(),
            digest=digest.hexdigest(),
            dated=None if newest is None else _day(newest),
        )

    def _settings(self) -> dict[str, JsonValue]:
        try:
            read = tomllib.loads((self.folder / SETTINGS_FILE).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError):
            raise RecordsUnreadableError(SETTINGS_FILE, RecordsFault.NOT_OPENED) from None
        except tomllib.TOMLDecodeError:
            raise RecordsUnreadableError(SETTINGS_FILE, RecordsFault.BAD_LINE) from None
        return {key: _plain(value) for key, value in read.items()}


def _plain(value: object) -> JsonValue:
    """TOML has dates and JSON has none: a date becomes its text."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool) else str(value)


def _day(nanoseconds: int) -> date:
    return datetime.fromtimestamp(nanoseconds / 1e9, tz=UTC).date()
