"""Files of persons, delimited or workbooks, as columns of cells, and files of true pairs. Matches nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import cannot_be_read
from engine.exchange.csv_records import BadRecord, Record
from engine.exchange.delimited import DelimitedFile
from engine.exchange.limits import MIB, FileLimits
from engine.exchange.mapping import header_key
from engine.exchange.plain_files import size_of_plain_file
from engine.exchange.workbooks import is_workbook
from engine.exchange.xlsx_table import workbook_table
from engine.identity.file_mapping import ID, PersonMapping

LIMITS = FileLimits(rows=500_000, rewritten_bytes=128 * MIB)
_MOST_TOLD = 5
_MOST_COLUMNS_TOLD = 30


class PersonsRead(NamedTuple):
    """One file: its ids, its cells by field, and each record's true person where a column gives it."""

    ids: list[str]
    columns: dict[str, list[str]]
    true_persons: list[str] | None
    rows_left_out: int


class _Table(NamedTuple):
    header: list[str]
    rows: list[list[str]]
    places: list[int]
    left_out: int


def read_persons(
    path: Path, mapping: PersonMapping, *, part: str, note: Callable[[str], None]
) -> PersonsRead:
    """Read the persons of a file. Raises InvalidInputError, in one sentence, if it cannot be used.

    ``part`` is how the file is called in sentences. A row that cannot be read is left out and reported.
    """
    wanted = {header_key(column) for _, column in mapping.named}
    table = _table(path, wanted, part=part, note=note)
    place_by_key = _places(table.header, wanted, part)
    for key, column in mapping.named:
        if header_key(column) not in place_by_key:
            raise InvalidInputError(
                f"mapping, {key}",
                f"{part} has no column '{column[:60]}'; it has {_header_names(table.header)}",
            )

    def cells(columns: Sequence[str]) -> list[str]:
        places = [place_by_key[header_key(column)] for column in columns]
        if len(places) == 1:
            return [row[places[0]] for row in table.rows]
        return [" ".join(filter(None, (row[place] for place in places))) for row in table.rows]

    return PersonsRead(
        ids=_ids(cells([mapping.id]), table.places, part)
        if mapping.id
        else [str(row) for row in table.places],
        columns={field: cells(columns) for field, columns in mapping.fields.items()},
        true_persons=cells([mapping.true_person]) if mapping.true_person else None,
        rows_left_out=table.left_out,
    )


def read_named_columns(
    path: Path, columns: Sequence[str], *, part: str, note: Callable[[str], None]
) -> list[tuple[int, dict[str, str]]]:
    """Return each row's number and its cells in those of these columns that the file has.

    Raises InvalidInputError, in one sentence, if the file cannot be used.
    """
    wanted = {header_key(column): column for column in columns}
    table = _table(path, set(wanted), part=part, note=note)
    places = {
        wanted[key]: place for key, place in _places(table.header, set(wanted), part).items() if key in wanted
    }
    return [
        (row, {column: cells[place] for column, place in places.items()})
        for row, cells in zip(table.places, table.rows, strict=True)
    ]


def read_pairs(path: Path, *, note: Callable[[str], None]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of ids in a file with the columns id_a and id_b. Raises InvalidInputError."""
    part, wanted = "the file of true pairs", {"id_a", "id_b"}
    table = _table(path, wanted, part=part, note=note, may_be_empty=True)
    place_by_key = _places(table.header, wanted, part)
    if not wanted <= set(place_by_key):
        raise InvalidInputError(
            "truth", f"its columns must be id_a,id_b; it has {_header_names(table.header)}"
        )
    for row in table.rows:
        yield row[place_by_key["id_a"]], row[place_by_key["id_b"]]


def _table(
    path: Path, wanted: set[str], *, part: str, note: Callable[[str], None], may_be_empty: bool = False
) -> _Table:
    if _is_workbook(path, part):
        table = _of_workbook(path, wanted, part, note)
    else:
        table = _of_text(path, wanted, part, note)
    if not table.rows and table.left_out:
        raise InvalidInputError(part, "it has a header and no row below it that can be read")
    if not table.rows and not may_be_empty:
        raise InvalidInputError(part, "it has a header and no rows; add the people to match")
    return table


def _of_workbook(path: Path, wanted: set[str], part: str, note: Callable[[str], None]) -> _Table:
    found = workbook_table(path, wanted=wanted, part=part, limits=LIMITS, note=note)
    header = [cell.strip() for cell in next(found).cells]
    return _rows(found, header, part, note)


def _of_text(path: Path, wanted: set[str], part: str, note: Callable[[str], None]) -> _Table:
    file = DelimitedFile(path, part=part, limits=LIMITS, knows=lambda name: header_key(name) in wanted)
    if file.header is None:
        raise InvalidInputError(part, "it is empty")
    if file.is_guessed:
        note(f"{part} is not UTF-8 and was read as Windows-1252; check names with accents")
    header = [cell.strip() for cell in file.header.cells]
    while header and not header[-1]:
        header.pop()
    return _rows(file.records(), header, part, note)


def _rows(
    found: Iterator[Record | BadRecord], header: list[str], part: str, note: Callable[[str], None]
) -> _Table:
    rows: list[list[str]] = []
    places: list[int] = []
    left_out: list[str] = []
    for record in found:
        cells = [cell.strip() for cell in record.cells]
        if isinstance(record, BadRecord):
            left_out.append(f"row {record.row}: {record.reason}")
        elif any(cells[len(header) :]):
            left_out.append(f"row {record.row}: has {len(cells)} cells where the header has {len(header)}")
        else:
            rows.append((cells + [""] * len(header))[: len(header)])
            places.append(record.row)
    for reason in left_out[:_MOST_TOLD]:
        note(f"{part}, {reason}; the row was left out")
    if len(left_out) > _MOST_TOLD:
        note(f"{part}: {len(left_out) - _MOST_TOLD:,} more rows could not be read and were left out")
    return _Table(header, rows, places, len(left_out))


def _is_workbook(path: Path, part: str) -> bool:
    """Return whether the file's content, not its name, makes it a workbook."""
    try:
        if size_of_plain_file(path, part) > LIMITS.file_bytes:
            raise InvalidInputError(part, f"larger than {LIMITS.file_bytes // MIB} MB; divide it")
        with path.open("rb") as file:
            return is_workbook(file.read(8))
    except OSError as error:
        raise InvalidInputError(part, cannot_be_read(error)) from None


def _places(header: list[str], wanted: set[str], part: str) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        key = header_key(name)
        if key in places and key in wanted:
            raise InvalidInputError(part, f"two columns are called '{name[:60]}'; rename one")
        places[key] = place
    return places


def _ids(ids: list[str], rows: list[int], part: str) -> list[str]:
    first: dict[str, int] = {}
    for value, row in zip(ids, rows, strict=True):
        if not value:
            raise InvalidInputError(
                part, f"row {row} has no {ID}; give every row one, or leave {ID} unmapped"
            )
        if value in first:
            raise InvalidInputError(
                part, f"rows {first[value]} and {row} have the same {ID}; each row needs one of its own"
            )
        first[value] = row
    return ids


def _header_names(header: list[str]) -> str:
    names = ", ".join(name[:40] for name in header[:_MOST_COLUMNS_TOLD])
    return (
        f"{names} and {len(header) - _MOST_COLUMNS_TOLD} more" if len(header) > _MOST_COLUMNS_TOLD else names
    )
