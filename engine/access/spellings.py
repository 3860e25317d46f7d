"""One reading of how a text is spelt: the same letters, numbers and kinds of road, however typed. Pure.

"14a" reads as "14 A", "Psg" as "passage", "fourteen" as "14"; so does a hyphen, a zero-width space, a
full-width digit or a Cyrillic letter. The letters that look like a Latin one are a short list of our own:
those of the alphabets whose keyboards are common here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

_LOOK_ALIKES = str.maketrans(
    "АВЕЅЗІЈКМНОРСТХҮУавеѕіјкмнорстхуүԁһӏԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχıłøđ\u2019\u2018\u02bc\u00b4`",
    "ABES3IJKMHOPCTXYYabesijkmhopctxyydhlqwABEZHIKMNOPTYXaikvoptuxilod'''''",
)
"""Cyrillic and Greek letters that look like Latin ones, letters with a stroke, and apostrophes."""
_NOT_SEEN = frozenset({"Mn", "Me", "Cf"})
"""Accents, and characters that take no place: zero-width spaces and joiners, soft hyphens."""

_ROADS = {
    "avenue": "ave av avn",
    "buildings": "bldgs bldg building",
    "close": "cl clo",
    "court": "ct crt",
    "crescent": "cres cresc cr crs",
    "drive": "dr drv",
    "embankment": "emb embk",
    "estate": "est",
    "flat": "flt apt apartment",
    "gardens": "gdns gdn gds garden",
    "great": "gt",
    "green": "grn gn",
    "grove": "grv gro gr",
    "hill": "hl",
    "house": "hse",
    "lane": "ln la",
    "mews": "mws",
    "mount": "mt",
    "parade": "pde",
    "park": "pk prk",
    "passage": "psg psge pass pge",
    "place": "pl plc",
    "road": "rd",
    "rise": "ri",
    "square": "sq sqr",
    "street": "st str saint",  # "St" is either, so both are one
    "terrace": "terr ter tce",
    "walk": "wk wlk",
    "way": "wy",
}
_TO_NINETEEN = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TO_NINETY = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_TENS = dict(zip(_TO_NINETY, range(20, 100, 10), strict=True))
_NUMBERS = {name: number for number, name in enumerate(_TO_NINETEEN, start=1)}
_NINE = 9
_BETWEEN = "and"
"""Reads as nothing between two names; after a value it is not the value's."""
_WRITTEN_OUT = {short: road for road, many in _ROADS.items() for short in many.split()}
_WRITTEN_OUT |= {name: str(number) for name, number in (_NUMBERS | _TENS).items()} | {_BETWEEN: ""}
_PIECE = re.compile(r"\d+|[^\W\d_]+(?:'[^\W\d_]+)*")


class Folded(NamedTuple):
    """A text in plain letters. ``places`` are theirs in the text as typed; None if they are the same."""

    letters: str
    places: tuple[int, ...] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place of a part of the letters in the text as it was typed."""
        return (start, end) if self.places is None else (self.places[start], self.places[end - 1] + 1)


class Piece(NamedTuple):
    """A name or a number of a text as it is compared, and its place among the letters."""

    reads: str
    start: int
    end: int


def road_names() -> tuple[str, ...]:
    """Return every kind of road and its short forms, the longest first."""
    short = (each for many in _ROADS.values() for each in many.split())
    return tuple(sorted({*_ROADS, *short}, key=len, reverse=True))


def number_names() -> tuple[str, ...]:
    """Return the names of numbers below a hundred, the longest first."""
    return tuple(sorted((*_NUMBERS, *_TENS), key=len, reverse=True))


def folded(text: str) -> Folded:
    """Return the text in Latin letters without accents, and without what takes no place."""
    if text.isascii():
        return Folded(text, None)
    letters = [(each, place) for place, character in enumerate(text) for each in _letters_of(character)]
    return Folded("".join(each for each, _ in letters), tuple(place for _, place in letters))


def pieces(letters: str) -> Iterator[Piece]:
    """Yield names and numbers of folded letters, short forms written out and numbers in digits."""
    found = [(match[0].casefold().replace("'", ""), match) for match in _PIECE.finditer(letters)]
    tens = 0
    for place, (name, match) in enumerate(found):
        after = found[place + 1][0] if place + 1 < len(found) else ""
        ones = _NUMBERS.get(name, _NINE + 1)
        if tens and ones <= _NINE:  # "twenty one" is read with "twenty"
            reads, tens = "", 0
        elif name in _TENS and _NUMBERS.get(after, _NINE + 1) <= _NINE:
            tens = _TENS[name]
            reads = str(tens + _NUMBERS[after])
        else:
            reads, tens = _WRITTEN_OUT.get(name, name), 0
        yield Piece(reads, match.start(), match.end())


def reads_as(text: str) -> tuple[str, ...]:
    """Return names and numbers of a text as they are compared."""
    return tuple(piece.reads for piece in pieces(folded(text).letters) if piece.reads)


def reading(text: str) -> str:
    """Return the one form of every spelling of a text; of that form it is the same."""
    return " ".join(reads_as(text))


class Spelt:
    """A text that is read once and compared with many values."""

    def __init__(self, text: Folded) -> None:
        self._joined = ""
        self._starts: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        parts, length = [], 0
        for piece in pieces(text.letters):
            if piece.reads:
                self._starts[length] = piece.start
            length += len(piece.reads)
            parts.append(piece.reads)
            if text.letters[piece.start : piece.end].casefold() != _BETWEEN:
                self._ends[length] = piece.end
        self._joined = "".join(parts)

    def found(self, run: str) -> Iterator[tuple[int, int]]:
        """Yield beginning and end of this run among the letters, if they are those of names or numbers."""
        place = self._joined.find(run)
        while place >= 0:
            end = place + len(run)
            if place in self._starts and end in self._ends:
                yield self._starts[place], self._ends[end]
            place = self._joined.find(run, place + 1)


def joined(value: str) -> str:
    """Return names and numbers of a value as one run, for ``Spelt.found``."""
    return "".join(reads_as(value))


def told_by(value: str) -> str:
    """Return the longest name in a value that has one spelling: a text without it has not the value.

    It is empty where every part of the value could be written in another way.
    """
    plain = [name for name in reads_as(value) if name not in _ROADS and not name.isdigit()]
    return max(plain, key=len, default="")


@cache
def _letters_of(character: str) -> str:
    plain = unicodedata.normalize("NFKD", character.translate(_LOOK_ALIKES)).translate(_LOOK_ALIKES)
    return "".join(each for each in plain if unicodedata.category(each) not in _NOT_SEEN)
