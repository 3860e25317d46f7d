"""Delimited files of figures, as named columns of cells. A row that cannot be read is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import cannot_be_read
from engine.exchange.csv_records import BadRecord
from engine.exchange.delimited import DelimitedFile
from engine.exchange.limits import MIB, FileLimits
from engine.exchange.workbooks import is_workbook

_MOST_LISTED = 5
_MOST_COLUMNS = 30
_NOT_RECORDED = frozenset({"", "na", "n/a", "nan", "null", "."})


@dataclass(frozen=True)
class DelimitedTable:
    """The rows below a header, each with its number in the file; the header is row 1."""

    part: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]

    def column(self, name: str, option: str) -> list[str]:
        """Return the cells of one column. Raises InvalidInputError if there is none, or more than one."""
        name = name.strip()
        exact = [place for place, title in enumerate(self.header) if title == name]
        places = exact or [
            place for place, title in enumerate(self.header) if title.casefold() == name.casefold()
        ]
        if not places:
            more = f" and {len(self.header) - _MOST_COLUMNS} more" if len(self.header) > _MOST_COLUMNS else ""
            raise InvalidInputError(
                option,
                f"{self.part} has no column '{name[:60]}'; it has "
                f"{', '.join(title[:60] or '(blank)' for title in self.header[:_MOST_COLUMNS])}{more}",
            )
        if len(places) > 1:
            raise InvalidInputError(
                option, f"{self.part} has {len(places)} columns '{name[:60]}'; give each a name of its own"
            )
        return [row[places[0]] for row in self.rows]


def read_delimited(path: Path, *, part: str, rows: int) -> DelimitedTable:
    """Read a delimited file of at most so many rows. Raises InvalidInputError, in one sentence."""
    limits = FileLimits(rows=rows, rewritten_bytes=128 * MIB)
    file = DelimitedFile(path, part=part, limits=limits) if not _is_workbook(path, part) else None
    if file is None:
        raise InvalidInputError(part, "a workbook, not text; save the sheet as CSV UTF-8 and give that")
    if file.header is None:
        raise InvalidInputError(part, "it is empty")
    header = [cell.strip() for cell in file.header.cells]
    while header and not header[-1]:
        header.pop()
    read: list[tuple[str, ...]] = []
    numbers: list[int] = []
    for record in file.records():
        cells = [cell.strip() for cell in record.cells]
        if isinstance(record, BadRecord):
            raise InvalidInputError(f"{part}, row {record.row}", record.reason)
        if any(cells[len(header) :]):
            raise InvalidInputError(
                f"{part}, row {record.row}", f"has {len(cells)} cells where the header has {len(header)}"
            )
        read.append(tuple((cells + [""] * len(header))[: len(header)]))
        numbers.append(record.row)
    if not read:
        raise InvalidInputError(part, "it has a header and no rows")
    return DelimitedTable(part, tuple(header), tuple(read), tuple(numbers))


def is_recorded(cell: str) -> bool:
    """Return whether a cell has a value: blank, NA, N/A, NaN, NULL and a full stop have none."""
    return cell.casefold() not in _NOT_RECORDED


def refuse_rows(
    option: str, cells: Sequence[str], numbers: Sequence[int], is_wrong: Callable[[str], bool], reason: str
) -> None:
    """Raise InvalidInputError with the numbers of the rows whose cell is wrong, if there are any."""
    wrong = [number for cell, number in zip(cells, numbers, strict=True) if is_wrong(cell)]
    if wrong:
        raise InvalidInputError(option, f"{rows_in_words(wrong)}: {reason}")


def rows_in_words(numbers: Sequence[int]) -> str:
    """Return row numbers as the subject of a sentence; the first few of many."""
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    listed = ", ".join(str(number) for number in numbers[:_MOST_LISTED])
    more = f" and {len(numbers) - _MOST_LISTED:,} more" if len(numbers) > _MOST_LISTED else ""
    return f"rows {listed}{more}"


def repeated(names: Sequence[str]) -> list[str]:
    """Return the names that are given more than once."""
    return [name for name, count in Counter(names).items() if count > 1]


def _is_workbook(path: Path, part: str) -> bool:
    try:
        with path.open("rb") as file:
            return is_workbook(file.read(8))
    except OSError as error:
        raise InvalidInputError(part, cannot_be_read(error)) from None
