"""The rows of a delimited file, whatever its encoding and delimiter. Knows no column and no register."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from engine.domain.errors import InvalidInputError
from engine.exchange.csv_records import BadRecord, Dialect, Record, records
from engine.exchange.limits import MIB, FileLimits
from engine.links.rows import FileRow

LIMITS = FileLimits(file_bytes=2048 * MIB, rows=20_000_000, columns=400, row_bytes=MIB)
_WHOLE_BYTES = 512 * MIB
"""A file of two bytes a sign is turned into UTF-8 in memory."""
_DELIMITERS = ",;\t|"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
GUESSED = "cp1252"


class RowsRead:
    """The rows of one file, the header first, and how it was read."""

    def __init__(self, path: Path, part: str, *, encoding: str | None = None) -> None:
        self._path, self._part = path, part
        try:
            size = path.stat().st_size
            found = _encoding(path)
        except FileNotFoundError:
            raise InvalidInputError(part, "there is no such file") from None
        except OSError as error:
            raise InvalidInputError(part, f"cannot be read ({type(error).__name__})") from None
        self.encoding = found if found == "utf-16" else encoding or found
        self.is_guessed = encoding is None and found == GUESSED
        """Whether the text is no Unicode, and nobody said what it is."""
        most = _WHOLE_BYTES if self._is_wide else LIMITS.file_bytes
        if size > most:
            raise InvalidInputError(part, f"larger than {most // MIB:,} MiB; divide it")

    def __iter__(self) -> Iterator[FileRow]:
        try:
            with self._path.open("rb") as file:
                yield from self._rows(self._as_bytes(file))
        except OSError as error:
            raise InvalidInputError(self._part, f"cannot be read ({type(error).__name__})") from None

    def _rows(self, file: BinaryIO) -> Iterator[FileRow]:
        if file.read(3) != codecs.BOM_UTF8:
            file.seek(0)
        begin = file.tell()
        first = file.readline(MIB)
        file.seek(begin)
        if b"\0" in first:
            raise InvalidInputError(self._part, "is no text; save it as CSV UTF-8")
        delimiter = max(_DELIMITERS, key=lambda mark: first.count(mark.encode()))
        width = first.count(delimiter.encode()) + 1
        dialect = Dialect(delimiter, "utf-8" if self._is_wide else self.encoding)
        for row in records(file, dialect=dialect, width=width, first_row=1, limits=LIMITS):
            yield _row(row)

    @property
    def _is_wide(self) -> bool:
        return codecs.lookup(self.encoding).name.startswith(("utf-16", "utf-32"))

    def _as_bytes(self, file: BinaryIO) -> BinaryIO:
        """The file itself; of one with two bytes a sign, its text in UTF-8, for rows are cut out of bytes."""
        if not self._is_wide:
            return file
        try:
            return io.BytesIO(file.read().decode(self.encoding).encode("utf-8"))
        except UnicodeDecodeError:
            raise InvalidInputError(self._part, f"is no text in {self.encoding}; save it as UTF-8") from None


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        if file.read(2) in _UTF_16:
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        try:
            while piece := file.read(MIB):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return GUESSED
    return "utf-8"


def _row(row: Record | BadRecord) -> FileRow:
    return FileRow(row.row, row.cells, row.reason if isinstance(row, BadRecord) else None)
