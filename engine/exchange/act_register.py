"""The register of acts that a restore repeats: a file of signed lines that only grows.

A line's signature covers the one before it, so that a line that was changed, moved or left out is noticed.
Knows no act: a line is what it is given. A line has an act, or says of an entry what became of its acts.
Lines are signed with the first of the keys that are given, and are right with any of them.
"""

from __future__ import annotations

import fcntl
import hmac
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import why_not

_FIRST = "0" * 64
Keys = Callable[[], Sequence[bytes]]
"""Gives the keys once no other can write the file: they may be changed while one waits for it."""


class RegisterLine(NamedTuple):
    """The number and hash of an entry of the audit log, and an act of it in JSON or what became of its acts.

    Lines of an older version have no hash.
    """

    entry: int
    act: str = ""
    hash: str | None = None
    fate: str = ""


def add_lines(file: Path, lines: Iterable[RegisterLine], keys: Keys, *, waits_for_disk: bool = True) -> None:
    """Add lines, all or none. Raises OSError.

    ``waits_for_disk`` is False for lines without which nothing is lost.
    """
    with _held(file) as out:
        written = _signed(lines, keys()[0], _end_of(out))
        place = out.seek(0, os.SEEK_END)
        try:
            out.write(written)
            out.flush()
            if waits_for_disk:
                os.fsync(out.fileno())
        except OSError:
            out.truncate(place)
            raise


def move_lines(waiting: Path, file: Path, keys: Keys) -> None:
    """Add to ``file`` the lines that wait in another, if there are any, and empty that one.

    Raises OSError, and InvalidInputError where a line is not as it was written.
    """
    if not waiting.exists() or not waiting.stat().st_size:
        return
    with _held(waiting) as out:
        add_lines(file, list(_checked(out.read(), keys())), keys)
        out.truncate(0)


@contextmanager
def signed_again(files: Iterable[Path], keys: Sequence[bytes], *, key: bytes) -> Iterator[None]:
    """Sign every line of these files with another key, each file whole or not; none is written meanwhile.

    Raises OSError, and InvalidInputError where a line is not as it was written.
    """
    with ExitStack() as held:
        for file in files:
            out = held.enter_context(_held(file))
            written = _signed(_checked(out.read(), keys), key, _FIRST)
            beside = file.with_name(f"{file.name}.signed")
            beside.unlink(missing_ok=True)  # of a change that was killed
            handle = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "wb") as new:
                new.write(written)
                new.flush()
                os.fsync(new.fileno())
            held.enter_context(_held(beside))  # who waits for the former file waits for this one too
            os.replace(beside, file)
        yield


def read_lines(file: Path, keys: Sequence[bytes]) -> list[RegisterLine]:
    """Return every line, in the order written. Raises InvalidInputError where one is not as it was written.

    A last line that was cut while it was written is left out: its act was not recorded either.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InvalidInputError("register", f"it cannot be read ({why_not(error)})") from None
    return list(_checked(content, keys))


def _signed(lines: Iterable[RegisterLine], key: bytes, before: str) -> bytes:
    signed: list[str] = []
    for line in lines:
        before = _signature(key, before, line)
        signed.append(json.dumps(_shown(line) | {"signature": before}))
    return "".join(f"{line}\n" for line in signed).encode()


def _checked(content: bytes, keys: Sequence[bytes]) -> Iterator[RegisterLine]:
    before = _FIRST
    whole = content[: content.rfind(b"\n") + 1]
    for number, text in enumerate(whole.splitlines(), start=1):
        line, signature = _parsed(text)
        if line is None or not any(
            hmac.compare_digest(_signature(key, before, line), signature) for key in keys
        ):
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
    while True:
        handle = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
        with os.fdopen(handle, "r+b") as out:
            fcntl.flock(out, fcntl.LOCK_EX)  # goes with the file
            if not _is_still(out, file):
                continue  # it was signed again meanwhile
            yield out
            return


def _is_still(out: BinaryIO, file: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(out.fileno()), file.stat())
    except FileNotFoundError:
        return False


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
