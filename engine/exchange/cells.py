"""One cell's text as the value that its column holds. Knows the columns' kinds; no rows, no files.

A reason never repeats the cell: it says what is wrong and what to write instead.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, timedelta
from enum import Enum
from functools import cache
from typing import NamedTuple, TypeAlias, assert_never

from engine.domain.absence import YesNo
from engine.domain.cases.incidents import Channel, IncidentKind
from engine.domain.dates import FIRST_YEAR, LAST_YEAR, PartialDate, read_date
from engine.domain.links.grades import GRADE
from engine.domain.people.persons import Sex, ThingKind
from engine.domain.referrals.intake import VictimView
from engine.exchange.columns import Column, Kind
from engine.exchange.mapping import ColumnMapping
from engine.exchange.raw_row import Cell, Unread


class BadCellError(ValueError):
    """A cell that its column cannot hold; the reason is a sentence for the co-ordinator."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Reading(NamedTuple):
    """Context of reading a cell, besides its column."""

    today: date
    mapping: ColumnMapping
    longest: int
    met: dict[tuple[str, str], Value]
    """Dates and choices of this file that were read before, by column and text: most come again."""
    counts_days_from: date | None = None


Value: TypeAlias = str | YesNo | PartialDate | Enum | tuple[str, ...]

_YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "1"), YesNo.YES),
    **dict.fromkeys(("no", "n", "false", "0"), YesNo.NO),
    **dict.fromkeys(("not known", "unknown", "nk"), YesNo.NOT_KNOWN),
    "not asked": YesNo.NOT_ASKED,
}
_CHOICES: dict[str, type[Enum]] = {
    "perpetrator_sex": Sex,
    "victim_sex": Sex,
    "victim_view": VictimView,
    "kind": IncidentKind,
    "channel": Channel,
}
_CODE = re.compile(r"^[a-z][a-z0-9\-]{1,39}$")
_CODE_REASON = "not a short code: lower-case letters, digits and hyphens, at most 40, beginning with a letter"
_GRADE_REASON = (
    "not a 3x5x2 grade; write the source (1 to 3), the information (A to E) and, if given, the handling, "
    "such as 2B P"
)
# Control characters, and those that turn the direction of writing round or cannot be seen. Tab and line ends
# are judged apart.
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LINE_OR_TAB = re.compile(r"[\t\r\n]")
_SHORTENED = re.compile(r"^\d(?:[.,]\d+)?E\+?\d+$", re.IGNORECASE)
_TWO_DIGIT_YEAR = re.compile(r"^\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2}$")
_LIKE_A_DATE = re.compile(
    r"^(?:\d{4}-\d{1,2}(?:-\d{1,2})?|\d{1,2}[/.\- ]\d{1,2}[/.\- ]\d{4}|\d{1,2}[/.\-]\d{4})"
)
_COMES_AGAIN = (Kind.DATE, Kind.YES_NO, Kind.CHOICE, Kind.CODE, Kind.GRADE)
_MOST_MET = 20_000
_MOST_DIGITS = 15  # a spreadsheet stores no more of a number


def read_cell(column: Column, cell: Cell, reading: Reading) -> Value:
    """Return the meaning of a filled cell of this column; raises BadCellError."""
    if type(cell) is not str:
        return _read(column, cell, reading)
    known = reading.met.get((column.name, cell))
    if known is not None:
        return known
    value = _read(column, cell, reading)
    if column.kind in _COMES_AGAIN and len(reading.met) < _MOST_MET:
        reading.met[column.name, cell] = value
    return value


def _read(column: Column, cell: Cell, reading: Reading) -> Value:
    if isinstance(cell, Unread):
        raise BadCellError(cell.reason)
    if isinstance(cell, str) and not isinstance(cell, PartialDate):
        _refuse_what_no_cell_may_hold(cell, reading.longest)
        if reading.mapping.values:
            cell = reading.mapping.our_value(column, cell)
    match column.kind:
        case Kind.DATE:
            return _date(cell, reading)
        case Kind.YES_NO:
            return _yes_no(cell)
        case Kind.CHOICE:
            return _choice(column, cell)
        case Kind.CODE:
            code = _text(column, cell).casefold()
            if not _CODE.match(code):
                raise BadCellError(_CODE_REASON)
            return code
        case Kind.GRADE:
            grade = _text(column, cell).upper()
            if not GRADE.match(grade):
                raise BadCellError(_GRADE_REASON)
            return grade
        case Kind.CONTACT:
            return _contacts(column, cell)
        case Kind.NAME | Kind.REFERENCE | Kind.IDENTIFIER | Kind.TEXT:
            return _text(column, cell)
        case _:
            assert_never(column.kind)


def is_source(code: str) -> bool:
    """Return whether this can be a source's code."""
    return _CODE.match(code) is not None


def _refuse_what_no_cell_may_hold(text: str, longest: int) -> None:
    if len(text) > longest:
        raise BadCellError(f"longer than {longest:,} characters; shorten it")
    if not text.isprintable() and _CONTROL.search(text):  # the first is quick, and nearly every text is
        raise BadCellError(
            "has control characters or invisible characters; type the content of the cell again"
        )


