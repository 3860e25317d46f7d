"""An agency's folder as the engine sees it: files with a digest and a date, settings, and the extract's seal.

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
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from pydantic import JsonValue

from engine.clock import SystemClock
from engine.domain.agency_files import ExtractSealed
from engine.domain.errors import InvalidInputError
from engine.hooks.records import AgencyRecords, RecordsFault, RecordsUnreadableError
from engine.hooks.seals import (
    LARGEST_SEAL,
    SEAL_FILE,
    Beside,
    ExtractNotWholeError,
    FileThere,
    Rows,
    as_seal,
    fallen,
    oldest_days,
    put_in_place,
    require_as_sealed,
    require_current,
    sealed_as,
    shown,
    told,
)
from engine.settings import ExtractSettings

SETTINGS_FILE = "agency-settings.toml"
INCOMING = "incoming"
"""The folder within an agency's own in which files wait to be imported: they are no part of its extract."""
_LARGEST_SETTINGS = 1_000_000
_MOST_FILES = 20_000
_DEEPEST = 20
_MOST_HASHED = 2_000_000_000
"""Bytes that are read for a digest; of what goes beyond, and of links, size and date are taken instead."""
_PIECE = 1_048_576
_LOOKS = 3
"""So often a folder that changes while it is read is read again."""

_File = tuple[str, int, int, int, int, bool]
"""Name, size, when it changed (contents, anything), number, and whether it is a link."""


@dataclass(frozen=True, kw_only=True)
class _Read:
    """What was read of a folder as it was seen: the records, the files' rows and digests, and the seal."""

    seen: tuple[_File, ...]
    records: AgencyRecords
    there: tuple[FileThere, ...]
    seal: bytes | None


