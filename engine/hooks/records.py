"""Place of an agency's own records, and what to raise when they cannot be read. Knows no agency's format."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TypeVar

from pydantic import Field, JsonValue

from engine.domain.base import Frozen
from engine.domain.errors import StacError

_T = TypeVar("_T")
_PLAIN_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,59}$")


class AgencyRecords(Frozen):
    """The folder with an agency's extract. ``digest`` changes when any of its files does.

    ``settings`` is the agency's ``agency-settings.toml``. ``dated`` is the day on which the newest file was
    last written; None if the folder is empty.
    """

    folder: Path
    settings: dict[str, JsonValue] = Field(default_factory=dict)
    digest: str
    dated: date | None = None


class RecordsFault(str, Enum):
    """Reason why an extract cannot be read."""

    MISSING = "is not there"
    EMPTY = "is empty"
    NOT_OPENED = "could not be opened"
    NOT_TEXT = "is not UTF-8 text"
    NO_SHEET = "lacks a sheet"
    NO_COLUMN = "lacks a column"
    BAD_LINE = "has a line that breaks its format"
    TWICE = "holds the same key twice"
    HALF_LINE = "ends without a line end, so its last line may not be whole"
    NO_SUCH_KEY = "names a key that is not in the extract"
    INCOMPLETE = "has a different number of lines from its first line"


class RecordsExpected(str, Enum):
    """Expected content where an extract cannot be read."""

    VALUE = "a value"
    NUMBER = "a row's own number, of at most 80 signs on one line"
    DATE = "a date such as 09/03/2024, 2024-03-09, March 2024 or 2024"
    WHOLE_DATE = "a whole date such as 09/03/2024 or 2024-03-09"
    WORD = "one of the values that the mapping lists for it"
    PERSON = "the number of a row in the sheet of people"
    TEXT = "a text of a length that a view may have"
    FEWER = "no more parts than a response takes"
    GRADE = "a 3x5x2 grade such as 2B P"
    WIDTH = "as many cells as the first line has"
    UNMERGED = "a cell of its own, not merged with others"
    CALCULATED = "a value; this formula was saved without one"
    NO_ERROR = "a value, not a spreadsheet's error"


class RecordsUnreadableError(StacError):
    """An agency's extract cannot be read, so nothing can be said: not even that it holds nothing.

    It takes no free text, because a line of an extract may hold a name: a file, a fault, and if known the
    sheet, the line's number (of a sheet, the row's), the column, and what was expected there.
    """

    def __init__(
        self,
        file: str,
        fault: RecordsFault,
        *,
        line: int | None = None,
        column: str | None = None,
        sheet: str | None = None,
        expected: RecordsExpected | None = None,
    ) -> None:
        self.file, self.fault, self.line, self.column = file, fault, line, column
        self.sheet, self.expected = sheet, expected
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """Sentence that is shown: "incidents.csv has a line that breaks its format (line 14,
        column happened)".
        """
        where = [f"sheet {plain_name(self.sheet)}"] if self.sheet else []
        where += [f"{'row' if self.sheet else 'line'} {self.line}"] if self.line is not None else []
        where += [f"column {plain_name(self.column)}"] if self.column else []
        sentence = f"{plain_name(self.file)} {self.fault.value}" + (f" ({', '.join(where)})" if where else "")
        return f"{sentence}: expected {self.expected.value}" if self.expected else sentence


def plain_name(text: str) -> str:
    """Return a file's, column's or type's name when it has the form of one,
    else a term for one that has not.
    """
    return text if _PLAIN_NAME.match(text) else "(unnamed)"


def once_per_extract(read: Callable[[AgencyRecords], _T]) -> Callable[[AgencyRecords], _T]:
    """Wrap a reader so that an unchanged extract is read once in the life of the agency's process.

    This is the only thing that may outlive a call: the newest extract, by its digest.
    """
    newest: dict[tuple[Path, str], _T] = {}

    def reading(records: AgencyRecords) -> _T:
        key = (records.folder, records.digest)
        if key not in newest:
            newest.clear()  # before the new one is read: two at once could be more than the memory limit
            newest[key] = read(records)
        return newest[key]

    return reading
