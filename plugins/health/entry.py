"""One resource as a file has it, and why a file as a whole cannot be read. Knows no format of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One resource: its place in the file, what it says, or why it says nothing."""

    where: str
    content: Mapping[str, object] | None
    full_url: str | None = None
    fault: str | None = None


class FileUnreadableError(Exception):
    """A file as a whole cannot be read, and why: one sentence."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)
