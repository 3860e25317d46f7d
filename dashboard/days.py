"""The one field for a day. It is text, so that whatever was typed reaches the check that says what is wrong.

Streamlit's own field for dates leaves a day outside its bounds in the browser and sends an empty one.
"""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard import words
from engine.domain.dates import PartialDate, read_date
from engine.domain.errors import InvalidInputError


class NoSuchDayError(InvalidInputError):
    """A date that does not exist or cannot be read. A form may add the section that counts from it."""


def field(label: str, *, key: str, width: int | None = None, begin: date | None = None) -> str:
    """Return what was typed; ``read`` makes a day of it once the form is sent."""
    return st.text_input(
        label,
        value=words.day(begin, year=True) if begin else "",
        key=key,
        max_chars=40,
        placeholder="9 March 2026 or 09/03/2026",
        width=width or "stretch",
    )


def read(part: str, typed: str) -> date | None:
    """Return the day that was typed, or None where it is blank; only a month or a year is not a day."""
    day = read_partial(part, typed)
    if day is None:
        return None
    if not day.is_whole_day:
        raise InvalidInputError(part, "give the full date, such as 9 March 2026")
    return day.earliest


def read_partial(part: str, typed: str) -> PartialDate | None:
    """Return a date, month or year that was typed, or None where it is blank."""
    try:
        return read_date(typed) if typed.strip() else None
    except ValueError as error:
        raise NoSuchDayError(part, str(error)) from None
