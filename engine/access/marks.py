"""One reader of shapes: what in a text may be a place or a way to reach a person. Pure.

It finds by shape and knows no protected value, so that what it finds answers no guess. It is generous:
a person says whose each is, and what is missed reaches others.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from engine.access.redact_protected import SHORTEST_LIMIT
from engine.access.redaction import MASK
from engine.access.spellings import folded, number_names, reading, road_names
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue
from engine.domain.vault.marks import Mark, MarkOf, MarksOpenError, Shape

_MONTH = r"(?:jan\w*|feb\w*|mar(?:ch)?|apr\w*|may|june?|july?|aug\w*|sept?\w*|oct\w*|nov\w*|dec\w*)"
_NOT_A_NAME = (
    r"(?:a|an|and|at|by|for|from|his|her|in|is|last|near|next|of|off|on|or|that|the|their|this|to|was|with|"
    r"times?|seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|"
    rf"{_MONTH})"
)
_NAME = r"[^\W\d_][\w'’.\-]*"
_STREET_NAME = rf"(?!{_NOT_A_NAME}\b){_NAME}"
_NUMBERS = "|".join(number_names())
_NUMBER = rf"(?:\d{{1,4}}\s?[a-z]?|(?:{_NUMBERS})(?:[\s\-](?:{_NUMBERS}))?)"
_ROAD = rf"(?:{'|'.join(road_names())})\b"
_STREET = rf"\b{_NUMBER},?[ \t]+(?:(?:{_STREET_NAME}[ \t]+){{1,4}}?{_ROAD}|(?-i:The[ \t]+[A-Z]\w+))"
_DASH = r"[\s\-\u2010-\u2015]*"
_REST = r"(?:[ \t]+[\w'’@\-]+){1,6}"
"""Up to six words after such words: they may be the name of a place."""
_AT = r"(?:at|in|on|near|opposite|behind|above|off|by|round|around)"
_DATE = re.compile(r"\d{1,2}[./\-]\d{1,2}[./\-]\d{2,4}")
_NOT_US = (
    r"(?!(?:[ \t]+[\w'’]+){0,3}[ \t]+(?:us|agency|agencies|employer|panel|health|records?|owner|service)\b)"
)
"""A party who works for one of the agencies is a reason to restrict a case, and names no place."""
_NOT_WHEN = (
    r"(?![ \t]+(?:about[ \t]+|the[ \t]+)?(?:\d{1,2}[:.]\d|\d{4}\b|\d{1,2}[ \t]?[ap]m\b|noon|midnight|night|"
    rf"morning|afternoon|evening|same|time|\w+day\b|\d{{1,2}}[ \t]+{_MONTH}\b))"
)
"""A time or a date after such words names no place."""
_PLACE = f"{_NOT_WHEN}{_REST}"
_NAMED = f"{_NOT_WHEN}{_NOT_US}{_REST}"
_PATTERNS: dict[Shape, re.Pattern[str]] = {
    Shape.EMAIL: re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+"),
    Shape.STREET: re.compile(_STREET, re.IGNORECASE),
    Shape.POSTCODE: re.compile(rf"(?<![\w\-])[A-Z]{{1,2}}\d[A-Z\d]?{_DASH}\d[A-Z]{{2}}\b", re.IGNORECASE),
    Shape.PHONE: re.compile(r"(?<![\w+])(?:\+\d{1,3}|0)(?:[\s().\-]*\d){9,11}(?!\d)"),
    Shape.PLATE: re.compile(
        r"(?<![\w\-])(?:[A-Z]{2}\d{2}\s?[A-Z]{3}|[A-Z]\d{1,3}\s?[A-Z]{3}|[A-Z]{3}\s?\d{1,3}[A-Z])(?![\w\-])"
    ),
    Shape.HANDLE: re.compile(r"(?<![\w.@])@[\w.]{3,30}\b"),
    Shape.HOME: re.compile(
        r"\b(?:liv(?:es?|ed|ing)|resid(?:es?|ed|ing)|stay(?:s|ed|ing)|sle(?:eps?|pt|eping)|housed|home|address)"
        rf"[ \t]+(?:(?:is|was)[ \t]+)?(?:{_AT}|with(?![ \t]+it\b))\b{_NAMED}"
        rf"|\baddress[ \t]+(?:is|was)\b{_REST}",
        re.IGNORECASE,
    ),
    Shape.MOVED: re.compile(
        r"\b(?:mov(?:es?|ed|ing)|relocat(?:es?|ed|ing)|fled|flee(?:s|ing)?|rehoused)[ \t]+(?:back[ \t]+)?"
        rf"(?:to|into|in[ \t]+with|near)\b{_REST}",
        re.IGNORECASE,
    ),
    Shape.SCHOOL: re.compile(
        rf"\b(?:(?-i:[A-Z][\w'’.\-]+)[ \t]+){{1,4}}"
        r"(?:school|academy|college|nursery|preschool|university|primary|infants|juniors)\b"
        rf"|\b(?:school|college|nursery|university)[ \t]+(?:(?:is|was)[ \t]+)?(?:{_AT}|called)\b{_PLACE}",
        re.IGNORECASE,
    ),
    Shape.WORKPLACE: re.compile(
        rf"\b(?:work(?:s|ed|ing)?|employed|job|shifts?|office)[ \t]+(?:at|for|near|opposite)\b{_NAMED}"
        rf"|\b(?:employed|work(?:s|ed|ing))[ \t]+(?:by|in|as)\b{_NAMED}"
        rf"|\b(?:workplace|employer)[ \t]+(?:is|was|at|in|near)\b{_REST}",
        re.IGNORECASE,
    ),
}


_REACHED_BY = {
    Shape.EMAIL: ProtectedKind.EMAIL,
    Shape.PHONE: ProtectedKind.PHONE,
    Shape.POSTCODE: ProtectedKind.ADDRESS,
}


def marks_in(text: str) -> list[Mark]:
    """Return what in this text has one of the shapes, in its order; of two that overlap, the first found."""
    return [mark for _, mark in _placed(text)]


def reachable_by(text: str) -> tuple[ProtectedValue, ...]:
    """Return what in this text, only by its shape, locates a person: email, phone, complete postcode."""
    return tuple(
        ProtectedValue(kind=_REACHED_BY[mark.shape], value=mark.text)
        for mark in marks_in(text)
        if mark.shape in _REACHED_BY
    )


def reachable_masked(text: str) -> str:
    """Return the text without these; it is cut at its own length, or that of a short field."""
    reads = {mark.reads for mark in marks_in(text) if mark.shape in _REACHED_BY}
    return without_marks(text, reads)[: max(len(text), SHORTEST_LIMIT)]


def without_marks(text: str, reads: Collection[str]) -> str:
    """Return the text with the marks that read so masked."""
    for start, mark in reversed(_placed(text)):
        if mark.reads in reads:
            text = f"{text[:start]}{MASK}{text[start + len(mark.text) :]}"
    return text


def _placed(text: str) -> list[tuple[int, Mark]]:
    """Return marks with their places in the text as typed."""
    read = folded(text)
    found: list[tuple[int, Mark]] = []
    for shape, pattern in _PATTERNS.items():
        for match in pattern.finditer(read.letters):
            start, end = read.span(*match.span())
            if _DATE.match(match[0]) or any(
                start < there + len(mark.text) and there < end for there, mark in found
            ):
                continue
            found.append((start, Mark(shape, text[start:end], reading(text[start:end]))))
    return sorted(found)


def marks_of(texts: Iterable[str]) -> tuple[Mark, ...]:
    """Return each mark in these texts once, in the order of the texts."""
    return tuple({mark.reads: mark for text in texts for mark in marks_in(text)}.values())


def require_said(
    texts: Collection[str], said_of: Mapping[str, MarkOf], *, instead: str
) -> tuple[MarkOf, ...]:
    """Return whose the marks in these texts are, as a person has said of each.

    ``said_of`` is by any spelling of a mark.

    Raises
    ------
    MarksOpenError
        Nothing is said of one of them.
    """
    marks = marks_of(texts)
    if not marks:
        return ()
    said_of = {reading(text): whose for text, whose in said_of.items()}
    still_open = [mark for mark in marks if mark.reads not in said_of]
    if still_open:
        raise MarksOpenError(still_open, instead=instead)
    return tuple(said_of[mark.reads] for mark in marks)
