"""The feed of security events: a file of lines of JSON that the watch of an installation reads."""

from __future__ import annotations

import os
from contextlib import suppress

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
            handle = os.open(self._file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
            try:
                os.write(handle, f"{line}\n".encode())  # one write: processes share the file
            finally:
                os.close(handle)


def can_be_written(settings: Settings) -> bool:
    """Return whether the file of the feed can be written; True where none is named."""
    file = settings.audit.events_file(settings.home)
    if file is None:
        return True
    return os.access(file if file.exists() else file.parent, os.W_OK)
