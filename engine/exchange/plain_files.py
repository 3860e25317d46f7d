"""Refuses a folder, pipe or device before anything opens it: a pipe would be waited for."""

from __future__ import annotations

from pathlib import Path
from stat import S_ISDIR, S_ISREG

from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import cannot_be_read


def size_of_plain_file(path: Path, part: str) -> int:
    """Return its size in bytes; InvalidInputError if it is missing, a folder, or a pipe or device."""
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        raise InvalidInputError(part, cannot_be_read(error)) from None
    if S_ISDIR(found.st_mode):
        raise InvalidInputError(part, cannot_be_read(IsADirectoryError()))
    if not S_ISREG(found.st_mode):
        raise InvalidInputError(part, "it is a pipe or a device; save what it gives as a file")
    return found.st_size
