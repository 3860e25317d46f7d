"""The files of one network, read in a process of its own that is confined first.

Requests are lines on standard input. Each answer is its kind, its length and JSON. Nothing of a file is read
before every limit is on. Knows no column and no register.
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import engine
from engine.confinement.limits import Confines, confine
from engine.confinement.namespaces import end_with_parent
from engine.domain.errors import InvalidInputError
from engine.exchange.network_files import NetworkTable, tables_in
from engine.exchange.old_workbook_child import library_places
from engine.links.rows import FileRow

READY, TABLES, MORE, LAST, REFUSED = b"S", b"T", b"M", b"L", b"R"
"""The kinds of answers: rows are followed by more, or are the last."""
HEAD = struct.Struct(">cI")
MOST_ROWS = 2_000
"""Rows of one answer."""
_FIRST_ROWS, _CHARACTERS = 20, 256 * 1024
_MEMORY_MB, _FILE_MB = 3_072, 1


def main() -> None:
    """Confine this process, then answer until the requests end."""
    end_with_parent()
    seconds, *paths = sys.argv[1:]
    reads = (*paths, *engine.__path__, *library_places())
    confine(
        Confines(reads=reads, memory_mb=_MEMORY_MB, file_mb=_FILE_MB, processor_seconds=int(float(seconds)))
    )
    _write(READY, None)
    files: list[list[NetworkTable]] = []
    rows: Iterator[FileRow] = iter(())
    for line in sys.stdin.buffer:
        try:
            match json.loads(line):
                case ["tables", path, part, encoding]:
                    files.append(tables_in(Path(path), part=part, encoding=encoding))
                    _write(TABLES, [(each.name, each.which, each.is_guessed) for each in files[-1]])
                case ["rows", file, table]:
                    rows = files[file][table].rows()
                    _write(*_batch(rows, _FIRST_ROWS))
                case _:
                    _write(*_batch(rows, MOST_ROWS))
        except InvalidInputError as error:
            _write(REFUSED, (error.part, error.reason))


def _batch(rows: Iterator[FileRow], most: int) -> tuple[bytes, list[FileRow]]:
    batch: list[FileRow] = []
    characters = 0
    for row in rows:
        batch.append(row)
        characters += sum(map(len, row.cells))
        if len(batch) == most or characters > _CHARACTERS:
            return MORE, batch
    return LAST, batch


def _write(kind: bytes, answer: object) -> None:
    content = json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")
    sys.stdout.buffer.write(HEAD.pack(kind, len(content)) + content)
    sys.stdout.buffer.flush()
