"""Dates as sources give them: some only to the month or the year, and stored so."""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import lru_cache

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

FIRST_YEAR, LAST_YEAR = 1850, 2200
"""The years that a date of ours can be in; an earlier or later one is a slip."""

_SHAPE = re.compile(r"^(?P<y>[0-9]{4})(?:-(?P<m>[0-9]{2})(?:-(?P<d>[0-9]{2}))?)?$")
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}


class PartialDate(str):
    """A date to the precision that its source gave: ``2024``, ``2024-03`` or ``2024-03-09``.

    It is text of its own precision; ``earliest`` and ``latest`` are the days that it may mean. The first of
    the month is never filled in.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> PartialDate:
        match = _SHAPE.match(text)
        if match is None:
            raise ValueError("not a date such as 2024, 2024-03 or 2024-03-09")
        year, month, day = int(match["y"]), match["m"], match["d"]
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(f"the year {year} is not between {FIRST_YEAR} and {LAST_YEAR}")
        if month and not 1 <= int(month) <= 12:
            raise ValueError(f"{month} is not a month")
        if day and not 1 <= int(day) <= calendar.monthrange(year, int(month))[1]:
            raise ValueError(f"{calendar.month_name[int(month)]} {year} does not have a day {day}")
        return super().__new__(cls, text)

    @classmethod
    def of(cls, day: date) -> PartialDate:
        """Return the date of a whole day."""
        return cls(day.isoformat())

    @property
    def earliest(self) -> date:
        """The first day that this date may mean."""
        return _days(self)[0]

    @property
    def latest(self) -> date:
        """The last day that this date may mean."""
        return _days(self)[1]

    @property
    def is_whole_day(self) -> bool:
        """True if the source gave a day."""
        return len(self) == len("2024-03-09")

    def in_words(self) -> str:
        """Return it as it is read aloud: ``9 March 2024``, ``March 2024``, ``2024``."""
        if self.is_whole_day:
            return f"{self.earliest.day} {self.earliest:%B %Y}"
        return f"{self.earliest:%B %Y}" if len(self) > len("2024") else str(self)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.no_info_plain_validator_function(
            _from_anything, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )
        return core_schema.json_or_python_schema(
            json_schema=text,
            python_schema=text,
            serialization=core_schema.plain_serializer_function_ser_schema(str),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "type": "string",
            "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$",
            "examples": ["2024-03-09", "2024-03"],
        }


@lru_cache(maxsize=8192)
def _read_once(text: str) -> PartialDate:
    """Return the date from a cache: in bulk the same days come again and again."""
    return PartialDate(text)


@lru_cache(maxsize=8192)
def _days(text: str) -> tuple[date, date]:
    """Return its ``earliest`` and ``latest``, from a cache for the same reason."""
    year, *rest = map(int, text.split("-"))
    first, last = (rest[0], rest[0]) if rest else (1, 12)
    if len(rest) > 1:
        return date(year, first, rest[1]), date(year, last, rest[1])
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def _from_anything(value: object) -> PartialDate:
    if isinstance(value, PartialDate):
        return value
    if isinstance(value, date):
        return PartialDate(value.strftime("%Y-%m-%d"))
    if isinstance(value, str):
        return _read_once(value)
    raise ValueError("a date is text such as 2024-03-09, 2024-03 or 2024")


def read_date(text: str) -> PartialDate:
    """Read a date as a British spreadsheet writes it, or as ISO.

    9/3/2024, 09.03.2024, March 2024, 03/2024 and 2024 are read. Raises ValueError, in one sentence, for a
    date that does not exist or that could be read two ways (a two-digit year).
    """
    given = " ".join(text.strip().split())
    if _SHAPE.match(given):
        return PartialDate(given)
    if match := re.match(r"^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}", given):
        return PartialDate(match[1])
    if match := re.match(r"^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})$", given):
        return PartialDate(f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}")
    if match := re.match(r"^(\d{1,2})[/.\-](\d{4})$", given):
        return PartialDate(f"{match[2]}-{int(match[1]):02}")
    if match := re.match(r"^(?:(\d{1,2})(?:st|nd|rd|th)?[ \-])?([A-Za-z]{3,9})[ \-,]+(\d{4})$", given):
        month = _MONTHS.get(match[2].lower())
        if month:
            day = f"-{int(match[1]):02}" if match[1] else ""
            return PartialDate(f"{match[3]}-{month:02}{day}")
    if re.match(r"^\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2}$", given):
        raise ValueError("a year of two digits can be read two ways; write four, such as 09/03/2024")
    raise ValueError("not a date; write 09/03/2024, 2024-03-09, March 2024 or 2024")
