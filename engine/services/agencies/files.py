"""Importing an agency's files: copied into its own folder, read by its own plugin, and removed again.

Knows no agency's format. The record stores who imported how many files, their digest and counts: no more.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engine.access.policy import require_hand_over
from engine.domain.agencies.files import AgencyFilesRead, FileRead
from engine.domain.errors import InvalidInputError, NotFoundError, SetupError
from engine.domain.file_faults import why_not
from engine.domain.responses.answers import Failed
from engine.hooks.extracts import INCOMING
from engine.hooks.registry import agencies_folder
from engine.services.context import AgencyContext, Context

MOST_FILES = 100
LARGEST = 256 * 1_048_576
_PIECE = 1_048_576


@dataclass(frozen=True, kw_only=True)
class _Copied:
    """One file on its way: the plain name of its copy, or why there is none."""

    given: str
    name: str | None = None
    begun: str | None = None
    digest: str | None = None
    error: str | None = None


def import_agency_files(
    context: AgencyContext, *, agency: str, files: Sequence[Path]
) -> AgencyFilesRead | Failed:
    """Give files to an agency's plugin; return what became of each, in the order given.

    A file that cannot be copied is reported and the others are read. Nothing is left behind in ``incoming``.

    Raises
    ------
    InvalidInputError
        No file is given, or too many at a time.
    NotFoundError
        No such agency is installed.
    NotPermittedError
        The person who acts may not import this agency's files.
    SetupError
        The agency's folder for incoming files cannot be used.
    """
    agencies = context.agencies
    if agency not in agencies.codes:
        raise NotFoundError("agency", agency, instead=f"installed are {', '.join(agencies.codes) or 'none'}")
    require_hand_over(context.acting, agency)
    if not 1 <= len(files) <= MOST_FILES:
        raise InvalidInputError("files", f"give 1 to {MOST_FILES} at a time")
    incoming = agencies_folder(context.settings.home, agency) / INCOMING
    copied: list[_Copied] = []
    try:
        with _opened(incoming) as folder:
            copied = [_copied(file, number, folder) for number, file in enumerate(files, start=1)]
            names = [one.name for one in copied if one.name is not None]
            read = agencies.import_files(agency, names) if names else AgencyFilesRead(files=())
    finally:
        _clear(incoming, copied)
    if isinstance(read, AgencyFilesRead):
        read = _as_given(copied, read)
    _record(context, agency, copied, read)
    return read


@contextlib.contextmanager
def _opened(incoming: Path) -> Iterator[int]:
    """Open the folder, made for this user only, and never one that a link leads to."""
    try:
        for folder in (incoming.parent, incoming):  # `parents=True` would give the first the usual mode
            folder.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(incoming, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise SetupError(
            f"the agency's folder for incoming files cannot be used ({why_not(error)}); check that "
            "it is a folder and not a link"
        ) from None
    try:
        yield handle
    finally:
        os.close(handle)


def _copied(file: Path, number: int, folder: int) -> _Copied:
    """Copy a plain file under a plain name of its own."""
    name = f"{secrets.token_hex(4)}-{number:03}-{_plain(file.name)}"
    try:
        with os.fdopen(_plain_file(file), "rb") as source:
            if os.fstat(source.fileno()).st_size > LARGEST:
                raise _NoPlainFileError(f"It is larger than {LARGEST // 1_048_576} MB; split it.")
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW
            with os.fdopen(os.open(name, flags, 0o600, dir_fd=folder), "wb") as target:
                return _Copied(given=file.name, name=name, digest=_poured(source, target))
    except _NoPlainFileError as error:
        return _Copied(given=file.name, error=error.args[0])
    except FileNotFoundError:
        return _Copied(given=file.name, error="The file was not found.")
    except OSError as error:
        # the copy may have been begun: its name is noted so that it is deleted
        why = f"It cannot be read ({why_not(error)})."
        return _Copied(given=file.name, begun=name, error=why)


class _NoPlainFileError(Exception):
    """An input that is not a file to copy; one sentence says why."""


def _plain_file(file: Path) -> int:
    """Open a plain file without waiting and without following a link; return its handle."""
    if file.is_symlink():
        raise _NoPlainFileError("It is a link; give the file itself.")
    handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise _NoPlainFileError("It is not a plain file.")
    return handle


def _poured(source: BinaryIO, target: BinaryIO) -> str:
    """Copy up to the largest size, whatever the source still gains, and return the digest of the copy."""
    digest, left = hashlib.sha256(), LARGEST
    while left > 0 and (piece := source.read(min(_PIECE, left))):
        digest.update(piece)
        target.write(piece)
        left -= len(piece)
    return digest.hexdigest()


def _plain(name: str) -> str:
    """Return a name of plain signs that keeps its ending, which separates lines of JSON from one object."""
    stem, dot, suffix = name.rpartition(".")
    stem, suffix = (stem, suffix) if dot else (suffix, "")
    plain = re.sub(r"[^A-Za-z0-9_\-]", "_", stem)[:60]
    ending = re.sub(r"[^A-Za-z0-9]", "", suffix)[:10]
    return f"{plain}.{ending}" if ending else plain


def _as_given(copied: Sequence[_Copied], read: AgencyFilesRead) -> AgencyFilesRead:
    """Return every file under its given name, in that order; none is left out."""
    files_by_name = {one.file: one for one in read.files}
    files = []
    for one in copied:
        if one.error is not None:
            files.append(FileRead(file=one.given[:255] or "-", error=one.error))
        elif one.name in files_by_name:
            files.append(files_by_name[one.name].model_copy(update={"file": one.given[:255]}))
        else:
            files.append(
                FileRead(
                    file=one.given[:255],
                    error="The agency's plugin did not report what it did with the file.",
                )
            )
    return AgencyFilesRead(files=tuple(files))


def _clear(incoming: Path, copied: Sequence[_Copied]) -> None:
    """Delete the copies, and the folder when nothing else waits in it."""
    for one in copied:
        if (name := one.name or one.begun) is not None:
            (incoming / name).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        incoming.rmdir()


def _record(context: Context, agency: str, copied: Sequence[_Copied], read: AgencyFilesRead | Failed) -> None:
    """Write one audit entry: ids, digests and counts only."""
    digests = "".join(one.digest or "-" for one in copied)
    with context.writing("hand files over") as work:
        work.notes(
            agency=agency, files=len(copied), files_digest=hashlib.sha256(digests.encode()).hexdigest()
        )
        if isinstance(read, Failed):
            work.notes(failed=read.reason.value)
            return
        kinds = [kind for file in read.files for kind in file.kinds]
        work.notes(
            read=sum(kind.read for kind in kinds),
            kept=sum(kind.kept for kind in kinds),
            not_kept=sum(kind.not_kept for kind in kinds),
            files_refused=sum(file.error is not None for file in read.files),
        )
