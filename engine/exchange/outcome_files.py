"""Files of outcomes (CSV or a workbook) as outcomes, row by row. Knows no database; repeats no cell.

The whole file is checked before its first row is returned. A blank cell is "not recorded".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import ValidationError

from engine.domain.absence import YesNo
from engine.domain.dates import PartialDate, read_date
from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import cannot_be_read
from engine.domain.outcomes.follow_up import AgainstWhom, Censoring, Measure, OutcomeFound, OutcomeGiven
from engine.domain.referrals.intake import AlarmTopic
from engine.exchange.csv_records import BadRecord, Record
from engine.exchange.delimited import DelimitedFile
from engine.exchange.headers import column_letter
from engine.exchange.limits import MIB, FileLimits
from engine.exchange.mapping import header_key
from engine.exchange.rows import CellFault
from engine.exchange.workbooks import is_workbook
from engine.exchange.xlsx_table import workbook_table

PART = "file"
LIMITS = FileLimits(file_bytes=32 * MIB, rows=20_000, columns=60)
NEEDED = ("case", "measure", "found", "looked_until")
COLUMNS = (
    *NEEDED,
    "against",
    "happened",
    "proved",
    "offence",
    "offence_row",
    "order_breach",
    "ended",
    "ended_on",
    "summary",
    *(topic.column for topic in AlarmTopic),
)
_YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "1"), True),
    **dict.fromkeys(("no", "n", "false", "0"), False),
    **dict.fromkeys(("", "not known", "unknown", "nk"), None),
}
# Control characters, and those that turn the direction of writing round or cannot be seen.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_FORMULA = ("=", "+", "-", "@", "\t")
_E = TypeVar("_E", bound=Enum)


class OutcomeRead(NamedTuple):
    """One row that reads as an outcome of a case."""

    row: int
    case: str
    outcome: OutcomeGiven
    topics: Mapping[AlarmTopic, YesNo]
    """The alarm topics that were asked about it; a blank cell is "not asked"."""


class OutcomeRefused(NamedTuple):
    """One row that cannot be read, with everything that is wrong with it. No reason repeats a cell."""

    row: int
    faults: tuple[CellFault, ...]


class _BadCellError(ValueError):
    """A cell that its column cannot have; the reason is a sentence."""


def read_outcomes(
    path: Path, *, agency: str, note: Callable[[str], None]
) -> tuple[OutcomeRead | OutcomeRefused, ...]:
    """Return each row of a file of this agency's outcomes, as an outcome or as a fault.

    Raises InvalidInputError when the file as a whole cannot be read.
    """
    rows = _rows(path, note)
    header = next(rows, None)
    if not isinstance(header, Record):
        raise InvalidInputError("header", f"its first row must name {', '.join(NEEDED)}")
    columns = _bound(header.cells)
    found: list[OutcomeRead | OutcomeRefused] = []
    for record in rows:
        if not any(cell.strip() for cell in record.cells):
            continue
        if len(found) >= LIMITS.rows:
            raise InvalidInputError(PART, f"more than {LIMITS.rows:,} rows; divide it into several files")
        found.append(_read(record, columns, agency))
    if not found:
        raise InvalidInputError(PART, "it has a header but no outcomes; add one row for each")
    return tuple(found)


def _rows(path: Path, note: Callable[[str], None]) -> Iterator[Record | BadRecord]:
    wanted = set(COLUMNS)
    try:
        with path.open("rb") as file:
            head = file.read(4_096)
    except OSError as error:
        raise InvalidInputError(PART, cannot_be_read(error)) from None
    if is_workbook(head):
        yield from workbook_table(path, wanted=set(NEEDED), part=PART, limits=LIMITS, note=note)
        return
    text = DelimitedFile(
        path, part=PART, limits=LIMITS, delimiters=",;\t", knows=lambda name: header_key(name) in wanted
    )
    if text.header is None:
        raise InvalidInputError(PART, "it is empty")
    if text.is_guessed:
        note("The file is not UTF-8 and was read as Windows-1252. Check the summaries.")
    yield text.header
    yield from text.records()


def _bound(header: Sequence[str]) -> list[str | None]:
    """Return our name of each column; a mistyped one is refused, so that nothing is left out unseen."""
    columns: list[str | None] = []
    for place, name in enumerate(header):
        key = header_key(name)
        if not key:
            columns.append(None)
        elif key not in COLUMNS:
            raise InvalidInputError(
                f"header, column {column_letter(place)}",
                f"not a column of outcomes; the columns are {', '.join(COLUMNS)}",
            )
        elif key in columns:
            raise InvalidInputError("header", f"{key} is in 2 columns; remove one")
        else:
            columns.append(key)
    if missing := [name for name in NEEDED if name not in columns]:
        raise InvalidInputError("header", f"no column {' or '.join(missing)}; add it")
    return columns


def _read(
    record: Record | BadRecord, columns: Sequence[str | None], agency: str
) -> OutcomeRead | OutcomeRefused:
    if isinstance(record, BadRecord):
        return OutcomeRefused(record.row, (CellFault(column=None, reason=record.reason),))
    faults: list[CellFault] = []
    cells = dict.fromkeys(COLUMNS, "")
    for place, cell in enumerate(record.cells):
        name = columns[place] if place < len(columns) else None
        if name is not None:
            cells[name] = cell.strip()
        elif cell.strip():
            faults.append(CellFault(column=column_letter(place), reason="below a blank header; name it"))
    values: dict[str, object] = {}
    for field, (column, read) in _FIELDS.items():
        try:
            values[field] = _checked(column, cells[column], read)
        except _BadCellError as error:
            faults.append(CellFault(column=column, reason=str(error)))
    topics: dict[AlarmTopic, YesNo] = {}
    for topic in AlarmTopic:
        try:
            if cells[topic.column]:
                topics[topic] = _topic(str(_checked(topic.column, cells[topic.column], str)))
        except _BadCellError as error:
            faults.append(CellFault(column=topic.column, reason=str(error)))
    if faults:
        return OutcomeRefused(record.row, tuple(faults))
    case = str(values.pop("case"))
    values["says"] = values["says"] or f"From a file of {agency}."
    try:
        outcome = OutcomeGiven.model_validate({**values, "agency": agency, "looked_in": (agency,)})
    except ValidationError as error:
        reasons = [str(each["msg"]).removeprefix("Value error, ") for each in error.errors()]
        return OutcomeRefused(record.row, tuple(CellFault(column=None, reason=each) for each in reasons))
    return OutcomeRead(record.row, case, outcome, topics)


def _checked(column: str, cell: str, read: Callable[[str], object]) -> object:
    if not cell:
        if column in NEEDED:
            raise _BadCellError("blank; it is needed")
        return None
    if len(cell) > 600 or _UNSEEN.search(cell):
        raise _BadCellError("too long, or with characters that cannot be seen; write it again")
    return read(cell)


def _one_of(choices: type[_E]) -> Callable[[str], _E]:
    def read(cell: str) -> _E:
        wanted = " ".join(cell.casefold().replace("_", " ").split())
        for each in choices:
            if wanted == each.value:
                return each
        raise _BadCellError(f"not one of: {', '.join(str(each.value) for each in choices)}")

    return read


def _date(cell: str) -> PartialDate:
    try:
        return read_date(cell)
    except ValueError as error:
        raise _BadCellError(str(error)) from None


def _yes_no(cell: str) -> bool | None:
    if cell.casefold() not in _YES_NO:
        raise _BadCellError("not yes, no or not known")
    return _YES_NO[cell.casefold()]


def _topic(cell: str) -> YesNo:
    is_yes = _yes_no(cell)
    return YesNo.NOT_KNOWN if is_yes is None else YesNo.YES if is_yes else YesNo.NO


def _code(cell: str) -> str:
    if len(cell) > 12:
        raise _BadCellError("too long for a code; write it as 008/65")
    return cell


def _sentence(cell: str) -> str:
    if cell.startswith(_FORMULA):
        raise _BadCellError("begins like a formula; begin with a letter")
    return " ".join(cell.split())


_FIELDS: dict[str, tuple[str, Callable[[str], object]]] = {
    "case": ("case", str),
    "measure": ("measure", _one_of(Measure)),
    "found": ("found", _one_of(OutcomeFound)),
    "looked_until": ("looked_until", _date),
    "against": ("against", _one_of(AgainstWhom)),
    "happened": ("happened", _date),
    "proved": ("proved", _date),
    "offence": ("offence", _code),
    "offence_row": ("offence_row", _code),
    "is_order_breach": ("order_breach", _yes_no),
    "censored": ("ended", _one_of(Censoring)),
    "ended_on": ("ended_on", _date),
    "says": ("summary", _sentence),
}
