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

from engine.confinement.limits import Confines, confine
from engine.confinement.namespaces import end_with_parent

LOCKED, UNREADABLE = 3, 4
"""Exit codes of the process when a file cannot be read; any other end than 0 is that of a limit."""
_MEMORY_MB, _FILE_MB = 1_536, 1
_Sheet = tuple[int, str, bool]
_Row = tuple[int, list[tuple[int, str, bool | int | float | str]]]


def main() -> None:
    """Confine this process, then print the workbook's sheets, or the rows of the one whose place is given."""
    end_with_parent()
    library = find_spec("python_calamine")  # where it is, which need not be where Python's own libraries are
    reads = library.submodule_search_locations if library else None
    confine(Confines(reads=tuple(reads or ()), memory_mb=_MEMORY_MB, file_mb=_FILE_MB))
    longest, *place = map(int, sys.argv[1:])
    from python_calamine import CalamineError, PasswordError

    try:
        for line in _rows(place[0], longest) if place else _sheets():
            sys.stdout.write(json.dumps(line) + "\n")
    except PasswordError:
        sys.exit(LOCKED)
    except (CalamineError, ValueError, OSError, OverflowError):
        sys.exit(UNREADABLE)


def _sheets() -> Iterator[_Sheet]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    with open(0, "rb", closefd=False) as file:
        sheets = CalamineWorkbook.from_filelike(file).sheets_metadata
    for place, sheet in enumerate(sheets):
        if sheet.typ is SheetTypeEnum.WorkSheet:
            yield place, sheet.name, sheet.visible is SheetVisibleEnum.Visible


def _rows(sheet_at: int, longest: int) -> Iterator[_Row]:
    """Yield the filled rows by the sheet's own numbers; of a text no more than is read."""
    from python_calamine import CalamineWorkbook

    with open(0, "rb", closefd=False) as file:
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
