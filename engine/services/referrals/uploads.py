"""Uploads from a page: asked for, accepted by a link that works once, read, and deleted.

The sender's permission is checked again before the first byte. A file is in the home folder, outside anything
that is served, only while it is read, under a name of our own: no name that was sent is ever used.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, NamedTuple

from engine.access.policy import May, require
from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.accounts.sign_ins import SignIn
from engine.domain.errors import InvalidInputError
from engine.services.accounts.one_time_tokens import allow_sending, use_sending_link
from engine.services.context import VaultContext
from engine.services.referrals.files import read_and_import
from engine.services.referrals.imports import ImportReport
from engine.settings import Settings
from engine.store.unit_of_work import UnitOfWork

MIB = 1024 * 1024
PURPOSE = "taking in a referral file"
_KIND = "referrals"
_CONFIRMED = "referrals, workbook confirmed"
_OUTCOMES = "referrals, outcomes of an agency"
LEFT_AFTER = timedelta(hours=1)
"""Longer than any file is received or read: what is older was left by a process that was killed."""
_OURS = ".sent"
_MOST_AT_ONCE = 8


def acting_for(sign_in: SignIn) -> Acting:
    """Return who sends a file, at this one task."""
    return sign_in.user.acting(PURPOSE)


class Sent(NamedTuple):
    """The facts given when a file's link was asked for: who refers, and that a person has viewed the file.

    ``outcomes_of`` is the agency that found what is in a file of outcomes; None for a file of referrals.
    """

    source: str | None
    is_confirmed: bool
    outcomes_of: str | None = None


def allow_upload(
    *,
    uow: UnitOfWork,
    clock: Clock,
    sign_in: SignIn,
    source: str | None = None,
    is_confirmed: bool = False,
    outcomes_of: str | None = None,
) -> str:
    """Return a link for this sign-in to send one file once: of referrals, or of outcomes of an agency."""
    require(May.IMPORT, acting_for(sign_in))
    kind = _OUTCOMES if outcomes_of else _CONFIRMED if is_confirmed else _KIND
    return allow_sending(uow=uow, clock=clock, sign_in=sign_in, kind=kind, subject=outcomes_of or source)


def use_upload_link(*, uow: UnitOfWork, clock: Clock, sign_in: SignIn, token: str) -> Sent:
    """Return what was given when the link was asked for; from now on the link is worth nothing."""
    require(May.IMPORT, acting_for(sign_in))
    kind, source = use_sending_link(uow=uow, clock=clock, sign_in=sign_in, token=token, kind=_KIND)
    if kind == _OUTCOMES:
        return Sent(None, False, outcomes_of=source)
    return Sent(source, kind == _CONFIRMED)


class Landing:
    """A file being received, written as it comes and never larger than it may be."""

    def __init__(self, path: Path, out: BinaryIO, most: int) -> None:
        self.path, self._out, self._most = path, out, most
        self._bytes = 0

    def expects(self, text: str | None) -> None:
        """Refuse a file whose announced size is too large, before it comes."""
        if text is not None and text.isdecimal() and int(text) > self._most:
            raise too_large(self._most)

    def add(self, part: bytes) -> None:
        """Write the next part; refuse a file that grows too large immediately."""
        self._bytes += len(part)
        if self._bytes > self._most:
            raise too_large(self._most)
        self._out.write(part)

    def whole(self) -> None:
        """Flush the file: all of it has come and it can be read."""
        self._out.flush()


@contextmanager
def landing(*, clock: Clock, settings: Settings) -> Iterator[Landing]:
    """Open a place for one file, readable by one person only, that is deleted afterwards in every case."""
    settings.uploads.mkdir(mode=0o700, exist_ok=True)
    sweep_uploads(settings, before=clock.now() - LEFT_AFTER)
    if sum(1 for _ in settings.uploads.glob(f"*{_OURS}")) >= _MOST_AT_ONCE:
        raise InvalidInputError(
            "file", "other files are being imported now; import this file again in 1 minute"
        )
    path = settings.uploads / f"{secrets.token_hex(16)}{_OURS}"
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            yield Landing(path, out, settings.largest_upload_mib * MIB)
    finally:
        path.unlink(missing_ok=True)


def import_upload(context: VaultContext, *, landed: Landing, sent: Sent) -> ImportReport:
    """Import what came as a referral file, by the kind of its content.

    Raises
    ------
    WorkbookUnconfirmedError
        A workbook hides what its cells show, and a person has not viewed and confirmed it.
    InvalidInputError
        The file cannot be used.
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    landed.whole()
    return read_and_import(
        context, path=landed.path, default_source=sent.source, is_confirmed=sent.is_confirmed
    )


def too_large(most: int) -> InvalidInputError:
    """Return the error for a file that is larger than it may be, before or while it comes."""
    return InvalidInputError("file", f"larger than {most // MIB} MiB; divide it into several files")


def sweep_uploads(settings: Settings, *, before: datetime) -> None:
    """Delete what a process left behind when it was killed; nothing else is in this folder."""
    for file in settings.uploads.glob("*"):
        with suppress(OSError):
            if file.lstat().st_mtime < before.timestamp():
                shutil.rmtree(file) if file.is_dir() else file.unlink()
