"""One sheet of an .xls, .xlsb or .ods workbook, read in a process of its own that is confined first.

The library that takes such a file apart is loaded after every limit is on. The file is standard input; the
answer is a line of JSON for each row, and what the process ends with. Knows no column and no referral.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from importlib.util import find_spec
from typing import BinaryIO

from engine.confinement.limits import Confines, confine
from engine.confinement.namespaces import end_with_parent

LOCKED, UNREADABLE = 3, 4
"""Exit codes of the process when a file cannot be read; any other end than 0 is that of a limit."""
_MEMORY_MB, _FILE_MB = 1_536, 1
OldSheet = tuple[int, str, bool]
OldRow = tuple[int, list[tuple[int, str, bool | int | float | str]]]


def main() -> None:
    """Confine this process, then print the workbook's sheets, or the rows of the one whose place is given."""
    end_with_parent()
    confine(Confines(reads=library_places(), memory_mb=_MEMORY_MB, file_mb=_FILE_MB))
    longest, *place = map(int, sys.argv[1:])
    with open(0, "rb", closefd=False) as file:
        try:
            for line in lines_of(file, longest, *place):
                sys.stdout.write(json.dumps(line) + "\n")
        except NotReadError as ended:
            sys.exit(ended.code)


class NotReadError(Exception):
    """A workbook that cannot be read; ``code`` is how the process ends."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(str(code))


def library_places() -> tuple[str, ...]:
    """Return where the library is, which need not be where Python's own libraries are."""
    library = find_spec("python_calamine")
    return tuple((library.submodule_search_locations if library else None) or ())


def lines_of(file: BinaryIO, longest: int, sheet_at: int | None = None) -> Iterator[OldSheet | OldRow]:
    """Yield the workbook's sheets, or the rows of the one at this place. Raises NotReadError.

    Only for a process that is confined: the library is loaded here.
    """
    from python_calamine import CalamineError, PasswordError

    try:
        yield from _sheets(file) if sheet_at is None else _rows(file, sheet_at, longest)
    except PasswordError:
        raise NotReadError(LOCKED) from None
    except (CalamineError, ValueError, OSError, OverflowError):
        raise NotReadError(UNREADABLE) from None


def _sheets(file: BinaryIO) -> Iterator[OldSheet]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    sheets = CalamineWorkbook.from_filelike(file).sheets_metadata
    for place, sheet in enumerate(sheets):
        if sheet.typ is SheetTypeEnum.WorkSheet:
            yield place, sheet.name, sheet.visible is SheetVisibleEnum.Visible


def _rows(file: BinaryIO, sheet_at: int, longest: int) -> Iterator[OldRow]:
    """Yield the filled rows by the sheet's own numbers; of a text no more than is read."""
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_index(sheet_at)
    first_column = sheet.start[1] if sheet.start else 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        placed = enumerate(row, start=first_column)
        cells = [(place, *_cells_of(value, longest)) for place, value in placed if value != ""]
        if cells:
            yield number, cells


def _cells_of(
    value: bool | int | float | str | date | datetime | time | timedelta, longest: int
) -> tuple[str, bool | int | float | str]:
    if isinstance(value, date):
        return "day", (value.date() if isinstance(value, datetime) else value).isoformat()
    if isinstance(value, time | timedelta):
        return "time", str(value)
    if isinstance(value, str):
        return "value", value[: longest + 1]  # one character beyond the limit shows that it is too long
    return "value", value if math.isfinite(value) else str(value)
