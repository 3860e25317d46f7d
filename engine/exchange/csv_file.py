"""Delimited text as given rows. Knows no column's rules.

The whole file is read through before its first row is handed on, so that a file that cannot be read is
refused before anything of it is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from engine.domain.errors import InvalidInputError
from engine.exchange.columns import REQUIRED
from engine.exchange.csv_records import BadRecord, Record
from engine.exchange.delimited import DelimitedFile
from engine.exchange.headers import BELOW_A_BLANK_HEADER, bind, bind_header, column_letter
from engine.exchange.limits import FileLimits
from engine.exchange.mapping import ColumnMapping
from engine.exchange.raw_row import Bound, Broken, Cell, Given, Unread, original_of
from engine.exchange.rows import CellFault

_DELIMITERS = ",;\t"
_WINDOWS_NOTE = (
    "The file is not UTF-8 and was read as Windows-1252. Check names with accents, or save it as CSV UTF-8."
)


class _Layout(NamedTuple):
    names: list[str]
    columns: list[Bound | None]


def read_csv(
    path: Path,
    *,
    mapping: ColumnMapping,
    default_source: str | None,
    limits: FileLimits,
    note: Callable[[str], None],
) -> Iterator[Given | Broken]:
    """Return the rows of a delimited file.

    Raises InvalidInputError at once if it cannot be read as a whole.
    """
    file = DelimitedFile(
        path,
        part="file",
        limits=limits,
        delimiters=_DELIMITERS,
        knows=lambda name: bind(name, mapping) is not None,
    )
    if file.is_guessed:
        note(_WINDOWS_NOTE)
    layout = _layout(file, mapping=mapping, default_source=default_source, limits=limits)
    if not sum(1 for _ in file.records()):
        raise InvalidInputError("file", "it has a header but no referrals; add one row for each referral")
    return (_given(record, layout, limits) for record in file.records())


def _layout(
    file: DelimitedFile, *, mapping: ColumnMapping, default_source: str | None, limits: FileLimits
) -> _Layout:
    if not isinstance(file.header, Record) or not file.header_is_first:
        raise InvalidInputError(
            "header",
            f"the first row cannot be read; it must name the columns, including {', '.join(REQUIRED)}",
        )
    names = file.header.cells
    while names and not names[-1].strip():
        names = names[:-1]
    if len(names) > limits.columns:
        raise InvalidInputError(
            "header", f"more than {limits.columns} columns; remove those that are not needed"
        )
    return _Layout(names, bind_header(names, mapping=mapping, default_source=default_source))


def _given(record: Record | BadRecord, layout: _Layout, limits: FileLimits) -> Given | Broken:
    columns, names, cells = layout.columns, layout.names, record.cells
    width, longest = len(columns), limits.cell_characters
    bad = record if isinstance(record, BadRecord) else None
    filled = [(index, cell) for index, cell in enumerate(cells) if cell and not cell.isspace()]
    if len(cells) < width or filled[-1][0] >= width or (bad and bad.column is None):
        original = original_of({"cells": cells, "number of cells": len(cells)}, longest=longest)
        if bad:
            column = None if bad.column is None else _shown(columns, bad.column)
            return Broken(record.row, column, bad.reason, original)
        reason = (
            f"has {len(cells)} cells where the header has {width}; put text that contains the delimiter in "
            "quotation marks"
        )
        return Broken(record.row, None, reason, original)
    given: list[tuple[Bound, Cell]] = []
    faults: list[CellFault] = []
    for index, cell in filled:
        bound = columns[index]
        if bad and index == bad.column:
            faults += [] if bound else [CellFault(column=column_letter(index), reason=bad.reason)]
            given += [(bound, Unread(bad.reason))] if bound else []
        elif bound is not None:
            given.append((bound, cell))
        elif not names[index].strip():
            faults.append(CellFault(column=column_letter(index), reason=BELOW_A_BLANK_HEADER))
    original = original_of({names[index]: cell for index, cell in filled}, longest=longest)
    return Given(record.row, given, original, faults=tuple(faults))


def _shown(columns: list[Bound | None], index: int) -> str:
    bound = columns[index] if index < len(columns) else None
    return bound.shown if bound else column_letter(index)
