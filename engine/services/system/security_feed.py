"""The feed of security events: a file of lines of JSON that the watch of an installation reads."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from engine.domain.system.audit import AuditEntry
from engine.domain.system.security_events import event_line
from engine.settings import Settings


class SecurityFeed:
    """Adds a line for each entry that is an event, once the entry is committed.

    A file that cannot be written refuses no act: the daily verification says so.
    """

    def __init__(self, settings: Settings) -> None:
        self._file = settings.audit.events_file(settings.home)

    def __call__(self, entry: AuditEntry, number: int) -> None:
        """Add the line of this entry, if it is an event and a file is named."""
        if self._file is None or (line := event_line(entry, number)) is None:
            return
        with suppress(OSError):
            handle = _opened(self._file)
            try:
                os.write(handle, f"{line}\n".encode())  # one write: processes share the file
            finally:
                os.close(handle)


def can_be_written(settings: Settings) -> bool:
    """Return whether the file of the feed can be written; True where none is named."""
    file = settings.audit.events_file(settings.home)
    if file is None:
        return True
    try:
        os.close(_opened(file))
    except OSError:
        return False
    return True


def _opened(file: Path) -> int:
    """Open it to add a line. A pipe without a reader is refused: it would hold up every act."""
    return os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY | os.O_NONBLOCK, 0o600)
