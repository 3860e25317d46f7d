"""Rows of a CSV file or of a workbook's sheet, as text. Knows columns by the names that a mapping gives.

A row that breaks the form makes the whole extract unreadable, as everywhere: leaving it out would turn
"could not be read" into "holds nothing". A formula is not read, only the value that it was saved with. A
cell without a value because it is merged, or because its formula has none, is marked, not blank.
"""

from __future__ import annotations

import csv
import io
import mimetypes
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from engine.hooks.nocode.cell_marks import Mark, Marks, mark_of_text, marks_in
from engine.hooks.v1 import PartialDate, RecordsExpected, RecordsFault, RecordsUnreadableError, read_date

_MOST_BYTES = 100_000_000
_LONGEST_NUMBER = 80
_Word = TypeVar("_Word")
_EXPECTED: dict[Mark | None, RecordsExpected] = {
    Mark.MERGED: RecordsExpected.UNMERGED,
    Mark.FORMULA: RecordsExpected.CALCULATED,
    Mark.ERROR: RecordsExpected.NO_ERROR,
}


@dataclass(frozen=True)
class Row:
    """One row: its line, and the cells of the columns that the mapping reads; None is a blank cell.

    ``marks`` are the columns whose cell is not blank and has no value that can be read.
    """

    file: str
    sheet: str | None
    line: int
    cells: dict[str, str | None]
    marks: dict[str, Mark] = field(default_factory=dict)

    def text(self, column: str) -> str:
        """Return a cell that must not be blank. Raises RecordsUnreadableError."""
        cell = self.cells[column]
        if cell is None:
            raise self.broken(column, _EXPECTED.get(self.marks.get(column), RecordsExpected.VALUE))
        return cell

    def require_readable(self, columns: Iterable[str]) -> None:
        """Require that each of these cells has a value or is blank. Raises RecordsUnreadableError."""
        for column in columns:
            if column in self.marks:
                raise self.broken(column, _EXPECTED[self.marks[column]])

    def number(self, column: str) -> str:
        """Return a cell that names a record. Raises RecordsUnreadableError for a blank or an endless one."""
        named = self.text(column)
        if len(named) > _LONGEST_NUMBER or not named.isprintable():
            raise self.broken(column, RecordsExpected.NUMBER)
        return named

    def day(self, column: str) -> PartialDate | None:
        """Return a cell as a date, to the precision that it gives; None when it is blank.

        Raises RecordsUnreadableError.
        """
        cell = self.cells[column]
        if cell is None:
            return None
        try:
            return read_date(cell)
        except ValueError:
            raise self.broken(column, RecordsExpected.DATE) from None

    def whole_day(self, column: str) -> date | None:
        """Return a cell as a whole date; None when it is blank. Raises RecordsUnreadableError."""
        day = self.day(column)
        if day is not None and not day.is_whole_day:
            raise self.broken(column, RecordsExpected.WHOLE_DATE)
        return day.earliest if day is not None else None

    def meaning(self, column: str, words: dict[str, _Word]) -> _Word | None:
        """Return the meaning of the term in a cell; None for a blank cell. Another term raises."""
        cell = self.cells[column]
        if cell is None:
            return None
        meant = {term.casefold(): value for term, value in words.items()}
        if cell.casefold() not in meant:
            raise self.broken(column, RecordsExpected.WORD)
        return meant[cell.casefold()]

    def broken(self, column: str, expected: RecordsExpected) -> RecordsUnreadableError:
        """Return the error for a cell that cannot be read: its place, and never its content."""
        return RecordsUnreadableError(
            self.file,
            RecordsFault.BAD_LINE,
            sheet=self.sheet and safe_name(self.sheet),
            line=self.line,
            column=safe_name(column),
            expected=expected,
        )

    def twice(self, column: str) -> RecordsUnreadableError:
        """Return the error for a number that another row has too."""
        return RecordsUnreadableError(
            self.file,
            RecordsFault.TWICE,
            sheet=self.sheet and safe_name(self.sheet),
            line=self.line,
            column=safe_name(column),
        )


def read_sheet(folder: Path, file: str, sheet: str | None, columns: Sequence[str]) -> tuple[Row, ...]:
    """Return every row that is not blank, with these columns. Raises RecordsUnreadableError."""
    names, numbered, marks = _opened(folder, file, sheet)
    for column in columns:
        if names.count(column) != 1:
            raise RecordsUnreadableError(
                file, RecordsFault.NO_COLUMN, sheet=sheet and safe_name(sheet), column=safe_name(column)
            )
    places = {column: names.index(column) for column in columns}
    return tuple(_rows(file, sheet, numbered, places, len(names), marks))


