"""The records of a delimited file, one row at a time, whatever is wrong with some of them. Knows no columns.

An unclosed quotation mark must not swallow the rows below it: one of them may hold an alarm. So the records
are taken apart here, line by line, and only one that is whole goes to the standard library's reader.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from engine.domain.errors import InvalidInputError
from engine.exchange.limits import FileLimits

QUOTES_REASON = (
    "a quotation mark is not closed, or is in the wrong place; correct the quotation marks of this row"
)
_QUOTE = ord('"')
_ESCAPED = re.compile("[\udc80-\udcff]")


class Record(NamedTuple):
    """One whole record and its place in the file; the header is row 1."""

    row: int
    cells: list[str]


class BadRecord(NamedTuple):
    """One record that cannot be read; ``column`` is the place of the cell at fault, where there is one."""

    row: int
    column: int | None
    reason: str
    cells: list[str]


class Dialect(NamedTuple):
    """Delimiter, encoding and quotes of the file."""

    delimiter: str
    encoding: str


class _Quotes:
    """State of quotation marks: whether the text so far ends inside them; fed in pieces of any size."""

    def __init__(self, delimiter: str) -> None:
        self._delimiter = ord(delimiter)
        self._opening = delimiter.encode() + b'"'
        self._at_start = True
        self._inside = False
        self._maybe_closed = False
        self.misplaced = False

    @property
    def open(self) -> bool:
        return self._inside and not self._maybe_closed and not self.misplaced

    def feed(self, piece: bytes) -> None:
        at, end = 0, len(piece)
        while at < end and not self.misplaced:
            if self._maybe_closed:
                self._maybe_closed = False
                if piece[at] == _QUOTE:  # a doubled mark means itself
                    at += 1
                    continue
                self._inside = False
                if piece[at] not in (self._delimiter, 10, 13):
                    self.misplaced = True
            elif self._inside:
                at = piece.find(b'"', at) + 1
                if not at:
                    return
                self._maybe_closed = True
            elif self._at_start and piece[at] == _QUOTE:
                self._at_start, self._inside = False, True
                at += 1
            else:
                found = piece.find(self._opening, at)
                self._at_start = found >= 0 or piece[-1] == self._delimiter
                if found < 0:
                    return
                at = found + 1


def records(
    file: BinaryIO, *, dialect: Dialect, width: int | None, first_row: int, limits: FileLimits
) -> Iterator[Record | BadRecord]:
    """Yield each record from the file's present place on; blank lines are counted and left out.

    Raises InvalidInputError when there are more rows than the limit, or when so many quotation marks are out
    of place that searching for their ends would take the day.
    """
    row, looked_at = first_row - 1, 0
    while line := file.readline(limits.row_bytes):
        row += 1
        if row - first_row >= limits.rows:
            raise InvalidInputError("file", f"more than {limits.rows:,} rows; divide it into several files")
        if b'"' not in line and len(line) < limits.row_bytes:
            record = _record(row, line, dialect, limits)
        else:
            next_line = file.tell()
            whole, is_cut = _whole(file, line, dialect, limits)
            looked_at += file.tell() - next_line
            if looked_at > 2 * limits.file_bytes:
                raise InvalidInputError("file", "the quotation marks of very many rows are not closed")
            if whole is None:
                record = _first_line_alone(file, row, line, next_line, dialect, limits)
            elif is_cut:
                record = _too_long(row, whole, dialect, limits)
            else:
                record = _record(row, whole, dialect, limits)
                if width and b"\n" in whole[:-1] and _swallows(record, whole, width, dialect):
                    record = _first_line_alone(file, row, line, next_line, dialect, limits)
        if isinstance(record, BadRecord) or any(cell.strip() for cell in record.cells):
            yield record


def _first_line_alone(
    file: BinaryIO, row: int, line: bytes, next_line: int, dialect: Dialect, limits: FileLimits
) -> BadRecord:
    """Refuse the line where the quotation mark opens, and go on with the line below it."""
    file.seek(next_line)
    rest = line
    while rest and not rest.endswith(b"\n"):
        rest = file.readline(limits.row_bytes)
    return BadRecord(row, None, QUOTES_REASON, _cells_of(line, dialect))


def _whole(file: BinaryIO, line: bytes, dialect: Dialect, limits: FileLimits) -> tuple[bytes | None, bool]:
    """Return the record that begins here, None if its quotation marks are wrong; and whether it was cut."""
    quotes = _Quotes(dialect.delimiter)
    quotes.feed(line)
    pieces, size = [line], len(line)
    while quotes.open or not line.endswith(b"\n"):
        line = file.readline(limits.row_bytes)
        if not line:
            break
        quotes.feed(line)
        if size < limits.row_bytes:
            pieces.append(line)
        size += len(line)
    if quotes.open or (quotes.misplaced and len(pieces) > 1 and size <= limits.row_bytes):
        return None, False
    return b"".join(pieces), size > limits.row_bytes


def _record(row: int, line: bytes, dialect: Dialect, limits: FileLimits) -> Record | BadRecord:
    try:
        text = line.decode(dialect.encoding)
    except UnicodeDecodeError:
        marked = split_cells(line.decode(dialect.encoding, "surrogateescape"), dialect.delimiter)
        at = next((index for index, cell in enumerate(marked) if _ESCAPED.search(cell)), None)
        reason = "has bytes that are not UTF-8 text; save the file as CSV UTF-8"
        return BadRecord(row, at, reason, _cells_of(line, dialect))
    if text.count(dialect.delimiter) > limits.columns + limits.cell_characters:
        return BadRecord(
            row, None, "has far more cells than any header; remove them", [text[: limits.cell_characters]]
        )
    if len(text) > limits.cell_characters:
        cells = split_cells(text, dialect.delimiter)
        at = next((index for index, cell in enumerate(cells) if len(cell) > limits.cell_characters), None)
        if at is not None:
            return BadRecord(row, at, f"longer than {limits.cell_characters:,} characters; shorten it", cells)
        if len(text) > csv.field_size_limit():
            return Record(row, cells)
    try:
        # The whole record as one line: else the reader would end it at a stray carriage return, in silence.
        return Record(row, next(csv.reader((text,), delimiter=dialect.delimiter, strict=True)))
    except StopIteration:
        return Record(row, [])
    except csv.Error:
        cells = split_cells(text, dialect.delimiter)
        reason = QUOTES_REASON if '"' in text else "has a line break that is not valid; type the row again"
        return BadRecord(row, None, reason, cells)


def _too_long(row: int, begin: bytes, dialect: Dialect, limits: FileLimits) -> BadRecord:
    cells = _cells_of(begin, dialect)
    at = next((index for index, cell in enumerate(cells) if len(cell) > limits.cell_characters), None)
    reason = f"longer than {limits.cell_characters:,} characters; shorten it"
    return BadRecord(
        row, at, reason if at is not None else "the row is too long to be read; shorten it", cells
    )


def _swallows(record: Record | BadRecord, whole: bytes, width: int, dialect: Dialect) -> bool:
    """Return whether a record of several lines includes a row that is whole."""
    mark = dialect.delimiter
    if len(record.cells) != width:
        return any(line.count(mark.encode()) >= width - 1 for line in whole.rstrip(b"\r\n").split(b"\n")[1:])
    return any(
        _is_cut_out_of_two_rows(cell, place, width, mark)
        for place, cell in enumerate(record.cells)
        if "\n" in cell
    )


def _is_cut_out_of_two_rows(cell: str, place: int, width: int, mark: str) -> bool:
    """Return whether a cell holds the rest of one row, from its unclosed mark on,
    and the beginning of another.

    The other row then has at the same place a quoted cell that begins with a delimiter, so that the record
    seems whole.
    """
    first, last = cell[: cell.index("\n")], cell[cell.rindex("\n") + 1 :]
    ends_before_a_cell = last.endswith(mark) if place else not last
    return ends_before_a_cell and first.count(mark) == width - 1 - place and last.count(mark) == place


def _cells_of(line: bytes, dialect: Dialect) -> list[str]:
    """Return what can be made out of a line that is not well formed,
    for its original and to name the faulty cell.
    """
    return split_cells(line.decode(dialect.encoding, "backslashreplace"), dialect.delimiter)


def split_cells(text: str, delimiter: str) -> list[str]:
    """Return the cells of one record, forgiving, of any length; slower than the standard library's."""
    cells: list[str] = []
    text = text.removesuffix("\n").removesuffix("\r")
    at = 0
    while True:
        if text.startswith('"', at):
            end = at + 1
            while (end := text.find('"', end)) >= 0 and text.startswith('"', end + 1):
                end += 2
            if end < 0:
                return [*cells, text[at + 1 :]]
            cell, at = text[at + 1 : end].replace('""', '"'), end + 1
            stop = text.find(delimiter, at)
            cells.append(cell + (text[at:] if stop < 0 else text[at:stop]))
        else:
            stop = text.find(delimiter, at)
            cells.append(text[at:] if stop < 0 else text[at:stop])
        if stop < 0:
            return cells
        at = stop + 1
