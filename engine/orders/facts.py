"""Reading of facts: dates, times and yes-or-no answers as a line gives them. Knows no rule.

What is wrong is reported by the fact's name; its content is not repeated.
"""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StrictBool, ValidationError

from engine.clock import LONDON

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
_DAY = r"(\d{4})-(\d{2})-(\d{2})"
_TIME = r"T(\d{2}):(\d{2})(?::\d{2}(?:\.\d{1,6})?)?"
_ONLY_DAY = re.compile(_DAY, re.ASCII)
_MOMENT = re.compile(rf"{_DAY}{_TIME}(Z|[+-]\d{{2}}:\d{{2}})?", re.ASCII)
_ENGLAND_AND_WALES = "england-and-wales"


def local_day(given: object) -> object:
    """Return the date in London of a date or an instant; raise ValueError with what to write instead."""
    if isinstance(given, str) and _MOMENT.fullmatch(given):
        return _local(given).date()
    if not isinstance(given, str) or not (found := _ONLY_DAY.fullmatch(given)):
        raise ValueError("write a date such as 2026-03-09, or an instant such as 2026-03-09T20:00")
    return checked_day(*map(int, found.groups()))


def local_moment(given: object) -> object:
    """Return an instant as a clock in London shows it; raise ValueError with what to write instead."""
    if not isinstance(given, str) or not _MOMENT.fullmatch(given):
        raise ValueError("write a date with its time, such as 2026-03-13T20:00")
    return _local(given)


def is_skipped(moment: datetime) -> bool:
    """Return whether clocks in London went forward over this time, so that it was not shown."""
    back = moment.replace(tzinfo=LONDON).astimezone(UTC).astimezone(LONDON)
    return back.replace(tzinfo=None) != moment


def _local(given: str) -> datetime:
    found = _MOMENT.fullmatch(given)
    assert found is not None
    year, month, day, hour, minute = map(int, found.groups()[:5])
    checked_day(year, month, day)
    if hour > 23 or minute > 59:
        raise ValueError("there is no such time; midnight is 00:00 of the date that begins")
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise ValueError("there is no such time or offset") from None
    if moment.tzinfo is not None:
        moment = moment.astimezone(LONDON).replace(tzinfo=None)
    return moment


def checked_day(year: int, month: int, day: int) -> date:
    """Return the date; raise ValueError if there is no such day."""
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(f"the year must be between {EARLIEST_YEAR} and {LATEST_YEAR}")
    if not 1 <= month <= 12:
        raise ValueError("there is no such month")
    if not 1 <= day <= monthrange(year, month)[1]:
        raise ValueError(
            f"there is no such day: {month_name[month]} {year} has {monthrange(year, month)[1]} days"
        )
    return date(year, month, day)


def _known_area(given: object) -> object:
    if given not in (_ENGLAND_AND_WALES, "scotland", "northern-ireland"):
        raise ValueError("write england-and-wales, scotland or northern-ireland")
    return given


def _day_or_yes_no(given: object) -> object:
    return given if isinstance(given, bool) else local_day(given)


FactDay = Annotated[date, BeforeValidator(local_day)]
"""A date, or an instant whose date in London counts."""
FactMoment = Annotated[datetime, BeforeValidator(local_moment)]
"""An instant, as a clock in London shows it; without a zone."""
YesNo = StrictBool
FactDayOrYesNo = Annotated[date | bool, BeforeValidator(_day_or_yes_no)]
"""The date of an event, or whether there was one."""


class Facts(BaseModel):
    """The facts of one rule. One that is left out or null is not recorded; it does not count as no."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    area: Annotated[str, BeforeValidator(_known_area)] = _ENGLAND_AND_WALES

    @property
    def is_of_england_and_wales(self) -> bool:
        """True unless the area is another part of the United Kingdom."""
        return self.area == _ENGLAND_AND_WALES

    @property
    def governed_by(self) -> date | None:
        """The date that decides whether the rule applies; None while its start is not recorded."""
        raise NotImplementedError


def in_order(*pairs: tuple[date | None, date | None, str]) -> None:
    """Raise ValueError with the sentence of the first pair whose second day is before its first."""
    for first, second, sentence in pairs:
        if first is not None and second is not None and second < first:
            raise ValueError(sentence)


def fault_in_words(error: ValidationError, known: Iterable[str]) -> str:
    """Return the first fault of a fact set as one sentence."""
    fault = error.errors(include_input=False, include_url=False)[0]
    name = str(fault["loc"][0]) if fault["loc"] else ""
    match fault["type"]:
        case "extra_forbidden":
            return f"a fact has a name that this rule does not use; it uses {', '.join(known)}"
        case "missing":
            return f"'{name}' is missing"
        case "bool_type" | "int_type":
            kind = "true or false" if fault["type"] == "bool_type" else "a whole number"
            return f"'{name}' must be {kind}"
        case "literal_error":
            return f"'{name}' must be {fault['ctx']['expected']}" if "ctx" in fault else f"'{name}' is wrong"
        case _:
            sentence = fault["msg"].removeprefix("Value error, ")
            return f"'{name}': {sentence}" if name else sentence
