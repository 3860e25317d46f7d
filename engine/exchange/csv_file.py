"""Delimited text as given rows: its encoding, delimiter and header. Knows no column's rules.

The whole file is looked through before its first row is handed on, so that a file that cannot be read is
refused before anything of it is kept.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from engine.domain.errors import InvalidInputError
from engine.exchange.columns import REQUIRED
from engine.exchange.csv_records import BadRecord, Dialect, Record, records
from engine.exchange.given import Bound, Broken, Cell, Given, Unread, original_of
from engine.exchange.headers import BELOW_A_BLANK_HEADER, bind, bind_header, column_letter
from engine.exchange.limits import MIB, FileLimits
from engine.exchange.mapping import ColumnMapping
from engine.exchange.rows import CellFault

_DELIMITERS = ",;\t"
# No word of a British file has these when it is read as Windows-1252; the first five are not defined in it.
_NOT_WINDOWS_1252 = frozenset(b"\x81\x8d\x8f\x90\x9d\xfe\xff")
_WINDOWS_NOTE = (
    "The file is not UTF-8 and was read as Windows-1252; look at names with accents, or save it as CSV UTF-8."
)


class _Layout(NamedTuple):
    dialect: Dialect
    starts_at: int
    first_row: int
    width: int
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
    """The rows of a delimited file; InvalidInputError at once if it cannot be read as a whole."""
    encoding = _encoding(path, note)
    with path.open("rb") as file:
        layout = _layout(file, encoding, mapping=mapping, default_source=default_source, limits=limits)
        count = sum(1 for _ in _records(file, layout, limits))
    if not count:
        raise InvalidInputError("file", "it has a header and no referral below it")
    return _rows(path, layout, limits)


def _rows(path: Path, layout: _Layout, limits: FileLimits) -> Iterator[Given | Broken]:
    with path.open("rb") as file:
        for record in _records(file, layout, limits):
            yield _given(record, layout, limits)


def _records(file: BinaryIO, layout: _Layout, limits: FileLimits) -> Iterator[Record | BadRecord]:
    file.seek(layout.starts_at)
    return records(
        file, dialect=layout.dialect, width=layout.width, first_row=layout.first_row, limits=limits
    )


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
            f"has {len(cells)} cells where the header has {width}; "
            "a text with the delimiter in it stands in quotation marks"
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


def _encoding(path: Path, note: Callable[[str], None]) -> str:
    """UTF-8, unless the whole file is text in Windows-1252 alone.

    One row that is not UTF-8 in a file that otherwise has letters beyond ASCII in UTF-8 is that row's fault.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with path.open("rb") as file:
        head = file.read(3)
        file.seek(0)
        try:
            while piece := file.read(MIB):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
            return "utf-8"
        except UnicodeDecodeError:
            if head.startswith(codecs.BOM_UTF8):
                return "utf-8"
        file.seek(0)
        while piece := file.readline(MIB):
            if piece.isascii():
                continue
            if not _NOT_WINDOWS_1252.isdisjoint(piece) or _is_utf_8(piece):
                return "utf-8"
    note(_WINDOWS_NOTE)
    return "cp1252"


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _layout(
    file: BinaryIO, encoding: str, *, mapping: ColumnMapping, default_source: str | None, limits: FileLimits
) -> _Layout:
    starts_at = len(codecs.BOM_UTF8) if file.read(3) == codecs.BOM_UTF8 else 0
    file.seek(starts_at)
    hint = file.readline(16)
    delimiters, first_row = _DELIMITERS, 1
    if hint.lower().startswith(b"sep=") and hint.endswith(b"\n") and len(hint.strip()) == 5:
        delimiters, first_row, starts_at = hint[4:5].decode("latin-1"), 2, file.tell()
        if delimiters not in _DELIMITERS:
            raise InvalidInputError(
                "file", "its first line names a delimiter that is none of comma, semicolon and tab"
            )
    best: tuple[int, _Layout] | None = None
    for delimiter in delimiters:
        file.seek(starts_at)
        found = _header(file, Dialect(delimiter, encoding), first_row, limits)
        if found is None:
            continue
        known = sum(1 for name in found if bind(name, mapping))
        if best is None or known > best[0]:
            layout = _Layout(Dialect(delimiter, encoding), file.tell(), first_row + 1, len(found), found, [])
            best = (known, layout)
    if best is None:
        raise InvalidInputError(
            "header", f"the first row cannot be read; it names the columns, among them {', '.join(REQUIRED)}"
        )
    names = best[1].names
    while names and not names[-1].strip():
        names = names[:-1]
    if len(names) > limits.columns:
        raise InvalidInputError(
            "header", f"more than {limits.columns} columns; remove those that are not needed"
        )
    columns = bind_header(names, mapping=mapping, default_source=default_source)
    return best[1]._replace(names=names, columns=columns)


def _header(file: BinaryIO, dialect: Dialect, first_row: int, limits: FileLimits) -> list[str] | None:
    """The cells of the first record; None if it is not whole."""
    first = next(records(file, dialect=dialect, width=None, first_row=first_row, limits=limits), None)
    return first.cells if isinstance(first, Record) and first.row == first_row else None
