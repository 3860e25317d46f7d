"""Masking of protected values in a whole document before it is stored. Pure: document and values in, out.

Every text of the document is checked, except words that the domain itself chose: an enumeration's value or a
date cannot name a place. A code that repeats a protected value is replaced by another code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from engine.access.redaction import Masker
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue

_CHOSEN = frozenset(
    {
        "about",
        "agreed_to_sharing",
        "came_to",
        "code",
        "court",
        "dated",
        "domain",
        "ends",
        "first_recorded",
        "grade",
        "ground",
        "how_soon",
        "in_effect",
        "last_recorded",
        "level",
        "made",
        "nature",
        "offered_on",
        "on",
        "protected",
        "protected_refs",
        "reason",
        "recorded_on",
        "served",
        "serves",
        "state",
        "thing",
        "type",
        "valid_until",
        "whose",
    }
)
"""Fields whose words the domain chose."""
_CODES = frozenset({"instrument", "item", "key", "owner", "with_whom"})
_INSTEAD = "protected"
_SHORTEST_LIMIT = 60
"""No field of an answer takes fewer characters; a text never grows past this or its own length."""

_EMAIL = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
_PHONE = re.compile(r"(?<![\w+])(?:\+\d{1,3}|0)(?:[\s().\-]*\d){9,11}(?!\d)")
_DATE = re.compile(r"\d{1,2}[./\-]\d{1,2}[./\-]\d{2,4}")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b")


@dataclass(frozen=True, kw_only=True)
class HeldValue:
    """One protected value, with the reference that replaces it."""

    reference: str
    kind: str
    value: str = field(repr=False)


def taken_out(document: JsonValue, held: Sequence[HeldValue]) -> tuple[JsonValue, tuple[str, ...]]:
    """Return the document without these values, and the references of those that were in it."""
    texts = "\n".join(_texts(document))
    masker = Masker((each.kind, each.value) for each in held)
    if masker.masked(texts) == texts:
        return document, ()
    there = [each for each in held if Masker([(each.kind, each.value)]).masked(texts) != texts]
    return _without(document, masker, None, _Numbers()), tuple(each.reference for each in there)


def reachable_by(text: str) -> tuple[ProtectedValue, ...]:
    """Return what in this text, only by its shape, locates a person: email, phone, complete postcode."""
    found = [ProtectedValue(kind=ProtectedKind.EMAIL, value=match[0]) for match in _EMAIL.finditer(text)]
    found += [
        ProtectedValue(kind=ProtectedKind.PHONE, value=match[0])
        for match in _PHONE.finditer(text)
        if not _DATE.match(match[0])
    ]
    found += [
        ProtectedValue(kind=ProtectedKind.ADDRESS, value=match[0]) for match in _POSTCODE.finditer(text)
    ]
    return tuple(found)


def shapes_masked(text: str) -> str:
    """Return the text without what, only by its shape, locates a person."""
    masker = Masker((each.kind.value, each.value) for each in reachable_by(text))
    return masker.masked(text)[: max(len(text), _SHORTEST_LIMIT)]


class _Numbers:
    """A counter, so that two keys that were replaced stay two."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        """Return the next number."""
        self._last += 1
        return self._last


def _texts(part: JsonValue) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for name, inner in part.items():
            if name not in _CHOSEN:
                yield from _texts(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _texts(inner)


def _without(part: JsonValue, masker: Masker, name: str | None, numbers: _Numbers) -> JsonValue:
    if isinstance(part, dict):
        return {
            inner_name: inner
            if inner_name in _CHOSEN or (inner_name == "kind" and name is None)
            else _without(inner, masker, inner_name, numbers)
            for inner_name, inner in part.items()
        }
    if isinstance(part, list):
        return [_without(inner, masker, name, numbers) for inner in part]
    if not isinstance(part, str):
        return part
    masked = masker.masked(part)
    if masked == part:
        return part
    if name == "key":
        return f"{_INSTEAD}-{numbers.next()}"
    if name in _CODES:
        return _INSTEAD
    return masked[: max(len(part), _SHORTEST_LIMIT)]
