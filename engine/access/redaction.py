"""Masking of protected values in free text before it is read. Pure: text and values in, text out.

A hit is masked for every reader but the author of the text. They read it as they typed it and are not
informed, else the check itself would give the address away to a guesser.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TypeVar, cast

from engine.access.spellings import Folded, Spelt, folded, joined, told_by
from engine.domain.base import Frozen

_T = TypeVar("_T")
MASK = "[protected]"
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE)
_DIGITS = re.compile(r"(?:\+?\d[\d\s().\-]{5,}\d)")
_NO_DIGIT = re.compile(r"\D")
_APART = re.compile(r"[,;\n]")
_NO_CHARACTER = re.compile(r"[\W_]+")
_NO_ASCII_CHARACTER = bytes(each for each in range(128) if not chr(each).isalnum())
_SMALL = bytes(range(256)).lower()
_JSON_ESCAPE = re.compile(r"\\.")
_SHORTEST = 3
_SHORT = 6
"""A value shorter than this is searched for as a whole word only."""
_COMMON_WHEN_SHORT = frozenset({"safe contact: how", "safe contact: when", "safe contact: through whom"})
"""Short values of these kinds ("text", "noon", "mum") are common words and are not searched for."""
PHONE_TAIL = 9


class Masker:
    """A masker of one case's protected values, wherever they occur in a text."""

    def __init__(self, values: Iterable[tuple[str, str]], *, reader: str | None) -> None:
        self._reader = reader
        self._phone_tails: set[str] = set()
        words: set[str] = set()
        surnames: set[str] = set()
        for kind, value in values:
            if kind == "phone" and len(digits := _NO_DIGIT.sub("", value)) >= PHONE_TAIL:
                self._phone_tails.add(digits[-PHONE_TAIL:])
            words.update(_parts(kind, value))
            if kind == "advocate":
                surnames.add(value.split()[-1])
            if kind == "protected person":  # the surname may be the victim's own, and is no secret
                surnames.add(value.split()[0])
        self._words = [folded(part).letters for part in words if len(part) >= _SHORTEST]
        self._surnames = [folded(name).letters for name in surnames if len(name) >= _SHORTEST]
        self._runs = frozenset(run for run in map(joined, self._words) if len(run) >= _SHORTEST)
        self._bare = (
            frozenset(map(_bare, self._surnames)) | frozenset(map(_told_by, self._words)) | self._phone_tails
        )

    def masked(self, text: str, *, by: str | None) -> str:
        """Return the text with every protected value, whole or in part, replaced.

        ``by`` is who typed it, where that is certain: to them it is shown as it is.
        """
        if by is not None and by == self._reader:
            return text
        if not self._may_stand_in(text):
            return text
        for start, end in reversed(self._spans(folded(text))):
            text = f"{text[:start]}{MASK}{text[end:]}"
        return text

    def _spans(self, text: Folded) -> list[tuple[int, int]]:
        """Return the places of values in the text as typed, however spelt; two that overlap are one."""
        letters, spelt = text.letters, Spelt(text)
        there = [match.span() for match in self._pattern.finditer(letters)] if self._pattern else []
        there += [span for run in self._runs for span in spelt.found(run)]
        if self._phone_tails:
            there += [match.span() for match in _DIGITS.finditer(letters) if self._is_phone(match[0])]
        spans: list[tuple[int, int]] = []
        for start, end in sorted(text.span(*each) for each in there):
            if spans and start < spans[-1][1]:
                spans[-1] = spans[-1][0], max(end, spans[-1][1])
            else:
                spans.append((start, end))
        return spans

    def of_writer(self, by: str | None) -> Masker:
        """Return what masks a document that one person typed: nothing, if that is the reader."""
        return NOTHING_TO_MASK if by is not None and by == self._reader else self

    def _may_stand_in(self, text: str) -> bool:
        """Return whether a close check, which is slow, is needed: none without a value's characters."""
        bare = _bare(text)
        for value in self._bare:  # noqa: SIM110  any() costs as much again, for each text of a whole record
            if value in bare:
                return True
        return False

    def patterns_in(self, text: str) -> frozenset[str]:
        """Return its patterns that may match in this text. Two maskers with the same ones mask it alike."""
        if not self._may_stand_in(text):
            return frozenset()
        bare, spelt = _bare(text), Spelt(folded(text))
        patterns = {_loosely(part) for part in self._words if _bare(part) in bare}
        patterns |= {run for run in self._runs if any(spelt.found(run))}
        patterns |= {_as_a_name(name) for name in self._surnames if _bare(name) in bare}
        return frozenset(patterns | {tail for tail in self._phone_tails if tail in bare})

    def may_stand_in_json(self, document: str) -> bool:
        """Return whether any text of a JSON document needs masking; a yes may be wrong, a no is certain."""
        if "\\u" in document:
            document = json.dumps(json.loads(document), ensure_ascii=False)
        return self._may_stand_in(_JSON_ESCAPE.sub(" ", document) if "\\" in document else document)

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        longest_first = sorted(self._words, key=lambda part: (-len(part), part))
        looked_for = [*map(_loosely, longest_first), *map(_as_a_name, sorted(self._surnames))]
        return re.compile("|".join(looked_for), re.IGNORECASE) if looked_for else None

    def masked_or_none(self, text: str | None, *, by: str | None) -> str | None:
        """Do the same for a text that may not be recorded."""
        return None if text is None else self.masked(text, by=by)

    def masked_all(self, texts: Sequence[str], *, by: str | None) -> tuple[str, ...]:
        """Do the same for several texts of one writer."""
        return tuple(self.masked(text, by=by) for text in texts)

    def _is_phone(self, number: str) -> bool:
        return _NO_DIGIT.sub("", number)[-PHONE_TAIL:] in self._phone_tails


