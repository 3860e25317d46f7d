"""One sheet of a workbook as a table of texts. Knows no column: its caller says which it needs.

A cell is what a reader of the sheet sees: a whole number without its point, a date as it is written here, and
a formula as a fault of its row, for what it would give is not in the file for certain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from engine.domain.errors import InvalidInputError
from engine.exchange.csv_records import BadRecord, Record
from engine.exchange.headers import column_letter
from engine.exchange.limits import FileLimits
from engine.exchange.mapping import header_key
from engine.exchange.raw_row import Cell, Unread
from engine.exchange.workbooks import Book, opened_book
from engine.exchange.xlsx_parts import Sheet
from engine.exchange.xlsx_sheet import SheetRow

_MOST_SHEETS = 50


class _Found(NamedTuple):
    sheet: Sheet
    header: list[str]


def workbook_table(
    path: Path, *, wanted: Set[str], part: str, limits: FileLimits, note: Callable[[str], None]
) -> Iterator[Record | BadRecord]:
    """Yield the rows of the one sheet with the table, the header first; rows have the sheet's numbers.

    Of several filled sheets it is the one that has all columns ``wanted``, and only in these does a formula
    cost its row. ``part`` is how the file is called in sentences.
    """
    with _as_part(part), opened_book(path, limits) as book:
        if book.hides_formats:
            note(
                f"{part} hides what its cells show: every date was read without its time, a formula as "
                "it was last saved, and a cell with an error as blank"
            )
        found = _the_sheet(book, wanted)
        needed = {place for place, name in enumerate(found.header) if header_key(name) in wanted}
        rows = book.rows(found.sheet)
        yield Record(next(rows).row, found.header)
        for row in rows:
            yield _record(row, len(found.header), needed)


def filled_sheets(path: Path, *, part: str, limits: FileLimits) -> list[str]:
    """Return the names of the visible sheets that have content. Raises InvalidInputError."""
    with _as_part(part), opened_book(path, limits) as book:
        found = [
            sheet.name for sheet in book.sheets()[:_MOST_SHEETS] if sheet.visible and _first(book, sheet)
        ]
    if not found:
        raise InvalidInputError(part, "the workbook is empty; it needs a header and a row for each")
    return found


def sheet_table(path: Path, *, sheet: str, part: str, limits: FileLimits) -> Iterator[Record | BadRecord]:
    """Yield the rows of one sheet, the header first; a formula in any column costs its row."""
    with _as_part(part), opened_book(path, limits) as book:
        chosen = next(each for each in book.sheets() if each.name == sheet)
        rows = book.rows(chosen)
        first = next(rows)
        header = _header(first)
        yield Record(first.row, header)
        for row in rows:
            yield _record(row, len(header), set(range(len(header))))


@contextmanager
def _as_part(part: str) -> Iterator[None]:
    """Let an error name the file as its caller calls it."""
    try:
        yield
    except InvalidInputError as wrong:
        raise InvalidInputError(part, wrong.reason) from None


def _first(book: Book, sheet: Sheet) -> SheetRow | None:
    return next(book.rows(sheet), None)


def _the_sheet(book: Book, wanted: Set[str]) -> _Found:
    filled = [
        _Found(sheet, _header(first))
        for sheet in book.sheets()[:_MOST_SHEETS]
        if sheet.visible and (first := _first(book, sheet))
    ]
    if not filled:
        raise InvalidInputError("file", "the workbook is empty; it needs a header and a row for each person")
    fitting = [each for each in filled if wanted <= {header_key(name) for name in each.header}] or filled
    if len(fitting) > 1:
        names = ", ".join(f"'{each.sheet.name[:40]}'" for each in fitting[:5])
        raise InvalidInputError(
            "file",
            f"it is not clear which of the sheets {names} to read; leave the table in one and remove "
            "the others",
        )
    return fitting[0]


def _header(row: SheetRow) -> list[str]:
    if row.too_many:
        raise InvalidInputError("file", "its header has far more cells than a table needs; remove them")
    return [_text(row.cells.get(place, "")) for place in range(max(row.cells) + 1)]


def _record(row: SheetRow, width: int, needed: Set[int]) -> Record | BadRecord:
    if row.too_many:
        return BadRecord(row.row, None, "has far more cells than any header; remove them", [])
    cells = [_text(row.cells.get(place, "")) for place in range(max(width, max(row.cells) + 1))]
    for place, cell in row.cells.items():
        if isinstance(cell, Unread) and place in needed:
            return BadRecord(row.row, place, f"column {column_letter(place)} {cell.reason}", cells)
    return Record(row.row, cells)


def _text(cell: Cell) -> str:
    if isinstance(cell, Unread):
        return cell.given
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
