"""Sheets of .xls, .xlsb and .ods workbooks, read by a confined process and checked here line by line.

The library shows which cells are dates and not how they are shown, so that it is not known whether "March
2024" or a day of it was meant; of a formula it gives what was saved, and an error is blank. Whether it is
read all the same is its caller's to ask a person.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from typing import Literal, TypeVar, assert_never

from pydantic import TypeAdapter, ValidationError

import engine
from engine.confinement.limits import is_confined
from engine.domain.dates import PartialDate
from engine.domain.errors import InvalidInputError
from engine.exchange.limits import FileLimits
from engine.exchange.old_workbook_child import LOCKED, UNREADABLE, NotReadError, lines_of
from engine.exchange.raw_row import Cell
from engine.exchange.xlsx_parts import Sheet
from engine.exchange.xlsx_sheet import MOST_COLUMNS, SheetRow, no_date, time_of_day, too_many_rows

_START = "import sys; sys.path[:0] = [{root!r}]; from engine.exchange.old_workbook_child import main; main()"
_SECONDS = 120
_BEYOND_BOUNDS = (
    "the workbook takes more time or memory to read than a list needs; save it as .xlsx or as CSV UTF-8"
)
_SENTENCES = {
    LOCKED: "the workbook is locked by a password; save it without one",
    UNREADABLE: (
        "an old .xls workbook, or one locked by a password, or damaged, that cannot be read; "
        "save it as .xlsx or as CSV UTF-8, unlocked"
    ),
}
_MOST_SHEETS = 20
"""Each sheet that is read is a process of its own."""
_LONGEST_NAME = 200
_EXACT_UNTIL = 2**53
_Kind = Literal["value", "day", "time"]
_Answer = TypeVar("_Answer")
_ROW: TypeAdapter[tuple[int, list[tuple[int, _Kind, bool | int | float | str]]]] = TypeAdapter(
    tuple[int, list[tuple[int, _Kind, bool | int | float | str]]]
)
_SHEET: TypeAdapter[tuple[int, str, bool]] = TypeAdapter(tuple[int, str, bool])


def old_sheets(path: Path, limits: FileLimits) -> list[Sheet]:
    """Return the workbook's sheets; InvalidInputError if it cannot be read."""
    sheets = [
        Sheet(name[:_LONGEST_NAME], str(place), visible)
        for place, name, visible in _answers(path, limits, _SHEET)
    ]
    if not sheets:
        raise InvalidInputError("file", "the workbook has no sheet")
    if len(sheets) > _MOST_SHEETS:
        raise InvalidInputError(
            "file", f"the workbook has more than {_MOST_SHEETS} sheets; remove the others"
        )
    return sheets


def old_rows(path: Path, sheet: Sheet, limits: FileLimits) -> Iterator[SheetRow]:
    """Yield the filled rows of a sheet, from the top; InvalidInputError past the limit."""
    for count, (number, pairs) in enumerate(_answers(path, limits, _ROW, sheet.part)):
        if count > limits.rows:  # the header is one of them
            raise too_many_rows(limits)
        if len(pairs) > limits.row_parts or any(place >= MOST_COLUMNS for place, _, _ in pairs):
            yield SheetRow(number, {}, too_many=True)
            continue
        read = ((place, _cell(kind, value)) for place, kind, value in pairs)
        cells = {place: cell for place, cell in read if cell is not None}
        if cells:
            yield SheetRow(number, cells)


def _cell(kind: _Kind, value: bool | int | float | str) -> Cell | None:
    match kind:
        case "time":
            return time_of_day(str(value))
        case "day":
            try:
                return PartialDate(str(value))
            except ValueError:
                return no_date(str(value))
        case "value":
            if isinstance(value, str):
                return value if value and not value.isspace() else None
            if isinstance(value, float) and value.is_integer() and abs(value) <= _EXACT_UNTIL:
                return int(value)
            return value
        case _:
            assert_never(kind)


def _answers(path: Path, limits: FileLimits, shape: TypeAdapter[_Answer], *sheet: str) -> Iterator[_Answer]:
    """Yield the lines of a confined process one at a time: this one's own where it is confined."""
    if not is_confined():
        yield from _answers_of_child(path, limits, shape, *sheet)
        return
    try:
        with path.open("rb") as file:
            for line in lines_of(file, limits.cell_characters, *map(int, sheet)):
                yield shape.validate_python(line)
    except NotReadError as ended:
        raise InvalidInputError("file", _SENTENCES[ended.code]) from None


def _answers_of_child(
    path: Path, limits: FileLimits, shape: TypeAdapter[_Answer], *sheet: str
) -> Iterator[_Answer]:
    """Yield the process's lines; it is killed when it takes too long or reading stops."""
    root = str(Path(engine.__path__[0]).resolve().parent)
    with (
        path.open("rb") as file,
        subprocess.Popen(
            [sys.executable, "-I", "-c", _START.format(root=root), str(limits.cell_characters), *sheet],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"LANG": "C.UTF-8"},
            start_new_session=True,
        ) as child,
    ):
        timer = Timer(_SECONDS, child.kill)
        timer.start()
        try:
            assert child.stdout is not None
            while line := child.stdout.readline(limits.row_bytes):
                yield shape.validate_json(line, strict=True)
            if ended := child.wait():
                raise InvalidInputError("file", _SENTENCES.get(ended, _BEYOND_BOUNDS))
        except ValidationError:  # cut at the limit, or no line of ours
            raise InvalidInputError("file", _BEYOND_BOUNDS) from None
        finally:
            timer.cancel()
            child.kill()
