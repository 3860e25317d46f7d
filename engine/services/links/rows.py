"""The rows of a file of entities, links or events, for their readers. Knows no column."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.exchange.csv_records import BadRecord, Record
from engine.exchange.delimited import DelimitedFile
from engine.exchange.limits import MIB, FileLimits
from engine.links.rows import FileRow

LIMITS = FileLimits(
    file_bytes=2048 * MIB, rows=20_000_000, columns=400, row_bytes=MIB, rewritten_bytes=512 * MIB
)


class RowsRead:
    """The rows of one file, the header first, and how it was read."""

    def __init__(self, path: Path, part: str, *, encoding: str | None = None) -> None:
        self._file = DelimitedFile(path, part=part, limits=LIMITS, encoding=encoding)
        self.is_guessed = self._file.is_guessed

    def __iter__(self) -> Iterator[FileRow]:
        if self._file.header is not None:
            yield _row(self._file.header)
        yield from map(_row, self._file.records())


def _row(row: Record | BadRecord) -> FileRow:
    return FileRow(row.row, row.cells, row.reason if isinstance(row, BadRecord) else None)
