"""The files of a network, read by a confined process; what it answers is checked here again.

One process reads all files of a network and ends with the reading, whatever becomes of it. It may open these
files, and no other file, socket or process. Only plain rows of bounded size come back.
"""

from __future__ import annotations

import json
import os
import select
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

import engine
from engine.domain.errors import InvalidInputError, SetupError
from engine.domain.file_faults import cannot_be_read
from engine.domain.shown import shown
from engine.exchange.limits import MIB
from engine.exchange.network_child import HEAD, LAST, MORE, MOST_ROWS, READY, REFUSED, TABLES
from engine.exchange.network_files import LIMITS, NetworkTable, TextAllowance, Which
from engine.links.rows import FileRow

_START = "import sys; sys.path[:0] = [{root!r}]; from engine.exchange.network_child import main; main()"
_SECONDS, _BYTES_A_SECOND = 120.0, MIB // 4
"""The wait for one answer, for files of any size, and as many bytes more a second."""
_READINGS = 4
"""So many times may a file take that processor time: it is read more than once."""
_STARTS_WITHIN = 60.0
_LONGEST_ANSWER = 32 * MIB
_PIECE = 65_536
_BEYOND_BOUNDS = (
    "it takes more time or memory to read than a network needs, or is damaged; divide it or export it again"
)
_NO_START = "the process that reads files did not start; ask an administrator to run 'stac doctor'"
_NO_FILE = "it is a pipe or a device; put a file in its place"
_Name = Annotated[str, Field(max_length=1_000)]
_Sentence = Annotated[str, Field(max_length=600)]
_Row = tuple[Annotated[int, Field(ge=1, le=2**40)], list[str], _Sentence | None]
_TABLES: TypeAdapter[list[tuple[_Name, Which | None, bool]]] = TypeAdapter(
    Annotated[list[tuple[_Name, Which | None, bool]], Field(min_length=1, max_length=50)]
)
_ROWS: TypeAdapter[list[_Row]] = TypeAdapter(Annotated[list[_Row], Field(max_length=MOST_ROWS)])
_REFUSED: TypeAdapter[tuple[_Name, _Sentence]] = TypeAdapter(tuple[_Name, _Sentence])


