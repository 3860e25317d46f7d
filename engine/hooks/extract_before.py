"""Files beside an agency's folder: the extract before, and a lock. No agency can write there."""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from engine.domain.agencies.files import TableRows
from engine.domain.base import Frozen
from engine.hooks.seals import ExtractBefore, ExtractNotWholeError, FileThere

_TRIES, _PAUSE = 100, 0.05


class Beside:
    """Files beside an agency's folder, where no agency can write: the extract before, and a lock."""

    def __init__(self, folder: Path) -> None:
        self._file = folder.with_name(f"{folder.name}.before.json")
        self._lock = folder.with_name(f".{folder.name}.lock")

    def before(self) -> ExtractBefore | None:
        """Return the newest extract that was relied on; None for the first. Raises ExtractNotWholeError."""
        try:
            return ExtractBefore.model_validate_json(self._file.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError):
            raise ExtractNotWholeError(
                f"{self._file.name} cannot be read, so this extract cannot be compared with the one "
                "before; restore it, or seal the extract with --accept-fewer and --reason"
            ) from None

    def keep(self, as_of: date, there: Sequence[FileThere], tables: tuple[TableRows, ...]) -> None:
        """Store this as the extract before, from now on."""
        files = tuple(file.model_copy(update={"sha256": ""}) for file in there)
        put_in_place(self._file, ExtractBefore(as_of=as_of, files=files, tables=tables))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock while an extract is changed and sealed again: one at a time, over all processes."""
        with self._opened() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def wait(self) -> None:
        """Wait for who is changing the extract, a few seconds at most."""
        with suppress(OSError), self._opened() as lock:
            for _ in range(_TRIES):
                try:
                    fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    time.sleep(_PAUSE)
                else:
                    return

    @contextmanager
    def _opened(self) -> Iterator[int]:
        self._lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self._lock, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            yield lock
        finally:
            os.close(lock)


def put_in_place(file: Path, content: Frozen) -> None:
    """Write a file whole, readable only by this user, and never half of it."""
    aside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW
    try:
        with os.fdopen(os.open(aside, flags, 0o600), "w", encoding="utf-8") as out:
            out.write(content.model_dump_json(indent=1) + "\n")
            out.flush()
            os.fsync(out.fileno())
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)