def _text(column: Column, cell: Cell) -> str:
    if isinstance(cell, PartialDate):
        raise BadCellError(
            "the spreadsheet has turned this into a date; format the cell as text and type it again"
        )
    if isinstance(cell, bool):
        raise BadCellError("has true or false where text is expected; type the text")
    text = _digits(column, cell) if isinstance(cell, int | float) else str(cell).strip()
    many_lines = column.kind is Kind.TEXT
    if not many_lines and not text.isprintable() and _LINE_OR_TAB.search(text):
        raise BadCellError("has a line break or a tab; write it on one line")
    if not many_lines and _SHORTENED.match(text):
        raise BadCellError(
            "the spreadsheet has shortened this number; format the cell as text and type it again"
        )
    if _is_formula(column, text):
        raise BadCellError("starts like a formula; type the value itself")
    if len(text) > column.longest:
        raise BadCellError(
            f"longer than the {column.longest:,} characters allowed in this column; shorten it"
        )
    if len(text) < column.shortest:
        raise BadCellError(f"shorter than {column.shortest} characters; write it in full or leave it blank")
    return text


def _is_formula(column: Column, text: str) -> bool:
    """Return whether it is a formula.

    Free text stays with its first character, and is never evaluated; an account may well begin with @.
    """
    match column.kind:
        case Kind.NAME:
            return text.startswith(("=", "@", "+", "-"))
        case Kind.CONTACT:
            return text.startswith("=" if column.field == ThingKind.ACCOUNT.value else ("=", "@"))
        case Kind.CODE | Kind.REFERENCE | Kind.IDENTIFIER | Kind.GRADE:
            return text.startswith(("=", "@"))
        case Kind.TEXT | Kind.DATE | Kind.YES_NO | Kind.CHOICE:
            return False
        case _:
            assert_never(column.kind)


def _digits(column: Column, number: int | float) -> str:
    """Return a number as the text that was meant.

    One that a spreadsheet cannot have stored whole is refused.
    """
    if isinstance(number, float) and (not math.isfinite(number) or not number.is_integer()):
        if column.kind is Kind.TEXT and math.isfinite(number):
            return repr(number)
        raise BadCellError("a number with a fraction; format the cell as text and type it again")
    if abs(number) >= 10**_MOST_DIGITS:
        raise BadCellError(
            f"a number of more than {_MOST_DIGITS} digits, which a spreadsheet cuts; format the cell as text"
        )
    return str(int(number))


def _contacts(column: Column, cell: Cell) -> tuple[str, ...]:
    if not isinstance(cell, str) or isinstance(cell, PartialDate):
        return (_text(column, cell),)
    each = tuple(part.strip() for part in cell.split(";") if part.strip())
    if not each:
        raise BadCellError("has only semicolons; write the values or leave it blank")
    return tuple(dict.fromkeys(_text(column, part) for part in each))


def _yes_no(cell: Cell) -> YesNo:
    if isinstance(cell, str) and cell in _YES_NO:
        return _YES_NO[cell]
    term = "" if isinstance(cell, float) else " ".join(str(cell).casefold().split())
    if term not in _YES_NO:
        raise BadCellError("not one of: yes, no, not known; leave it blank if it was not asked")
    return _YES_NO[term]


def _choice(column: Column, cell: Cell) -> Enum:
    choices = _choices(column.name)
    if isinstance(cell, str) and cell in choices:
        return choices[cell]
    term = " ".join(str(cell).casefold().replace("_", " ").split())
    if term not in choices:
        raise BadCellError(f"not one of: {', '.join(column.choices)}")
    return choices[term]


@cache
def _choices(name: str) -> Mapping[str, Enum]:
    """Return each choice of this column by its text: reading it costs less than making it of the text."""
    there = {str(choice.value): choice for choice in _CHOICES[name]}
    return there | {choice.in_words: choice for choice in there.values() if isinstance(choice, IncidentKind)}


def _date(cell: Cell, reading: Reading) -> PartialDate:
    if isinstance(cell, PartialDate):
        day = cell
    elif isinstance(cell, str):
        day = _date_from_text(cell)
    elif isinstance(cell, bool | Unread):
        raise BadCellError("not a date; write 9/3/2024, 2024-03-09, March 2024 or 2024")
    else:
        day = _date_from_number(cell, reading.counts_days_from)
    if day.earliest > reading.today:
        raise BadCellError("this date is in the future; correct it")
    return day


def _date_from_text(text: str) -> PartialDate:
    given = " ".join(text.split())
    try:
        return read_date(given if given.isascii() else "")  # other scripts' digits would stay as they are
    except ValueError as wrong:
        # The error's own words are not handed on: they may repeat the cell.
        if _TWO_DIGIT_YEAR.match(given):
            reason = "a 2-digit year is not clear; write 4 digits, such as 9/3/2024"
        elif _LIKE_A_DATE.match(given) and not _in_our_years(given):
            reason = f"the year is not between {FIRST_YEAR} and {LAST_YEAR}; correct it"
        elif _LIKE_A_DATE.match(given):
            reason = "this date does not exist; write the day first, as in 9/3/2024"
        else:
            reason = "not a date; write 9/3/2024, 2024-03-09, March 2024 or 2024"
        raise BadCellError(reason) from wrong


def _in_our_years(given: str) -> bool:
    return any(FIRST_YEAR <= int(year) <= LAST_YEAR for year in re.findall(r"\d{4}", given)[:1])


def _date_from_number(number: int | float, counts_from: date | None) -> PartialDate:
    """Return the date: a bare number is a year,
    or a spreadsheet's count of days where the file says from when it counts.
    """
    whole = int(number) if math.isfinite(number) else 0
    if number == whole and FIRST_YEAR <= whole <= LAST_YEAR:
        return PartialDate(str(whole))
    if counts_from is not None and 10_000 <= whole <= 100_000:
        return PartialDate.of(counts_from + timedelta(days=whole))
    raise BadCellError("a bare number, not a date; write 9/3/2024, 2024-03-09, March 2024 or 2024")