@contextmanager
def network_reader(paths: Sequence[Path]) -> Iterator[NetworkReader]:
    """Start a confined process for the files of one network, and end it afterwards in every case.

    Raises SetupError if it does not start.
    """
    files = [path for path in paths if _not_a_file(path) is None]
    seconds = _SECONDS + sum(path.stat().st_size for path in files) / _BYTES_A_SECOND
    root = str(Path(engine.__path__[0]).resolve().parent)
    with subprocess.Popen(
        [
            sys.executable,
            "-I",
            "-c",
            _START.format(root=root),
            str(_READINGS * seconds),
            *(str(path.absolute()) for path in files),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        cwd="/",
        env={"LANG": "C.UTF-8"},
        start_new_session=True,
    ) as process:
        try:
            reader = NetworkReader(process, seconds)
            reader.wait_for_start()
            yield reader
        finally:
            process.kill()


class NetworkReader:
    """The reading of the files of one network, which have one allowance of text. For one thread."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._requests, self._answers = process.stdin.fileno(), process.stdout.fileno()
        self._seconds = seconds
        self._allowance = TextAllowance()
        self._files = 0
        self._is_owed = False
        self._passes = 0

    def wait_for_start(self) -> None:
        """Wait until the process is confined. Raises SetupError."""
        try:
            kind, _ = self._received(_STARTS_WITHIN)
        except _EndedError:
            kind = None
        if kind != READY:
            raise SetupError(_NO_START)

    def tables(self, path: Path, *, part: str, encoding: str | None = None) -> list[NetworkTable]:
        """Return the tables of a file, which ``part`` names in errors.

        Raises InvalidInputError, here and while rows are read.
        """
        if wrong := _not_a_file(path):
            raise InvalidInputError(part, wrong)
        try:
            self._ask("tables", str(path.absolute()), part, encoding)
            found = _TABLES.validate_json(self._answer(TABLES), strict=True)
        except (_EndedError, ValidationError):
            raise InvalidInputError(part, _BEYOND_BOUNDS) from None
        self._allowance.of_file(path)
        file, self._files = self._files, self._files + 1
        return [
            NetworkTable(
                name, which, _Bounded(partial(self._rows, file, number, part), self._allowance, part), guessed
            )
            for number, (name, which, guessed) in enumerate(found)
        ]

    def _rows(self, file: int, table: int, part: str) -> Iterator[FileRow]:
        """Yield the rows; the process reads ahead while they are used. Another table ends these."""
        self._passes += 1
        this = self._passes
        try:
            self._ask("rows", file, table)
            while True:
                kind, content = self._one_of(MORE, LAST)
                rows = _ROWS.validate_json(content, strict=True)
                if kind == MORE:
                    self._ask("more")
                yield from map(FileRow._make, rows)
                if kind == LAST:
                    return
                if this != self._passes:
                    raise RuntimeError("another table of the same network was begun")
        except (_EndedError, ValidationError):
            raise InvalidInputError(part, _BEYOND_BOUNDS) from None

    def _ask(self, *request: object) -> None:
        if self._is_owed:  # rows that were read ahead, and that nothing needs any more
            self._received(self._seconds)
        try:
            os.write(self._requests, json.dumps(request).encode() + b"\n")
        except BrokenPipeError:
            raise _EndedError from None
        self._is_owed = True

    def _answer(self, kind: bytes) -> bytes:
        return self._one_of(kind)[1]

    def _one_of(self, *kinds: bytes) -> tuple[bytes, bytes]:
        kind, content = self._received(self._seconds)
        if kind == REFUSED:
            part, reason = _REFUSED.validate_json(content, strict=True)
            raise InvalidInputError(_on_one_line(part), _on_one_line(reason))
        if kind not in kinds:
            raise _EndedError
        return kind, content

    def _received(self, seconds: float) -> tuple[bytes, bytes]:
        until = monotonic() + seconds
        kind, length = HEAD.unpack(self._bytes(HEAD.size, until))
        if length > _LONGEST_ANSWER:
            raise _EndedError
        content = self._bytes(length, until)
        self._is_owed = False
        return kind, content

    def _bytes(self, number: int, until: float) -> bytes:
        waiting = select.poll()
        waiting.register(self._answers, select.POLLIN)
        found = bytearray()
        while len(found) < number:
            if not waiting.poll(max(0.0, until - monotonic()) * 1_000):
                raise _EndedError
            piece = os.read(self._answers, min(_PIECE, number - len(found)))
            if not piece:
                raise _EndedError
            found += piece
        return bytes(found)


class _EndedError(Exception):
    """The process ended, is silent, or answers what it should not."""


class _Bounded:
    """The rows of a table: the first reading uses up the allowance, and no later one has more text."""

    def __init__(self, read: partial[Iterator[FileRow]], allowance: TextAllowance, part: str) -> None:
        self._read, self._allowance, self._part = read, allowance, part
        self._characters: int | None = None

    def __call__(self) -> Iterator[FileRow]:
        rows = self._numbered()
        characters = 0
        for row in rows if self._characters is not None else self._allowance.counted(rows, self._part):
            characters += sum(map(len, row.cells))
            if self._characters is not None and characters > self._characters:
                raise InvalidInputError(self._part, _BEYOND_BOUNDS)
            yield row
        self._characters = characters

    def _numbered(self) -> Iterator[FileRow]:
        for number, row in enumerate(self._read()):
            if number > LIMITS.rows:
                raise InvalidInputError(self._part, f"more than {LIMITS.rows:,} rows; divide it")
            yield row


def _on_one_line(text: str) -> str:
    return shown(" ".join(text.split()))


def _not_a_file(path: Path) -> str | None:
    """Return the reason why this cannot be read as a file."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return cannot_be_read(error)
    if stat.S_ISDIR(mode):
        return cannot_be_read(IsADirectoryError())
    return None if stat.S_ISREG(mode) else _NO_FILE
