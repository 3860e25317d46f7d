"""The files of a network of any kind as tables of rows: delimited, workbooks, GraphML, GEXF and STIX.

What kind a file is, its content says. Knows no column; a table says of itself only what its format does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import cannot_be_read
from engine.exchange.csv_records import BadRecord, Record
from engine.exchange.delimited import DelimitedFile
from engine.exchange.graph_markup import EDGES, NODES, GraphMarkup, is_graph_markup
from engine.exchange.limits import MIB, FileLimits
from engine.exchange.stix_bundle import StixBundle, is_bundle
from engine.exchange.workbooks import is_workbook
from engine.exchange.xlsx_table import filled_sheets, sheet_table
from engine.links.rows import FileRow

LIMITS = FileLimits(
    file_bytes=2048 * MIB, rows=20_000_000, columns=400, row_bytes=MIB, rewritten_bytes=512 * MIB
)
Which = Literal["entities", "links"]
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOOKS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book", "EncryptedPackage"))
_CHART = (
    "an i2 chart (.anb) cannot be read; in Analyst's Notebook export its entities and its links as CSV, and "
    "import these"
)


class NetworkTable(NamedTuple):
    """A table of a file, its header first. It can be gone through again."""

    name: str
    """The sheet of a workbook, or the part of a graph; blank where the file is one table."""
    which: Which | None
    """True of the format itself; None where the columns must say it."""
    rows: Callable[[], Iterator[FileRow]]
    is_guessed: bool = False
    """True if the text is not Unicode, and its encoding was not given."""


class TextAllowance:
    """The text that the files of one network may have together: a small file may repeat its texts."""

    def __init__(self) -> None:
        self._left = LIMITS.extra_characters

    def of_file(self, path: Path) -> None:
        """Allow as much more as the file is large: a plain table has no more."""
        self._left += path.stat().st_size

    def counted(self, rows: Iterator[FileRow], part: str) -> Iterator[FileRow]:
        """Yield the rows while the text lasts. Raises InvalidInputError when it is used up."""
        for row in rows:
            self._left -= sum(map(len, row.cells))
            if self._left < 0:
                raise InvalidInputError(part, "it repeats texts until they fill the memory; divide it")
            yield row


def tables_in(
    path: Path, *, part: str, encoding: str | None = None, allowance: TextAllowance | None = None
) -> list[NetworkTable]:
    """Return the tables of a file; ``part`` names it in errors. Raises InvalidInputError, also in rows.

    The files of one network have one allowance.
    """
    text = allowance or TextAllowance()
    tables = _tables(path, part, encoding)
    text.of_file(path)

    return [table._replace(rows=_CountedOnce(table, text, part)) for table in tables]


class _CountedOnce:
    """The rows of a table, whose text counts until it was gone through once."""

    def __init__(self, table: NetworkTable, text: TextAllowance, part: str) -> None:
        self._table, self._text, self._part = table, text, part
        self._is_counted = False

    def __call__(self) -> Iterator[FileRow]:
        if self._is_counted:
            yield from self._table.rows()
            return
        yield from self._text.counted(self._table.rows(), self._part)
        self._is_counted = True


def _tables(path: Path, part: str, encoding: str | None) -> list[NetworkTable]:
    if path.suffix.casefold() == ".anb":
        raise InvalidInputError(part, _CHART)
    head = _head(path, part)
    if head.startswith(_OLD_OFFICE) and not _is_old_workbook(path):
        raise InvalidInputError(part, _CHART)
    if is_workbook(head):
        return _sheets(path, part)
    if is_graph_markup(head) or is_bundle(head):
        graph = (StixBundle if is_bundle(head) else GraphMarkup)(path, part=part, limits=LIMITS)
        found = [NetworkTable("nodes", "entities", lambda: graph.rows(NODES))]
        if graph.numbers[EDGES]:
            found.append(NetworkTable("edges", "links", lambda: graph.rows(EDGES)))
        return found
    file = DelimitedFile(path, part=part, limits=LIMITS, encoding=encoding)
    return [NetworkTable("", None, lambda: _delimited(file), file.is_guessed)]


def _sheets(path: Path, part: str) -> list[NetworkTable]:
    names = filled_sheets(path, part=part, limits=LIMITS)

    def rows(name: str) -> Callable[[], Iterator[FileRow]]:
        return lambda: map(_row, sheet_table(path, sheet=name, part=part, limits=LIMITS))

    return [NetworkTable(name if len(names) > 1 else "", None, rows(name)) for name in names]


def _delimited(file: DelimitedFile) -> Iterator[FileRow]:
    if file.header is not None:
        yield _row(file.header)
    yield from map(_row, file.records())


def _row(row: Record | BadRecord) -> FileRow:
    return FileRow(row.row, row.cells, row.reason if isinstance(row, BadRecord) else None)


def _head(path: Path, part: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(1024)
    except OSError as error:
        raise InvalidInputError(part, cannot_be_read(error)) from None


def _is_old_workbook(path: Path) -> bool:
    """Return whether a file of old Office is a workbook: it has a part of one of these names."""
    with path.open("rb") as file:
        content = file.read(64 * MIB)
    return any(name in content for name in _BOOKS)
