"""Comparison of a text with protected places, coarser than the mask: near is enough. Pure.

The mask finds a protected value that is written out. This finds a text that comes near one: the same street
with another number, the same venue, a postcode of the same few streets. Only those who may learn it get the
result (``services.plans.protected_places``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from engine.access.spellings import folded, reads_as
from engine.domain.orders.conditions import SealedKind
from engine.domain.referrals.intake import ProtectedKind

PLACES = frozenset(
    (
        ProtectedKind.ADDRESS.value,
        ProtectedKind.WORKPLACE.value,
        ProtectedKind.SCHOOL.value,
        SealedKind.ZONE.value,
    )
)
"""The kinds of protected value that are places."""
_VENUES = PLACES - {ProtectedKind.ADDRESS.value}
_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)[\s\-\u2010]*(\d)([A-Z]{2})?\b", re.IGNORECASE)
_WHOLE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?[\s\-\u2010]*\d[A-Z]{2}\b", re.IGNORECASE)
_HALF = re.compile(r"\b(?:[A-Z]{1,2}\d[A-Z\d]?|\d[A-Z]{2})\b", re.IGNORECASE)
_STREET_TYPES = (
    "road|street|lane|avenue|close|crescent|drive|gardens|court|place|square|terrace|way|grove|mews|passage|"
    "hill|park|walk|row|rise|green|parade|embankment|estate"
)
_STREET = re.compile(rf"\b(?:[a-z]\w*\s){{1,3}}?(?:{_STREET_TYPES})\b")
_NO_NAME = re.compile(
    "a|an|the|at|in|on|near|to|from|of|by|and|or|off|along|outside|behind|opposite|visit|patrol|check|his|her|"
    "their|this|that|same|safe|live|lives|for|with"
)
"""Words that come before a street's name and do not belong to it."""
_SHORTEST_VENUE = 6


class Near(NamedTuple):
    """Names at or near some places, as a text may have them, and parts of their postcodes."""

    sectors: frozenset[str]
    halves: frozenset[str]
    names: frozenset[str]


def near(places: Iterable[tuple[str, str]]) -> Near:
    """Return what is at or near these (kind, value) pairs, to compare many texts with."""
    there = [(kind, value) for kind, value in places if kind in PLACES]
    return Near(
        frozenset(sector for _, value in there for sector in _sectors(value)),
        frozenset(half for _, value in there for half in _halves_of(value)),
        frozenset(name for kind, value in there for name in (*_streets(value), *_venues(kind, value))),
    )


def is_near(text: str, places: Near) -> bool:
    """Return whether a text names something at or near these places."""
    if places.names:
        plain = _plain(text)
        if any(f" {name} " in plain for name in places.names):
            return True
    return not places.sectors.isdisjoint(_sectors(text)) or not places.halves.isdisjoint(_halves(text))


def places_named(text: str) -> frozenset[str]:
    """Return each place that a text names by its shape, in one form: parts of postcodes, and streets."""
    return frozenset((*_sectors(text), *_streets(text)))


def _sectors(text: str) -> Iterator[str]:
    """Yield of each postcode the sector ("ZZ9 3" of "ZZ9 3QX"): a few streets."""
    for match in _POSTCODE.finditer(folded(text).letters):
        yield f"{match[1]} {match[2]}".upper()


def _halves(text: str) -> Iterator[str]:
    """Yield each half of a postcode that is written without the other: "ZZ9" or "3QX"."""
    for match in _HALF.finditer(_WHOLE.sub(" ", folded(text).letters)):
        yield match[0].upper()


def _halves_of(value: str) -> Iterator[str]:
    for match in _POSTCODE.finditer(folded(value).letters):
        yield match[1].upper()
        if match[3]:
            yield f"{match[2]}{match[3]}".upper()


def _streets(text: str) -> Iterator[str]:
    """Yield the name of each street, without what comes before it."""
    parts = re.split(r"[,;:.\n]", text)
    for match in (match for part in parts for match in _STREET.finditer(_plain(part))):
        words = match[0].split()
        begin = max((place + 1 for place, name in enumerate(words) if _NO_NAME.fullmatch(name)), default=0)
        if len(words) - begin > 1:
            yield " ".join(words[begin:])


def _venues(kind: str, value: str) -> Iterator[str]:
    """Yield the name of a workplace or a school, as it is compared: its first part."""
    name = _plain(re.split(r"[,;\n]", value)[0]).strip()
    if kind in _VENUES and len(name) >= _SHORTEST_VENUE:
        yield name


def _plain(text: str) -> str:
    """Return the text as it is compared: small letters, one space between them, short forms written out."""
    return f" {' '.join(reads_as(text))} "
