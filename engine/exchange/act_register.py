"""The register of acts that a restore repeats: a file of signed lines that only grows.

A line's signature covers the one before it, so that a line that was changed, moved or left out is noticed.
Knows no act: a line is what it is given. A line has an act, or says of an entry what became of its acts.
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
from engine.domain.file_faults import why_not

_FIRST = "0" * 64


class RegisterLine(NamedTuple):
    """The number and hash of an entry of the audit log, and an act of it in JSON or what became of its acts.

    Lines of an older version have no hash.
    """

    entry: int
    act: str = ""
    hash: str | None = None
    fate: str = ""


def add_lines(file: Path, lines: Iterable[RegisterLine], key: bytes, *, waits_for_disk: bool = True) -> None:
    """Add lines, all or none. Raises OSError.

    ``waits_for_disk`` is False for lines without which nothing is lost.
    """
    with _held(file) as out:
        before = _end_of(out)
        signed: list[str] = []
        for line in lines:
            before = _signature(key, before, line)
            signed.append(json.dumps(_shown(line) | {"signature": before}))
        written = "".join(f"{line}\n" for line in signed).encode()
        place = out.seek(0, os.SEEK_END)
        try:
            out.write(written)
            out.flush()
            if waits_for_disk:
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
    """Return every line, in the order written. Raises InvalidInputError where one is not as it was written.

    A last line that was cut while it was written is left out: its act was not recorded either.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InvalidInputError("register", f"it cannot be read ({why_not(error)})") from None
    return list(_checked(content, key))


def _checked(content: bytes, key: bytes) -> Iterator[RegisterLine]:
    before = _FIRST
    whole = content[: content.rfind(b"\n") + 1]
    for number, text in enumerate(whole.splitlines(), start=1):
        line, signature = _parsed(text)
        if line is None or not hmac.compare_digest(_signature(key, before, line), signature):
            raise InvalidInputError(
                "register", f"line {number} was changed, or is of another record; nothing was done with it"
            )
        before = signature
        yield line


def _parsed(text: bytes) -> tuple[RegisterLine | None, str]:
    try:
        read = json.loads(text)
        hashed = read.get("hash")
        line = RegisterLine(
            entry=int(read["entry"]),
            act=str(read.get("act", "")),
            hash=None if hashed is None else str(hashed),
            fate=str(read.get("fate", "")),
        )
        return line, str(read["signature"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return None, ""


def _shown(line: RegisterLine) -> dict[str, object]:
    return {name: value for name, value in line._asdict().items() if value not in (None, "")}


def _signature(key: bytes, before: str, line: RegisterLine) -> str:
    signed = f"{before}\n{line.entry}\n{line.act}"
    if line.hash is not None:
        signed += f"\n{line.hash}\n{line.fate}"
    return hmac.digest(key, signed.encode(), "sha256").hex()


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
