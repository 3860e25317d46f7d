"""Masking of protected values in a whole document before it is stored. Pure: document and values in, out.

Every text of the document is checked, except words that the domain itself chose: an enumeration's value or a
date cannot name a place. A code that repeats a protected value is replaced by another code.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from engine.access.redaction import Masker

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
SHORTEST_LIMIT = 60
"""No field of an answer takes fewer characters; a text never grows past this or its own length."""


@dataclass(frozen=True, kw_only=True)
class HeldValue:
    """One protected value, with the reference that replaces it."""

    reference: str
    kind: str
    value: str = field(repr=False)


def taken_out(document: JsonValue, held: Sequence[HeldValue]) -> tuple[JsonValue, tuple[str, ...]]:
    """Return the document without these values, and the references of those that were in it."""
    texts = "\n".join(texts_of(document))
    masker = Masker(((each.kind, each.value) for each in held), reader=None)
    if masker.masked(texts, by=None) == texts:
        return document, ()
    there = [
        each
        for each in held
        if Masker([(each.kind, each.value)], reader=None).masked(texts, by=None) != texts
    ]
    return rewritten(document, lambda text: masker.masked(text, by=None)), tuple(
        each.reference for each in there
    )


def rewritten(document: JsonValue, change: Callable[[str], str]) -> JsonValue:
    """Return the document with each of its texts changed; no text becomes longer than its field may be."""
    return _rewritten(document, change, None, _Numbers())


class _Numbers:
    """A counter, so that two keys that were replaced stay two."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        """Return the next number."""
        self._last += 1
        return self._last


def texts_of(part: JsonValue, *, but: Collection[str] = ()) -> Iterator[str]:
    """Yield each text of a document but the domain's own words; ``but`` leaves out more fields."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for name, inner in part.items():
            if name not in _CHOSEN and name not in but:
                yield from texts_of(inner, but=but)
    elif isinstance(part, list):
        for inner in part:
            yield from texts_of(inner, but=but)


def _rewritten(
    part: JsonValue, change: Callable[[str], str], name: str | None, numbers: _Numbers
) -> JsonValue:
    if isinstance(part, dict):
        return {
            inner_name: inner
            if inner_name in _CHOSEN or (inner_name == "kind" and name is None)
            else _rewritten(inner, change, inner_name, numbers)
            for inner_name, inner in part.items()
        }
    if isinstance(part, list):
        return [_rewritten(inner, change, name, numbers) for inner in part]
    if not isinstance(part, str):
        return part
    masked = change(part)
    if masked == part:
        return part
    if name == "key":
        return f"{_INSTEAD}-{numbers.next()}"
    if name in _CODES:
        return _INSTEAD
    return masked[: max(len(part), SHORTEST_LIMIT)]