class Extract:
    """The records in one folder. The files are read for their digest only when one of them has changed.

    ``terms`` say how old an extract may be and how far it may shrink, ``today`` what day it is.
    """

    def __init__(
        self,
        folder: Path,
        *,
        terms: ExtractSettings | None = None,
        today: Callable[[], date] | None = None,
    ) -> None:
        self.folder = folder.absolute()
        self._terms = terms or ExtractSettings()
        self._today = today or SystemClock().today
        self._beside = Beside(self.folder)
        self._lock = threading.Lock()
        self._newest: _Read | None = None
        self._relied_on: tuple[_Read, date] | None = None

    @property
    def code(self) -> str:
        """Whose it is: its folder bears the agency's code."""
        return self.folder.name

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
        """Where the records lie, now, whole or not. Raises RecordsUnreadableError for an unreadable file."""
        with self._lock:
            return self._now().records

    def whole(self) -> AgencyRecords:
        """The same of an extract that may be relied on: as it was sealed, of late, and not shrunk.

        Raises ExtractNotWholeError, and RecordsUnreadableError.
        """
        with self._lock:
            try:
                return self._relied()
            except ExtractNotWholeError:
                self._beside.wait()  # an import may be at it, and seals it at its end
                return self._relied()

    def is_still(self, records: AgencyRecords) -> bool:
        """Whether nothing has changed since these records were looked at; their files are not read again."""
        with self._lock:
            newest = self._newest
            if newest is None or newest.records is not records:
                return False
            try:
                return self._seen() == newest.seen
            except RecordsUnreadableError:
                return False

    def as_of(self) -> date | None:
        """The day of the sealed extract; None where there is no file. Raises as ``whole`` does."""
        with self._lock:
            read = self._now()
        if not read.there and read.seal is None:
            return None
        self.whole()
        seal = as_seal(read.seal)
        return seal.as_of if seal else None

    def require_unspoilt(self) -> None:
        """Before files are added: what is there is as it was sealed, or there is nothing yet.

        Otherwise the next seal would pass what was lost for whole. Raises ExtractNotWholeError.
        """
        with self._lock:
            read = self._now()
            if read.there or read.seal is not None:
                require_as_sealed(self.code, as_seal(read.seal), read.there)

    def alone(self) -> AbstractContextManager[None]:
        """While it is changed and sealed anew; who finds it changed meanwhile waits for that."""
        self.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._beside.alone()

    def seal(self, *, as_of: date | None = None, accept_fewer: bool = False) -> ExtractSealed:
        """Write the seal of what is there, as whole by the word of who seals it.

        ``as_of`` is the day as of which it holds; without it, that on which its newest file was written.
        Raises InvalidInputError for an empty folder, a day that is to come, and, unless they are accepted,
        tables that shrank.
        """
        with self._lock:
            read = self._now()
            if not read.there:
                raise InvalidInputError("extract", f"there is no file in agencies/{self.code} to seal")
            unchecked = [shown(file.name) for file in read.there if not file.sha256]
            if unchecked:
                raise InvalidInputError(
                    "extract",
                    f"{unchecked[0]} is a link or too large to be checked; put the file itself there",
                )
            on = as_of or read.records.dated or self._today()
            if on > self._today():
                raise InvalidInputError("as of", f"{on.isoformat()} is to come; give the extract's day")
            before = None
            try:
                before = self._beside.before()
                fell = fallen(on, read.there, before, percent=self._terms.may_shrink_percent)
            except ExtractNotWholeError as error:
                fell = (error.sentence,)
            if fell and not accept_fewer:
                raise InvalidInputError(
                    "extract", f"{'; '.join(fell)}. Deliver it whole, or seal it with --accept-fewer"
                )
            seal = sealed_as(on, read.there)
            put_in_place(self.folder / SEAL_FILE, seal)
            self._beside.keep(on, read.there)
            return told(seal, before)

    def seal_as_written(self, as_of: date, *, is_new: bool) -> None:
        """Write the seal after the engine had files written here: nobody is asked.

        ``is_new`` is said of a whole new extract. What files were added to falls short of the one before as
        far as it did already.
        """
        with self._lock:
            read = self._now()
            if not read.there or not all(file.sha256 for file in read.there):
                return
            put_in_place(self.folder / SEAL_FILE, sealed_as(as_of, read.there))
            if is_new:
                self._beside.keep(as_of, read.there)

    def _relied(self) -> AgencyRecords:
        read, on = self._now(), self._today()
        if self._relied_on is None or self._relied_on[0] is not read or self._relied_on[1] != on:
            self._relied_on = None
            self._require_reliable(read, on)
            self._relied_on = (read, on)
        return read.records

    def _require_reliable(self, read: _Read, on: date) -> None:
        seal = require_as_sealed(self.code, as_seal(read.seal), read.there)
        require_current(seal, on=on, oldest_days=oldest_days(self._terms, self.code))
        before = self._beside.before()
        fell = fallen(seal.as_of, read.there, before, percent=self._terms.may_shrink_percent)
        if fell:
            more = f" (and {len(fell) - 1} more)" if len(fell) > 1 else ""
            raise ExtractNotWholeError(
                f"{fell[0]}{more}; 'stac agencies seal {self.code} --accept-fewer' accepts that"
            )
        if before is None or (before.as_of, before.files) != (seal.as_of, _without_digests(read.there)):
            self._beside.keep(seal.as_of, read.there)

    def _now(self) -> _Read:
        """The folder as it is now. What changed while it was read is read again."""
        for _ in range(_LOOKS):
            seen = self._seen()
            if self._newest is not None and self._newest.seen == seen:
                return self._newest
            read = self._read(seen)
            if self._seen() == seen:
                self._newest = read
                return read
        raise ExtractNotWholeError("its files keep changing while they are read; ask again")

    def _seen(self) -> tuple[_File, ...]:
        seen = tuple(islice(self._look(self.folder, ""), _MOST_FILES + 1))
        if len(seen) > _MOST_FILES:
            raise RecordsUnreadableError(self.folder.name, RecordsFault.NOT_OPENED)
        return seen

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
            if not before and entry.name == INCOMING:
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

    def _read(self, seen: tuple[_File, ...]) -> _Read:
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
                content, rows = self._content(name, size)
                checked = content
                left -= size
            digest.update(f"{name}\0{size}\0{content}\n".encode())
            if name != SETTINGS_FILE:
                newest = changed if newest is None else max(newest, changed)
                there.append(FileThere(name=name, rows=rows, size=size, sha256=checked))
        records = AgencyRecords(
            folder=self.folder,
            settings=self._settings(),
            digest=digest.hexdigest(),
            dated=None if newest is None else _day(newest),
        )
        return _Read(seen=seen, records=records, there=tuple(there), seal=self._seal())

    def _content(self, name: str, size: int) -> tuple[str, int | None]:
        """The digest and the rows of a plain file. A plugin may have put anything in its place meanwhile."""
        digest, rows = hashlib.sha256(), Rows(name)
        try:
            with _plain_file(self.folder / name) as file:
                while size > 0 and (piece := file.read(min(size, _PIECE))):
                    digest.update(piece)
                    rows.take(piece)
                    size -= len(piece)
        except OSError:
            raise RecordsUnreadableError(Path(name).name, RecordsFault.NOT_OPENED) from None
        return digest.hexdigest(), rows.counted()

    def _seal(self) -> bytes | None:
        try:
            with _plain_file(self.folder / SEAL_FILE) as file:
                return file.read(LARGEST_SEAL)
        except FileNotFoundError:
            return None
        except OSError:
            raise RecordsUnreadableError(SEAL_FILE, RecordsFault.NOT_OPENED) from None

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


def _without_digests(there: tuple[FileThere, ...]) -> tuple[FileThere, ...]:
    return tuple(file.model_copy(update={"sha256": ""}) for file in there)


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
