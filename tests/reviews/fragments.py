"""Fragments of sentences, found in whatever order of words a page writes around them.

A fragment is in plain words. "..." is any words of the same sentence. Numbers are found as digits or as
words, months in full or in short, and a number of a fragment is not the day of a date: "3 ... 14 days" is not
found in "3 March, 2 in the last 14 days".
"""

from __future__ import annotations

import re
from calendar import month_abbr, month_name
from functools import cache

from tests.reviews.case_files import Counts, Fragment

_AS_DIGITS = {"once": "1 time", "twice": "2 times", "one": "1", "two": "2", "three": "3", "four": "4"}
_AS_DIGITS |= {"five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10", "twelve": "12"}
_AS_DIGITS |= {"eleven": "11", "fourteen": "14", "eighteen": "18"}
_MONTHS = {short.lower(): full.lower() for short, full in zip(month_abbr, month_name, strict=True) if short}
_MONTH = "|".join(_MONTHS.values())
_SOME, _BETWEEN = r"[^.]*?", r"[^.]{0,60}?"


def plain(text: str) -> str:
    """The text in small letters on one line, with digits for numbers and months in full."""
    flat = " ".join(text.lower().replace("\N{NO-BREAK SPACE}", " ").split())
    flat = re.sub(
        r"\b[a-z]+\b", lambda found: _AS_DIGITS.get(found[0], _MONTHS.get(found[0], found[0])), flat
    )
    return re.sub(r"\b1 times?\b", "1 time", flat)


def _number(digits: str) -> str:
    return rf"(?<![\d:/-]){digits}(?![\d:/])(?! (?:{_MONTH})\b)"


@cache
def pattern(fragment: str) -> re.Pattern[str]:
    """The expression for a fragment in plain words."""
    found = []
    for piece in (each.strip() for each in plain(fragment).split("...")):
        parts = re.split(rf"(\d+ (?:{_MONTH})\b|\d+)", piece)
        text = "".join(
            _number(part) if part.isdigit() else re.escape(part).replace(r"\ ", r"\s+") for part in parts
        )
        found.append(text if not piece[:1].isalpha() else rf"\b{text}")
    return re.compile(_SOME.join(found))


@cache
def pattern_of_counts(counts: Counts) -> re.Pattern[str]:
    """The expression for a count and the one before it, the number of days first or in between."""
    days = rf"{_number(str(counts.days))}(?:[ -]days?)?"
    now, before = (
        _number(str(each)) if each else rf"(?:{_number('0')}|\bnone\b|\bno\b)"
        for each in (counts.now, counts.before)
    )
    return re.compile(
        rf"{now}{_BETWEEN}{days}{_BETWEEN}{before}(?!\s*days)|{days}{_BETWEEN}{now}(?!\s*days){_BETWEEN}{before}"
    )


def patterns(fragment: Fragment) -> tuple[re.Pattern[str], ...]:
    """The expressions of which one is enough."""
    return tuple(map(pattern, (fragment,) if isinstance(fragment, str) else fragment))


def place_of(alternatives: tuple[re.Pattern[str], ...], text: str) -> int | None:
    """Where the first of them is found in a text that is plain; None if none is."""
    places = [found.start() for each in alternatives if (found := each.search(text))]
    return min(places, default=None)
