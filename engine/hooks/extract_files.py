"""Files of an extract for plugins: tables (CSV) and lines of JSON, read strictly and written plainly.

A row that breaks its shape makes the whole extract unreadable: leaving it out would turn "could not be
read" into "holds nothing". An empty cell is None, "not recorded". Knows no agency's columns.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from engine.hooks.records import AgencyRecords, RecordsFault, RecordsUnreadableError

_BETWEEN = ";"


class Recorded(BaseModel):
    """One row or line of an extract. Columns that the agency's plugin does not name are never stored."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)


_T = TypeVar("_T", bound=Recorded)


def _split(value: object) -> object:
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(_BETWEEN) if part.strip())
    return value


Short = Annotated[str, StringConstraints(min_length=1, max_length=80)]
"""A short text of an extract: a code, a name, a number."""
Several = Annotated[tuple[Short, ...], Field(max_length=50), BeforeValidator(_split)]
"""Several short texts in one cell, with semicolons between them."""


def read_table(records: AgencyRecords, file: str, shape: type[_T]) -> tuple[_T, ...]:
    """Return every row of a CSV file in UTF-8 whose heading names at least the shape's required fields.

    A field with a default is a column that an older export may lack. Raises RecordsUnreadableError with the
    line and the column.
    """
    lines = csv.reader(io.StringIO(_text(records, file)), strict=True)
    heading = [name.strip() for name in next(_rows(file, lines), [])]
    if not heading:
        raise RecordsUnreadableError(file, RecordsFault.EMPTY)
    for column in shape.model_fields:
        if not has_column(heading, column, shape):
            raise RecordsUnreadableError(file, RecordsFault.NO_COLUMN, column=column)
    return tuple(_row(file, lines.line_num, heading, row, shape) for row in _rows(file, lines) if row)


def has_column(heading: Sequence[str], column: str, shape: type[Recorded]) -> bool:
    """Return whether a heading names a column of a shape once, or leaves one out that it may leave out."""
    count = heading.count(column)
    return count == 1 or (count == 0 and not shape.model_fields[column].is_required())


def _rows(file: str, lines: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from lines
    except csv.Error:
        line = getattr(lines, "line_num", None)
        raise RecordsUnreadableError(file, RecordsFault.BAD_LINE, line=line) from None


def _row(file: str, line: int, heading: list[str], row: list[str], shape: type[_T]) -> _T:
    if len(row) != len(heading):
        raise RecordsUnreadableError(file, RecordsFault.BAD_LINE, line=line)
    try:
        return shape.model_validate(
            {name: cell.strip() or None for name, cell in zip(heading, row, strict=True)}
        )
    except ValidationError as error:
        raise _bad_line(file, line, error, shape) from None


class Heading(Recorded):
    """The first line of a file of JSON lines: how many follow, so that a half-written file is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lines: Annotated[int, Field(ge=0)]


def read_json_lines(records: AgencyRecords, file: str, shape: type[_T]) -> tuple[_T, ...]:
    """Return every object of a file with one JSON object a line, under a heading such as ``{"lines": 12}``.

    Raises RecordsUnreadableError with the line.
    """
    first, *rest = _text(records, file).split("\n")
    try:
        promised = Heading.model_validate_json(first).lines
    except ValidationError:
        raise RecordsUnreadableError(file, RecordsFault.BAD_LINE, line=1) from None
    found = []
    for number, line in enumerate(rest, start=2):
        if not line.strip():
            continue
        try:
            found.append(shape.model_validate_json(line))
        except ValidationError as error:
            raise _bad_line(file, number, error, shape) from None
    if len(found) != promised:
        raise RecordsUnreadableError(file, RecordsFault.INCOMPLETE)
    return tuple(found)


def _text(records: AgencyRecords, file: str) -> str:
    try:
        text = (records.folder / file).read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise RecordsUnreadableError(file, RecordsFault.MISSING) from None
    except OSError:
        raise RecordsUnreadableError(file, RecordsFault.NOT_OPENED) from None
    except UnicodeDecodeError:
        raise RecordsUnreadableError(file, RecordsFault.NOT_TEXT) from None
    if not text.strip():
        raise RecordsUnreadableError(file, RecordsFault.EMPTY)
    return text


def _bad_line(file: str, line: int, error: ValidationError, shape: type[Recorded]) -> RecordsUnreadableError:
    """Return where the line broke, by the shape's own field names; never a value."""
    where = error.errors(include_input=False, include_url=False)[0]["loc"]
    column = where[0] if where and where[0] in shape.model_fields else None
    return RecordsUnreadableError(
        file, RecordsFault.BAD_LINE, line=line, column=column if column is None else str(column)
    )


def write_table(folder: Path, file: str, shape: type[_T], rows: Iterable[_T]) -> None:
    """Write rows as CSV, so that ``read_table`` reads the same rows."""
    with open(folder / file, "w", encoding="utf-8", newline="") as opened:
        table = csv.writer(opened, lineterminator="\n")
        table.writerow(shape.model_fields)
        for row in rows:
            table.writerow([_cell(getattr(row, field)) for field in shape.model_fields])


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return _BETWEEN.join(value)
    return str(value.value if isinstance(value, Enum) else value)


def write_json_lines(folder: Path, file: str, lines: Sequence[Recorded]) -> None:
    """Write a heading and one JSON object a line, so that ``read_json_lines`` reads the same objects."""
    with open(folder / file, "w", encoding="utf-8", newline="") as opened:
        for line in (Heading(lines=len(lines)), *lines):
            opened.write(line.model_dump_json() + "\n")
