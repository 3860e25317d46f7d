"""An agency's extract as the engine sees it: where it is, whether it may be relied on, and its seal."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

from engine.clock import SystemClock
from engine.domain.agencies.files import ExtractRead, ExtractSealed, TableRows, TableSealed
from engine.domain.errors import InvalidInputError
from engine.hooks.extract_before import Beside, put_in_place
from engine.hooks.extract_reading import INCOMING, SETTINGS_FILE, FolderRead, read_folder, seen_in
from engine.hooks.records import AgencyRecords, RecordsUnreadableError
from engine.hooks.seals import (
    SEAL_FILE,
    ExtractNotWholeError,
    FileThere,
    as_seal,
    empty,
    fallen,
    fewer,
    oldest_days,
    require_as_sealed,
    require_current,
    rows_by_table,
    seal_summary,
    sealed_as,
    shown,
)
from engine.settings import ExtractSettings

__all__ = ["INCOMING", "SETTINGS_FILE", "Extract"]

_LOOKS = 3
"""So often a folder that changes while it is read is read again."""


class Extract:
    """The records in one folder. The files are read for their digest only when one of them has changed.

    ``terms`` say how old an extract may be and how much it may shrink, ``today`` the date.
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
        self._newest: FolderRead | None = None
        self._relied_on: tuple[FolderRead, date] | None = None

    @property
    def code(self) -> str:
        """Agency whose it is: its folder bears the agency's code."""
        return self.folder.name

    def make(self) -> None:
        """Make the folder, only for this user, if it is missing."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def make_aside(self) -> Path:
        """Return an empty folder within it, in which a new extract is written before it is put in place."""
        self.make()
        aside = self.folder / ".writing"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        return aside

    def records(self) -> AgencyRecords:
        """Return the present records, whole or not. Raises RecordsUnreadableError for an unreadable file."""
        with self._lock:
            return self._now().records

    def whole(self) -> AgencyRecords:
        """Return the same of an extract that may be relied on: as it was sealed, of late, and not shrunk.

        Raises ExtractNotWholeError, and RecordsUnreadableError.
        """
        with self._lock:
            try:
                return self._relied()
            except ExtractNotWholeError:
                self._beside.wait()  # an import may be at it, and seals it at its end
                return self._relied()

    def not_whole_because(self) -> str | None:
        """Return why nothing is answered from it as it is now; None when it may be relied on."""
        try:
            self.whole()
        except (ExtractNotWholeError, RecordsUnreadableError) as error:
            return error.sentence
        return None

    def files(self) -> tuple[TableSealed, ...]:
        """Return its files and the rows of its tables as they are there, sealed or not."""
        with self._lock:
            there = self._now().there
        return tuple(TableSealed(name=file.name, rows=file.rows) for file in there)

    def is_still(self, records: AgencyRecords) -> bool:
        """Return whether nothing has changed since these records were read.

        Their files are not read again.
        """
        with self._lock:
            newest = self._newest
            if newest is None or newest.records is not records:
                return False
            try:
                return seen_in(self.folder) == newest.seen
            except RecordsUnreadableError:
                return False

    def as_of(self) -> date | None:
        """Return the day of the sealed extract; None if the file does not exist. Raises as ``whole`` does."""
        with self._lock:
            read = self._now()
        if not read.there and read.seal is None:
            return None
        self.whole()
        seal = as_seal(read.seal)
        return seal.as_of if seal else None

    def tables(self) -> tuple[TableRows, ...]:
        """Return the rows of each table as its seal states them; none where no mapping read it."""
        with self._lock:
            seal = as_seal(self._now().seal)
        return seal.tables if seal else ()

    def require_unspoilt(self) -> None:
        """Require, before files are added, that the extract is as it was sealed,
        or that there is nothing yet.

        Otherwise the next seal would pass what was lost for whole. Raises ExtractNotWholeError.
        """
        with self._lock:
            read = self._now()
            if read.there or read.seal is not None:
                require_as_sealed(self.code, as_seal(read.seal), read.there)

    def alone(self) -> AbstractContextManager[None]:
        """Hold the lock while it is changed and sealed again.

        A reader that finds it changed meanwhile waits for that.
        """
        self.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._beside.alone()

    def seal(
        self,
        *,
        as_of: date | None = None,
        accept_fewer: bool = False,
        reason: str | None = None,
        read: ExtractRead | None = None,
        read_of: str | None = None,
    ) -> ExtractSealed:
        """Write the seal of what is there, as whole, which its sealer confirms.

        ``as_of`` is the day as of which it is right; without it, the day when its newest file was written.
        ``read`` is what the agency's mapping made of the extract with the digest ``read_of``.
        Raises InvalidInputError for an empty folder, a day that is to come, tables that shrank unless they
        are accepted, and fewer rows than before without a reason.
        """
        with self._lock:
            there = self._now()
            self._require_sealable(there, read_of)
            on = as_of or there.records.dated or self._today()
            if on > self._today():
                raise InvalidInputError("as of", f"{on.isoformat()} is to come; give the extract's day")
            tables, before = rows_by_table(read), None
            try:
                before = self._beside.before()
                fell = fallen(on, there.there, before, percent=self._terms.may_shrink_percent)
            except ExtractNotWholeError as error:
                fell = (error.sentence,)
            if fell and not accept_fewer:
                raise InvalidInputError(
                    "extract",
                    f"{'; '.join(fell)}. Deliver it whole, or seal it with --accept-fewer and --reason",
                )
            less = (*fewer(there.there, tables, before), *fell, *empty(read))
            if less and not reason:
                raise InvalidInputError(
                    "reason",
                    f"{'; '.join(dict.fromkeys(less))}. Correct it, or give the reason with --reason",
                )
            seal = sealed_as(on, there.there, tables=tables, reason=reason)
            put_in_place(self.folder / SEAL_FILE, seal)
            self._beside.keep(on, there.there, tables)
            return seal_summary(seal, before, read)

    def _require_sealable(self, there: FolderRead, read_of: str | None) -> None:
        if not there.there:
            raise InvalidInputError(
                "extract", f"agencies/{self.code} has no file to seal; put the extract there"
            )
        unchecked = [shown(file.name) for file in there.there if not file.sha256]
        if unchecked:
            raise InvalidInputError(
                "extract",
                f"{unchecked[0]} is a link or too large to be checked; put the file itself there",
            )
        if read_of is not None and read_of != there.records.digest:
            raise ExtractNotWholeError("its files changed while they were read; seal it again")

    def seal_as_written(self, as_of: date, *, is_new: bool) -> None:
        """Write the seal after the engine had files written here: no confirmation is asked.

        ``is_new`` is said of a whole new extract. What files were added to falls short of the one before as
        far as it did already.
        """
        with self._lock:
            read = self._now()
            if not read.there or not all(file.sha256 for file in read.there):
                return
            put_in_place(self.folder / SEAL_FILE, sealed_as(as_of, read.there))
            if is_new:
                self._beside.keep(as_of, read.there, ())

    def _relied(self) -> AgencyRecords:
        read, on = self._now(), self._today()
        if self._relied_on is None or self._relied_on[0] is not read or self._relied_on[1] != on:
            self._relied_on = None
            self._require_reliable(read, on)
            self._relied_on = (read, on)
        return read.records

    def _require_reliable(self, read: FolderRead, on: date) -> None:
        seal = require_as_sealed(self.code, as_seal(read.seal), read.there)
        require_current(seal, on=on, oldest_days=oldest_days(self._terms, self.code))
        before = self._beside.before()
        fell = fallen(seal.as_of, read.there, before, percent=self._terms.may_shrink_percent)
        if fell:
            more = f" (and {len(fell) - 1} more)" if len(fell) > 1 else ""
            raise ExtractNotWholeError(
                f"{fell[0]}{more}; 'stac agency seal {self.code} --accept-fewer' accepts that"
            )
        if before is None or (before.as_of, before.files) != (seal.as_of, _without_digests(read.there)):
            self._beside.keep(seal.as_of, read.there, seal.tables or (before.tables if before else ()))

    def _now(self) -> FolderRead:
        """Return the folder as it is now. What changed while it was read is read again."""
        for _ in range(_LOOKS):
            seen = seen_in(self.folder)
            if self._newest is not None and self._newest.seen == seen:
                return self._newest
            read = read_folder(self.folder, seen)
            if seen_in(self.folder) == seen:
                self._newest = read
                return read
        raise ExtractNotWholeError("its files change while they are read; ask again")


def _without_digests(there: tuple[FileThere, ...]) -> tuple[FileThere, ...]:
    return tuple(file.model_copy(update={"sha256": ""}) for file in there)
