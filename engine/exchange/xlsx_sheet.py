"""One sheet of a workbook, row by row, in a stream. Knows no header, no column and no referral."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from engine.domain.dates import PartialDate
from engine.domain.errors import InvalidInputError
from engine.exchange.limits import FileLimits
from engine.exchange.raw_row import Cell, Unread
from engine.exchange.xlsx_parts import Sheet, Workbook, unescaped
from engine.exchange.xlsx_xml import DAMAGED, Handler, parse

_AT = re.compile(r"^([A-Z]{1,3})([1-9]\d{0,6})$")
_WHOLE = re.compile(r"^-?\d{1,18}$")
MOST_COLUMNS, _MOST_ROWS = 16_384, 1_048_576
_FIRST_SERIAL, _LAST_SERIAL = 61, 2_958_465  # before March 1900 the workbooks' own calendar is wrong
_AS_TEXT = "format the cell as text and type it again"


class SheetRow(NamedTuple):
    """A row that has something in it: its number on the sheet, and its filled cells by place from 0."""

    row: int
    cells: dict[int, Cell]
    too_many: bool = False


def sheet_rows(
    archive: zipfile.ZipFile, workbook: Workbook, sheet: Sheet, limits: FileLimits
) -> Iterator[SheetRow]:
    """Yield the filled rows of a sheet, from the top; InvalidInputError past the limit."""
    handler = _SheetHandler(workbook, limits)
    count = 0
    for _ in parse(archive, sheet.part, handler, limits):
        for row in handler.finished:
            count += 1
            if count > limits.rows + 1:  # and the header
                raise too_many_rows(limits)
            yield row
        handler.finished.clear()


class _SheetHandler(Handler):
    def __init__(self, workbook: Workbook, limits: FileLimits) -> None:
        super().__init__(limits.xlsx_text_parts)
        self.finished: list[SheetRow] = []
        self._workbook, self._limits = workbook, limits
        self._row = 0
        self._in_row = self._in_cell = self._spoken = False
        self._cells: dict[int, Cell] = {}
        self._row_tags = 0
        self._too_many = False
        self._column = -1
        self._kind = self._style = ""
        self._keeping: list[str] | None = None
        self._length = 0
        self._value: list[str] = []
        self._formula: list[str] | None = None

    def begin(self, name: str, given: dict[str, str]) -> None:
        if not self._in_row:
            if name == "row":
                self._begin_row(given)
            return
        self._row_tags += 1
        if name == "c":
            self._begin_cell(given)
        elif not self._in_cell:
            return
        elif name == "v" or (name == "t" and not self._spoken):
            self._keeping = self._value
        elif name == "f":
            self._formula = self._keeping = []
        elif name == "rPh":
            self._spoken = True

    def end(self, name: str) -> None:
        if not self._in_row:
            return
        if name == "row":
            self._end_row()
        elif name == "c":
            self._end_cell()
        elif name in ("v", "t", "f"):
            self._keeping = None
        elif name == "rPh":
            self._spoken = False

    def text(self, piece: str) -> None:
        # One character beyond the limit is enough to see that the text is too long.
        if self._keeping is not None and self._length <= self._limits.cell_characters:
            self._keeping.append(piece[: self._limits.cell_characters + 1])
            self._length += len(piece)

    def _begin_row(self, given: dict[str, str]) -> None:
        number = int(given["r"]) if "r" in given else self._row + 1
        if not self._row < number <= _MOST_ROWS:
            raise InvalidInputError("file", DAMAGED)
        self._row, self._in_row, self._row_tags, self._column = number, True, 0, -1
        self._cells, self._too_many = {}, False

    def _begin_cell(self, given: dict[str, str]) -> None:
        self._column = _place(given["r"]) if "r" in given else self._column + 1
        if self._column >= MOST_COLUMNS:
            self._too_many = True
        self._in_cell, self._spoken = True, False
        self._kind, self._style = given.get("t", "n"), given.get("s", "0")
        self._value, self._formula, self._keeping, self._length = [], None, None, 0

    def _end_cell(self) -> None:
        self._in_cell, self._keeping = False, None
        if self._row_tags > self._limits.row_parts:
            self._too_many = True
        if self._too_many:
            return
        if self._formula is not None:
            given = "=" + "".join(self._formula)
            self._cells[self._column] = Unread("has a formula; copy the cell and paste it as a value", given)
        elif self._value and (cell := self._cell("".join(self._value))) is not None:
            self._cells.setdefault(self._column, cell)

    def _end_row(self) -> None:
        self._in_row, self.tags = False, 0
        if self._cells or self._too_many:
            self.finished.append(SheetRow(self._row, self._cells, self._too_many))

    def _cell(self, text: str) -> Cell | None:
        match self._kind:
            case "s":
                return _filled(self._workbook.strings[_index(text)])
            case "str" | "inlineStr":
                return _filled(unescaped(text))
            case "b":
                return text.strip() in ("1", "true")
            case "e":
                return Unread("has a spreadsheet error; type the value itself", text)
            case "d":
                return _day(text.strip()[: len("2024-03-09")])
            case "n":
                return self._number(text.strip())
            case _:
                raise InvalidInputError("file", DAMAGED)

    def _number(self, text: str) -> Cell | None:
        if not text:
            return None
        shown = self._workbook.date_formats.get(int(self._style))
        number: int | float = int(text) if _WHOLE.match(text) else float(text)
        if shown is None:
            return number
        if "y" not in shown and not ("d" in shown or "m" in shown):
            return time_of_day(text)
        if "y" not in shown:
            return Unread(
                f"shows a date without its year, which the spreadsheet has guessed; {_AS_TEXT}", text
            )
        if not _FIRST_SERIAL <= number <= _LAST_SERIAL:
            return no_date(text)
        day = (self._workbook.counts_days_from + timedelta(days=int(number))).isoformat()
        # A cell that shows "Mar-24" was given no day, whatever the spreadsheet stores behind it.
        precision = "2024-03-09" if "d" in shown else "2024-03" if "m" in shown else "2024"
        return _day(day[: len(precision)])


def _day(text: str) -> Cell:
    try:
        return PartialDate(text)
    except ValueError:
        return no_date(text)


def too_many_rows(limits: FileLimits) -> InvalidInputError:
    """Return the error for a sheet with more rows than the limit."""
    return InvalidInputError("file", f"more than {limits.rows:,} rows; divide it into several files")


def time_of_day(text: str) -> Unread:
    """Return the fault of a cell that shows a time and no day."""
    return Unread(f"has a time of day where none is expected; {_AS_TEXT}", text)


def no_date(text: str) -> Unread:
    """Return the fault of a cell that is shown as a date and can be none."""
    return Unread(f"is formatted as a date but is not one; {_AS_TEXT}", text)


def _filled(text: str) -> str | None:
    return text if text and not text.isspace() else None


def _index(text: str) -> int:
    index = int(text)
    if index < 0:
        raise InvalidInputError("file", DAMAGED)
    return index


def _place(at: str) -> int:
    match = _AT.match(at)
    if match is None:
        raise InvalidInputError("file", DAMAGED)
    place = 0
    for letter in match[1]:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
