"""A reserve on the disk of the home: removed when the disk is full, for reading and for alarms.

Each view is an entry, so a full disk would close the record for reading and for acknowledging an alarm too.
"""

from __future__ import annotations

import logging
import os
import shutil
from contextlib import suppress

from engine.domain.errors import RecordError, RecordFault
from engine.services.system.older_record import STAYS_OPEN
from engine.settings import Settings

FILE = "reserve"
SIZE = 64_000_000
"""Bytes of the reserve: some tens of thousands of views."""
_NEARLY_FULL = 8_000_000
"""With fewer bytes free the reserve is removed; a change needs less."""
_MADE_AGAIN = 2 * SIZE
"""With so many bytes free the reserve is made (again)."""
ON_RESERVE = (
    "The disk is full. You can read, and acknowledge alarms; nothing else is recorded. Ask an operator to "
    "make room now. What you typed stays in its form."
)
_LOG = logging.getLogger(__name__)


class Reserve:
    """Holds the room for reading and for alarms in a home, and refuses all else once it is removed."""

    def __init__(self, settings: Settings) -> None:
        self._home, self._file = settings.home, settings.home / FILE
        self._holds_record = settings.database_url.startswith("sqlite")

    @property
    def is_given_up(self) -> bool:
        """True while the disk is full and what is left is for reading and for alarms."""
        return self._holds_record and not self._file.exists() and self._free() < _NEARLY_FULL + SIZE

    def keep(self) -> None:
        """Make the reserve where it is missing and there is room. The background service does it."""
        if self._holds_record and not self._file.exists() and self._free() >= _MADE_AGAIN:
            self._make()

    def before(self, what: str, *, changes: bool) -> None:
        """Make room before an act. Raises RecordError for a change that is not of an alarm on a full disk."""
        if not self._holds_record or (free := self._free()) >= _NEARLY_FULL + SIZE:
            return
        if free < _NEARLY_FULL and self._file.exists():
            with suppress(OSError):
                self._file.unlink()
            _LOG.error("the disk of the home folder is full: the reserve was removed")
        if changes and what not in STAYS_OPEN and not self._file.exists():
            raise RecordError(RecordFault.FULL, "what is left is for reading and for alarms")

    def _free(self) -> int:
        try:
            return shutil.disk_usage(self._home).free
        except OSError:
            return _MADE_AGAIN - 1  # not known: nothing is removed or made

    def _make(self) -> None:
        """Fill the file with real blocks. A disk that cannot is left without."""
        aside = self._file.with_name(f"{FILE}.{os.getpid()}")
        try:
            handle = os.open(aside, os.O_CREAT | os.O_WRONLY, 0o600)
            try:
                os.posix_fallocate(handle, 0, SIZE)
            finally:
                os.close(handle)
            aside.replace(self._file)
        except OSError:
            with suppress(OSError):
                aside.unlink()
