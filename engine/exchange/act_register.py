"""The register of acts that a restore repeats: a file of signed lines that only grows.

A line's signature covers the one before it, so that a line that was changed, moved or left out is noticed.
Knows no act: a line is what it is given.
"""

from __future__ import annotations

import fcntl
import hmac
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from engine.domain.errors import InvalidInputError

_FIRST = "0" * 64


class RegisterLine(NamedTuple):
    """The number of an entry of the audit log, and an act of it in JSON."""

    entry: int
    act: str


def add_lines(file: Path, lines: Iterable[RegisterLine], key: bytes) -> None:
    """Add lines, all or none. Raises OSError."""
    with _held(file) as out:
        before = _end_of(out)
        signed: list[str] = []
        for line in lines:
            before = _signature(key, before, line)
            signed.append(json.dumps({"entry": line.entry, "act": line.act, "signature": before}))
        written = "".join(f"{line}\n" for line in signed).encode()
        place = out.seek(0, os.SEEK_END)
        try:
            out.write(written)
            out.flush()
            os.fsync(out.fileno())
        except OSError:
            out.truncate(place)
            raise


def move_lines(waiting: Path, file: Path, key: bytes) -> None:
    """Add to ``file`` the lines that wait in another, if there are any, and empty that one.

    Raises OSError, and InvalidInputError where a line is not as it was written.
    """
    if not waiting.exists() or not waiting.stat().st_size:
        return
    with _held(waiting) as out:
        add_lines(file, list(_checked(out.read(), key)), key)
        out.truncate(0)


def read_lines(file: Path, key: bytes) -> list[RegisterLine]:
    """Return every line. Raises InvalidInputError where one is not as it was written.

    A last line that was cut while it was written is left out: its act was not recorded either.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InvalidInputError("register", f"it cannot be read ({type(error).__name__})") from None
    return list(_checked(content, key))


def _checked(content: bytes, key: bytes) -> Iterator[RegisterLine]:
    before = _FIRST
    whole = content[: content.rfind(b"\n") + 1]
    for number, text in enumerate(whole.splitlines(), start=1):
        line, signature = _parsed(text)
        if line is None or not hmac.compare_digest(_signature(key, before, line), signature):
            raise InvalidInputError(
                "register", f"line {number} was changed, or is of another record; nothing was restored"
            )
        before = signature
        yield line


def _parsed(text: bytes) -> tuple[RegisterLine | None, str]:
    try:
        read = json.loads(text)
        return RegisterLine(int(read["entry"]), str(read["act"])), str(read["signature"])
    except (KeyError, TypeError, ValueError):
        return None, ""


def _signature(key: bytes, before: str, line: RegisterLine) -> str:
    return hmac.digest(key, f"{before}\n{line.entry}\n{line.act}".encode(), "sha256").hex()


@contextmanager
def _held(file: Path) -> Iterator[BinaryIO]:
    handle = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
    with os.fdopen(handle, "r+b") as out:
        fcntl.flock(out, fcntl.LOCK_EX)  # goes with the file
        yield out


def _end_of(out: BinaryIO) -> str:
    """Return the signature of the last line; what was cut after it is removed."""
    size = out.seek(0, os.SEEK_END)
    out.seek(max(size - 65536, 0))
    tail = out.read()
    whole = tail[: tail.rfind(b"\n") + 1]
    if len(whole) != len(tail):
        out.truncate(size - len(tail) + len(whole))
    lines = whole.splitlines()
    return _parsed(lines[-1])[1] if lines else _FIRST
