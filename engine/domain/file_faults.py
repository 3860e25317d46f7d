"""Why a file could not be read or written, in words that a person can act on. Knows no file."""

from __future__ import annotations

import errno
from typing import Final

_BY_KIND: Final[tuple[tuple[type[Exception], str], ...]] = (
    (FileNotFoundError, "no such file or folder"),
    (IsADirectoryError, "it is a folder"),
    (NotADirectoryError, "a part of its path is not a folder"),
    (PermissionError, "this account has no permission"),
    (FileExistsError, "it exists already"),
    (UnicodeError, "it is not UTF-8 text"),
    (TimeoutError, "it took too long"),
)
_BY_NUMBER: Final = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "this account's part of the disk is full",
    errno.EROFS: "the disk can only be read",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ELOOP: "its links lead in a circle",
    errno.ESPIPE: "it is a pipe or a device; put a file in its place",
    errno.ENXIO: "it is a socket or a device; put a file in its place",
}
OTHERWISE: Final = "the system refused it"


def why_not(error: Exception) -> str:
    """Return the reason in a few words: no name of a class, of a file or of a folder."""
    if isinstance(error, OSError) and error.errno in _BY_NUMBER:
        return _BY_NUMBER[error.errno]
    said = next((words for kind, words in _BY_KIND if isinstance(error, kind)), None)
    if said is not None:
        return said
    return OTHERWISE if isinstance(error, OSError) else f"a fault, {type(error).__name__}"


def cannot_be_read(error: Exception) -> str:
    """Return what a refusal says: what is wrong with the file, and what to do where that is known."""
    if isinstance(error, FileNotFoundError):
        return "the file was not found; check its name"
    if isinstance(error, IsADirectoryError):
        return "it is a folder; name a file in it"
    return f"cannot be read ({why_not(error)})"