def masked_words(value: _T, masker: Masker, *, by: str | None = None) -> _T:
    """Return the value with every text in it masked, but for the parts that their reader typed.

    A part says by ``by`` or ``user`` who typed it; one that says neither is of the person who typed the
    whole.
    """
    after: object = value
    if type(value) is str:  # a word of a list, such as a role, is a text too and has no author
        after = masker.masked(str(value), by=by)
    elif isinstance(value, tuple | list):
        after = type(value)(masked_words(each, masker, by=by) for each in value)
    elif isinstance(value, Frozen):
        writer = getattr(value, "by", None) or getattr(value, "user", None) or by
        parts = {name: masked_words(part, masker, by=writer) for name, part in value}
        changed = {name: part for name, part in parts.items() if part != getattr(value, name)}
        after = value.model_copy(update=changed) if changed else value
    return cast(_T, after)


def _parts(kind: str, value: str) -> list[str]:
    """Return the value, each comma-separated part that could locate a place, and any postcode in it."""
    parts = [value, *(part.strip() for part in _APART.split(value)), *_POSTCODE.findall(value)]
    return [
        part
        for part in parts
        if len(part) >= _SHORT
        or _POSTCODE.fullmatch(part)
        or (part == value and kind not in _COMMON_WHEN_SHORT)
    ]


def _bare(text: str) -> str:
    """Return only its letters and digits, folded and in one case."""
    if text.isascii():  # nearly every text is, and this is ten times as fast
        return text.encode().translate(_SMALL, _NO_ASCII_CHARACTER).decode()
    return _NO_CHARACTER.sub("", folded(text).letters).casefold()


def _told_by(part: str) -> str:
    """Return the part that every text with this value has among its letters and digits, however spelt."""
    is_spelt = any(each.isalpha() for each in part) and not _POSTCODE.fullmatch(part)
    return told_by(part) if is_spelt else _bare(part)


def _loosely(term: str) -> str:
    """Return a pattern of the text whatever its spacing, as ``re`` reads it."""
    letters = [re.escape(piece) for piece in term.split()]
    if _POSTCODE.fullmatch(term):
        letters = [re.escape(character) for character in term if not character.isspace()]
        return r"\s*".join(letters)
    loose = r"[\s,.;\-]+".join(letters)
    if len(term) < _SHORT:
        return rf"(?<!\w){loose}(?!\w)"
    return rf"(?<!\d){loose}" if term[0].isdigit() else loose


def _as_a_name(surname: str) -> str:
    """Return a pattern of an advocate's surname only as a name: "May" names a person and "may" does not."""
    return rf"(?<!\w)(?-i:{re.escape(surname)}|{re.escape(surname.upper())})(?!\w)"


NOTHING_TO_MASK = Masker((), reader=None)
"""For what leaves no text of a person."""
