"""A workbook of whatever kind as sheets of rows: .xlsx by our own reader, older kinds in a confined process.

What kind it is, its content says. Knows no column, no header and no referral.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from engine.exchange.limits import FileLimits
from engine.exchange.old_workbooks import old_rows, old_sheets
from engine.exchange.xlsx_parts import BOOK_OF_XLSB, CONTENT_OF_ODS, Sheet, opened, read_workbook
from engine.exchange.xlsx_sheet import SheetRow, sheet_rows

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Book(NamedTuple):
    """An opened workbook.

    One that hides its formats does not say whether a date was given with its day, which cells hold a formula,
    and which of the blank ones an error.
    """

    sheets: Callable[[], Sequence[Sheet]]
    rows: Callable[[Sheet], Iterator[SheetRow]]
    counts_days_from: date | None
    hides_formats: bool


def is_workbook(head: bytes) -> bool:
    """Return whether a file that begins so may be a workbook."""
    return head.startswith((*_ZIP, _OLD_OFFICE))


@contextmanager
def opened_book(path: Path, limits: FileLimits) -> Iterator[Book]:
    """Open the workbook, checked; InvalidInputError in one sentence if it cannot be read."""
    with path.open("rb") as file:
        is_old = file.read(len(_OLD_OFFICE)) == _OLD_OFFICE
    if is_old:
        yield _old_book(path, limits)
        return
    with opened(path, limits) as archive:
        if not {CONTENT_OF_ODS, BOOK_OF_XLSB}.isdisjoint(archive.namelist()):
            yield _old_book(path, limits)
            return
        workbook = read_workbook(archive, limits)
        yield Book(
            sheets=lambda: workbook.sheets,
            rows=lambda sheet: sheet_rows(archive, workbook, sheet, limits),
            counts_days_from=workbook.counts_days_from,
            hides_formats=False,
        )


def _old_book(path: Path, limits: FileLimits) -> Book:
    return Book(
        sheets=lambda: old_sheets(path, limits),
        rows=lambda sheet: old_rows(path, sheet, limits),
        counts_days_from=None,
        hides_formats=True,
    )
