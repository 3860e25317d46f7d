"""Hiding small figures in files of tables, before they are published. Opens no record and writes nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import TypeAlias

from engine.domain.errors import InvalidInputError
from engine.outcomes.suppression.linked_tables import TOTAL, CountedTable, Key
from engine.services.tools.delimited_tables import DelimitedTable, read_delimited, refuse_rows, repeated
from engine.tools.suppression.suppressing import suppress
from engine.tools.suppression.tables import SuppressedTables, TableCell

TablesSuppressed: TypeAlias = SuppressedTables
CellOfTable: TypeAlias = TableCell
"""The names for the command, which does not import ``engine.tools``."""

COUNT = "count"
MOST_CELLS = 20_000
LONGEST_SECONDS = 60.0
_WHOLE = re.compile(r"\d{1,12}", re.ASCII)


def suppress_tables(
    files: Sequence[Path],
    *,
    limit: int,
    hide_zeros: bool = False,
    width: int = 1,
    seconds: float = LONGEST_SECONDS,
) -> SuppressedTables:
    """Return what may be published of each cell of these files, which count the same people.

    A table is named by its file. Dimensions of the same name link the files. After so many seconds everything
    but the overall total is hidden.

    Raises
    ------
    InvalidInputError
        A file cannot be read or is not such a table, a total is not the sum of its parts, or the files do not
        count the same people. Rows are named by their number.
    """
    names = [file.stem for file in files]
    if twice := repeated(names):
        raise InvalidInputError("files", f"2 are named '{twice[0][:60]}'; give each table a name of its own")
    until = monotonic() + seconds
    tables = [_table(file, name) for file, name in zip(files, names, strict=True)]
    return suppress(
        tables, limit=limit, hide_zeros=hide_zeros, width=width, seconds_left=lambda: until - monotonic()
    )


def _table(file: Path, name: str) -> CountedTable:
    part = name[:60]
    read = read_delimited(file, part=part, rows=MOST_CELLS)
    counts = read.column(COUNT, part)
    place = next(place for place, title in enumerate(read.header) if title.casefold() == COUNT)
    dimensions = tuple(title for each, title in enumerate(read.header) if each != place)
    if not dimensions:
        raise InvalidInputError(part, "it has no column beside 'count'; add one column for each dimension")
    if not all(dimensions):
        raise InvalidInputError(part, "a column has no name; name each dimension")
    if twice := repeated([title.casefold() for title in dimensions]):
        raise InvalidInputError(part, f"it has 2 columns '{twice[0][:60]}'; give each a name of its own")
    refuse_rows(
        part,
        counts,
        read.numbers,
        lambda cell: not _WHOLE.fullmatch(cell),
        "the count is not a whole number from 0; write every count in full",
    )
    keys = _keys(read, place, part)
    return CountedTable(
        name,
        dimensions,
        {key: int(count) for key, count in zip(keys, counts, strict=True)},
        dict(zip(keys, read.numbers, strict=True)),
    )


def _keys(read: DelimitedTable, place: int, part: str) -> list[Key]:
    keys = []
    seen: dict[Key, int] = {}
    for row, number in zip(read.rows, read.numbers, strict=True):
        levels = [cell for each, cell in enumerate(row) if each != place]
        if not all(levels):
            raise InvalidInputError(
                f"{part}, row {number}", "a dimension is blank; give its level, or 'total' for all of them"
            )
        key = tuple(TOTAL if level.casefold() == TOTAL else level for level in levels)
        if key in seen:
            raise InvalidInputError(f"{part}, row {number}", f"it is the same cell as row {seen[key]}")
        seen[key] = number
        keys.append(key)
    return keys
