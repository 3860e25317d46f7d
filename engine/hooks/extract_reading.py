"""Reading an agency's folder: its files by digest and rows, its settings, and the seal as it is there.

The agency's plugin can put anything into it: a link, a pipe, a file without end. None of these is followed or
waited for.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from pydantic import JsonValue

from engine.hooks.records import AgencyRecords, RecordsFault, RecordsUnreadableError
from engine.hooks.seals import LARGEST_SEAL, SEAL_FILE, FileThere, Rows

SETTINGS_FILE = "agency-settings.toml"
INCOMING = "incoming"
"""The folder within an agency's own where files wait to be imported: they are not part of its extract."""
_LARGEST_SETTINGS = 1_000_000
_MOST_FILES = 20_000
_DEEPEST = 20
_MOST_HASHED = 2_000_000_000
"""Bytes that are read for a digest; of what goes beyond, and of links, size and date are taken instead."""
_PIECE = 1_048_576

Seen = tuple[str, int, int, int, int, bool]
"""A file: its name, size, when it changed (contents, anything), number, and whether it is a link."""


@dataclass(frozen=True, kw_only=True)
class FolderRead:
    """Contents of a folder as it was seen: the records, the files' rows and digests, and the seal."""

    seen: tuple[Seen, ...]
    records: AgencyRecords
    there: tuple[FileThere, ...]
    seal: bytes | None


def seen_in(whole: Path) -> tuple[Seen, ...]:
    """Return what is in a folder, by names, sizes and dates. Raises RecordsUnreadableError."""
    seen = tuple(islice(_look(whole, ""), _MOST_FILES + 1))
    if len(seen) > _MOST_FILES:
        raise RecordsUnreadableError(whole.name, RecordsFault.NOT_OPENED)
    return seen


def read_folder(whole: Path, seen: tuple[Seen, ...]) -> FolderRead:
    """Return the files of a folder as they were seen there. Raises RecordsUnreadableError."""
    digest = hashlib.sha256()
    newest: int | None = None
    left = _MOST_HASHED
    there: list[FileThere] = []
    for name, size, changed, _, number, is_link in seen:
        if name == SEAL_FILE:
            continue
        checked, rows = "", None
        if is_link or size > left:
            content = f"{changed} {number}"
        else:
            content, rows = _content(whole / name, size)
            checked = content
            left -= size
        digest.update(f"{name}\0{size}\0{content}\n".encode())
        if name != SETTINGS_FILE:
            newest = changed if newest is None else max(newest, changed)
            there.append(FileThere(name=name, rows=rows, size=size, sha256=checked))
    records = AgencyRecords(
        folder=whole,
        settings=_settings(whole),
        digest=digest.hexdigest(),
        dated=None if newest is None else _day(newest),
    )
    return FolderRead(seen=seen, records=records, there=tuple(there), seal=_seal(whole))


def _look(folder: Path, before: str) -> Iterator[Seen]:
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
        if not before and entry.name == INCOMING:
            continue
        if entry.is_dir(follow_symlinks=False):
            if before.count("/") >= _DEEPEST:
                raise RecordsUnreadableError(entry.name, RecordsFault.NOT_OPENED)
            yield from _look(Path(entry.path), f"{before}{entry.name}/")
        elif entry.is_file():
            with contextlib.suppress(FileNotFoundError):  # it went away between two reads
                found = entry.stat()
                times = (found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
                yield f"{before}{entry.name}", found.st_size, *times, entry.is_symlink()


def _content(place: Path, size: int) -> tuple[str, int | None]:
    """Return the digest and the rows of a plain file.

    A plugin may have put anything in its place meanwhile.
    """
    digest, rows = hashlib.sha256(), Rows(place.name)
    try:
        with _plain_file(place) as file:
            while size > 0 and (piece := file.read(min(size, _PIECE))):
                digest.update(piece)
                rows.take(piece)
                size -= len(piece)
    except OSError:
        raise RecordsUnreadableError(place.name, RecordsFault.NOT_OPENED) from None
    return digest.hexdigest(), rows.counted()


def _seal(whole: Path) -> bytes | None:
    try:
        with _plain_file(whole / SEAL_FILE) as file:
            return file.read(LARGEST_SEAL)
    except FileNotFoundError:
        return None
    except OSError:
        raise RecordsUnreadableError(SEAL_FILE, RecordsFault.NOT_OPENED) from None


def _settings(whole: Path) -> dict[str, JsonValue]:
    try:
        with _plain_file(whole / SETTINGS_FILE) as file:
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
    """Return an open file that is not a link, pipe or device. Raises OSError."""
    opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise OSError("not a plain file")
    return os.fdopen(opened, "rb")


def _plain(value: object) -> JsonValue:
    """Return it plain: TOML has dates and JSON has none, so a date becomes its text."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool) else str(value)


def _day(nanoseconds: int) -> date:
    return datetime.fromtimestamp(nanoseconds / 1e9, tz=UTC).date()
