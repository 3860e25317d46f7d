"""Takes protected values out of free text before anybody reads it. Pure: text and values in, text out.

A hit is masked for every reader and nobody is told by whom or why, else the check itself would tell a
guesser the address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

MASK = "[protected]"
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE)
_DIGITS = re.compile(r"(?:\+?\d[\d\s().\-]{5,}\d)")
_SHORTEST = 4
_PHONE_TAIL = 9


class Masker:
    """Knows the protected values of one case and masks them wherever they stand in a text."""

    def __init__(self, values: Iterable[tuple[str, str]]) -> None:
        self._phone_tails: set[str] = set()
        words: set[str] = set()
        for kind, value in values:
            digits = re.sub(r"\D", "", value)
            if kind == "phone" and len(digits) >= _PHONE_TAIL:
                self._phone_tails.add(digits[-_PHONE_TAIL:])
            words.update(_parts(value))
        ordered = sorted((w for w in words if len(w) >= _SHORTEST), key=len, reverse=True)
        self._pattern = (
            re.compile("|".join(_loosely(word) for word in ordered), re.IGNORECASE) if ordered else None
        )

    def masked(self, text: str) -> str:
        """The text with every protected value, whole or in part, replaced."""
        if self._pattern is not None:
            text = self._pattern.sub(MASK, text)
        if self._phone_tails:
            text = _DIGITS.sub(self._without_phone, text)
        return text

    def masked_or_none(self, text: str | None) -> str | None:
        """The same for a text that may not be recorded."""
        return None if text is None else self.masked(text)

    def masked_all(self, texts: Sequence[str]) -> tuple[str, ...]:
        """The same for several texts."""
        return tuple(self.masked(text) for text in texts)

    def _without_phone(self, match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match[0])
        return MASK if digits[-_PHONE_TAIL:] in self._phone_tails else match[0]


def _parts(value: str) -> list[str]:
    """The value, each of its comma-separated parts that could find a place, and any postcode in it."""
    parts = [value, *(part.strip() for part in re.split(r"[,;\n]", value)), *_POSTCODE.findall(value)]
    return [part for part in parts if part and (len(part) >= 6 or _POSTCODE.fullmatch(part))]


def _loosely(word: str) -> str:
    """The word whatever its spacing, as ``re`` reads it."""
    letters = [re.escape(piece) for piece in word.split()]
    if _POSTCODE.fullmatch(word):
        letters = [re.escape(character) for character in word if not character.isspace()]
        return r"\s*".join(letters)
    return r"[\s,.;\-]+".join(letters)
