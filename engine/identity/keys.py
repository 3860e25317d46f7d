"""Coarse keys of a person's values: two records of one person mostly share some, whatever was mistyped.

Scalar and pure, so that a single person on a page and a whole file are keyed by the same rules.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

import jellyfish

from engine.identity.contacts import NUMBERS_END, postcode_area
from engine.identity.fields import Kind
from engine.identity.words import groups_by_name, wordlist

_LEAST_PART = 3
_Key = tuple[str, Callable[[str], str]]


def keys_of(kind: Kind) -> tuple[_Key, ...]:
    """Return the keys of a kind of field, each with its name; an empty key is none. The coarsest is first."""
    match kind:
        case Kind.FORENAME:
            return ("sound", forename_sound), ("start", _start(3)), ("end", _end(4))
        case Kind.SURNAME:
            return ("sound", sound), ("start", _start(4)), ("end", _end(4))
        case Kind.SEX:
            return ()
        case Kind.DATE:
            return (
                ("year", lambda date: date[:4]),
                ("year and month", lambda date: _whole(date[:6])),
                ("day and month", lambda date: _whole("00" + date[4:])),
                ("year and day", lambda date: _whole(date[:4] + date[6:])),
                ("whole", either_way_round),
            )
        case Kind.POSTCODE:
            return ("area", postcode_area), ("whole", str)
        case Kind.ADDRESS:
            return ("longest word", _longest_word), ("words", _words), ("whole", _number_and_words)
        case Kind.WORDS:
            return ("sound", sound), ("start", _start(5))
        case Kind.PHONE:
            return ("last six", _end(6)), ("but the last four", lambda digits: digits[:-4]), ("whole", str)
        case Kind.EMAIL:
            return ("before the @", lambda address: address.partition("@")[0]), ("whole", str)
        case Kind.NHS_NUMBER | Kind.NUMBER:
            return (
                ("first half", lambda text: _half(text, first=True)),
                ("second half", lambda text: _half(text, first=False)),
                ("signs in any order", lambda text: "".join(sorted(text))),
                ("whole", str),
            )
        case _:
            assert_never(kind)


def sound(name: str) -> str:
    """Return the rough sound of a name; digits stay as they are."""
    joined = name.replace(" ", "")
    return joined if any(sign.isdigit() for sign in joined) else jellyfish.metaphone(joined) or joined


def long_parts(name: str) -> list[str]:
    """Return the parts of a name that are more than a particle."""
    return [part for part in name.split() if len(part) >= _LEAST_PART]


def forename_sound(name: str) -> str:
    """Return the sound of the full form of the first of a person's forenames."""
    first = name.split(" ", 1)[0]
    groups = groups_by_name().get(first)
    return sound(wordlist().short_forms[groups[0]][0] if groups else first)


def _start(signs: int) -> Callable[[str], str]:
    return lambda text: text.replace(" ", "")[:signs]


def _end(signs: int) -> Callable[[str], str]:
    return lambda text: text.replace(" ", "")[-signs:]


def _whole(digits: str) -> str:
    return "" if digits.endswith("00") else digits


def either_way_round(date: str) -> str:
    """Return a whole date with the smaller of month and day first: they may have been exchanged."""
    month, day = date[4:6], date[6:]
    return "" if "00" in (month, day) else date[:4] + min(month, day) + max(month, day)


def _words(address: str) -> str:
    return "".join(sorted(address.partition(NUMBERS_END)[2].split()))


def _longest_word(address: str) -> str:
    return max(address.partition(NUMBERS_END)[2].split(), key=lambda term: (len(term), term), default="")


def _number_and_words(address: str) -> str:
    numbers, _, words = address.partition(NUMBERS_END)
    return f"{numbers} {words}" if numbers and words else ""


def _half(text: str, *, first: bool) -> str:
    middle = len(text) // 2
    return (text[:middle] if first else text[middle:]) if len(text) >= 4 else ""