def heading_of(folder: Path, file: str, sheet: str | None) -> tuple[str, ...]:
    """Return the names in the first row, also those that no mapping names. Raises RecordsUnreadableError."""
    return tuple(_opened(folder, file, sheet)[0])


_Numbered = Iterator[tuple[int, Sequence[str]]]


def _opened(folder: Path, file: str, sheet: str | None) -> tuple[list[str], _Numbered, Marks]:
    """Return the heading, the numbered lines under it, and the marked cells."""
    lines, marks = (
        (_lines_of_csv(folder, file), Marks()) if sheet is None else _lines_of_workbook(folder, file, sheet)
    )
    numbered = enumerate(lines, start=1)
    _, heading = next(numbered, (0, []))
    names = [name.strip() for name in heading]
    if not any(names):
        raise RecordsUnreadableError(file, RecordsFault.EMPTY, sheet=sheet and safe_name(sheet))
    return names, numbered, marks


def _rows(
    file: str, sheet: str | None, numbered: _Numbered, places: dict[str, int], width: int, marks: Marks
) -> Iterator[Row]:
    for line, cells in numbered:
        if not any(cell.strip() for cell in cells) and not marks.has_formula(line):
            continue
        if sheet is None and len(cells) != width:
            raise RecordsUnreadableError(
                file, RecordsFault.BAD_LINE, line=line, expected=RecordsExpected.WIDTH
            )
        given = {
            column: (cells[place].strip() or None) if place < len(cells) else None
            for column, place in places.items()
        }
        marked = {}
        for column, place in places.items():
            cell = given[column]
            mark = marks.of_blank(line, place + 1) if cell is None else mark_of_text(cell)
            if mark is not None:
                marked[column] = mark
        yield Row(file=file, sheet=sheet, line=line, cells=given | dict.fromkeys(marked), marks=marked)


def _lines_of_csv(folder: Path, file: str) -> Iterator[list[str]]:
    try:
        text = _bytes(folder, file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RecordsUnreadableError(file, RecordsFault.NOT_TEXT) from None
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        yield from lines
    except csv.Error:
        raise RecordsUnreadableError(file, RecordsFault.BAD_LINE, line=lines.line_num) from None


def _lines_of_workbook(folder: Path, file: str, sheet: str) -> tuple[list[list[str]], Marks]:
    with without_system_types():
        from openpyxl import load_workbook  # takes a fifth of a second, and most extracts are CSV
        from openpyxl.utils.exceptions import InvalidFileException

    content = io.BytesIO(_bytes(folder, file))
    try:
        parts = zipfile.ZipFile(content)
        if sum(each.file_size for each in parts.infolist()) > _MOST_BYTES:
            raise RecordsUnreadableError(file, RecordsFault.NOT_OPENED)
        # data_only: the value that a formula was saved with, not the formula
        book = load_workbook(content, read_only=True, data_only=True)
        if sheet not in book.sheetnames:
            raise RecordsUnreadableError(file, RecordsFault.NO_SHEET, sheet=safe_name(sheet))
        read = book[sheet]
        rows = [[_as_text(value) for value in row] for row in read.iter_rows(values_only=True)]
        part: str = read._worksheet_path  # type: ignore[attr-defined]  # its place in the file; no other name
        return rows, marks_in(parts.read(part.lstrip("/")))
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, EOFError, SyntaxError):
        raise RecordsUnreadableError(file, RecordsFault.NOT_OPENED) from None


def safe_name(name: str) -> str:
    """Return a column's or sheet's name as a fault may carry it: letters, digits,
    and an underscore for all else.
    """
    return re.sub(r"[^A-Za-z0-9.\-]+", "_", name).strip("_.-")


@contextmanager
def without_system_types() -> Iterator[None]:
    """Load openpyxl without the machine's own list of file types, which a plugin may not read."""
    known = list(mimetypes.knownfiles)
    mimetypes.knownfiles[:] = []
    try:
        yield
    finally:
        mimetypes.knownfiles[:] = known


def _as_text(value: object) -> str:
    """Return a cell as a person reads it: a date by its day, a whole number without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _bytes(folder: Path, file: str) -> bytes:
    try:
        content = (folder / file).read_bytes()
    except FileNotFoundError:
        raise RecordsUnreadableError(file, RecordsFault.MISSING) from None
    except OSError:
        raise RecordsUnreadableError(file, RecordsFault.NOT_OPENED) from None
    if not content.strip():
        raise RecordsUnreadableError(file, RecordsFault.EMPTY)
    if len(content) > _MOST_BYTES:
        raise RecordsUnreadableError(file, RecordsFault.NOT_OPENED)
    return content
