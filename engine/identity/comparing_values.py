"""In which step two different values of each kind agree. Knows no record, no weight and no true answer.

Each function is given the marks of a column and, pair by pair, the places of two different values in it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from engine.identity.contacts import NUMBERS_END, nhs_number_holds, postcode_area
from engine.identity.fields import ANOTHER_VALID_NUMBER, PARTIAL_FROM, Kind
from engine.identity.keys import long_parts, sound
from engine.identity.marks import ALIKE, NEARLY, Marks, Steps, Texts, edits, letters_kept, likeness, put
from engine.identity.persons import Ints
from engine.identity.words import groups_by_name

LEAST_FOR_A_SLIP = 4
"""In a shorter name one letter is a quarter of it or more, and a slip is not likelier than another name."""


def _forename(marks: Marks, one: Ints, other: Ints) -> Steps:
    steps = _worded(marks, one, other, last=6)
    alone = marks.flags("initial alone", lambda name: len(name) == 1)
    an_initial = alone[one] | alone[other]
    steps = np.where(an_initial, 6, steps).astype(np.uint8)
    steps = put(steps, an_initial & marks.same("initial", lambda name: name[0], one, other), 5)
    same_name = marks.same("first", lambda name: name.split(" ", 1)[0], one, other)
    known = marks.flags("has short forms", lambda name: len(name_roots(name)) > 1)
    both = np.flatnonzero(known[one] & known[other] & ~same_name)
    same_name[both] = [
        not name_roots(marks.values[a]).isdisjoint(name_roots(marks.values[b]))
        for a, b in zip(one[both], other[both], strict=True)
    ]
    return put(steps, same_name & ~an_initial, 2)


@lru_cache(maxsize=65_536)
def name_roots(forename: str) -> frozenset[str]:
    """Return the roots of a forename: its first word, and each name of which that is a short form."""
    first = forename.split(" ", 1)[0]
    return frozenset({first, *(f"group {row}" for row in groups_by_name().get(first, ()))})


def _surname(marks: Marks, one: Ints, other: Ints) -> Steps:
    steps = _worded(marks, one, other, last=5)
    several = marks.flags("several", lambda name: " " in name)
    places = np.flatnonzero((several[one] | several[other]) & (steps > 2))
    shares = np.zeros(len(one), dtype=np.bool_)
    shares[places] = [
        not set(long_parts(marks.values[a])).isdisjoint(long_parts(marks.values[b]))
        for a, b in zip(one[places], other[places], strict=True)
    ]
    return put(steps, shares, 2)


def _worded(marks: Marks, one: Ints, other: Ints, *, last: int) -> Steps:
    """Return the steps of names: 3 differs by about a letter, 4 is alike to the eye or the ear,
    ``last`` differs.
    """
    ours, theirs = marks.texts[one], marks.texts[other]
    alike = likeness(ours, theirs, frozen=marks.frozen)
    long = marks.flags("long", lambda name: len(name) >= LEAST_FOR_A_SLIP)
    steps = np.full(len(one), last, dtype=np.uint8)
    similar = alike >= ALIKE
    if not marks.frozen:
        similar |= marks.same("sound", sound, one, other)
    steps = put(steps, similar, 4)
    slip = (edits(ours, theirs, 1) <= 1) & long[one] & long[other]
    return put(steps, (alike >= NEARLY) | slip, 3)


def _words(marks: Marks, one: Ints, other: Ints) -> Steps:
    steps = _worded(marks, one, other, last=5) - 1
    numeric = marks.flags("numeric", str.isdigit)
    both = numeric[one] & numeric[other]
    # Jaro-Winkler finds most short numbers alike; only a slip of one digit says anything.
    by_digits = np.where(edits(marks.texts[one], marks.texts[other], 1) <= 1, 3, 4)
    return np.where(both, by_digits, steps).astype(np.uint8)


def _sex(marks: Marks, one: Ints, other: Ints) -> Steps:
    return np.full(len(one), 2, dtype=np.uint8)


def _postcode(marks: Marks, one: Ints, other: Ints) -> Steps:
    steps = np.full(len(one), 4, dtype=np.uint8)
    steps = put(steps, marks.same("area", postcode_area, one, other), 3)
    return put(steps, edits(marks.texts[one], marks.texts[other], 1) <= 1, 2)


def _address(marks: Marks, one: Ints, other: Ints) -> Steps:
    words = marks.parts("words", lambda text: text.partition(NUMBERS_END)[2])
    ours, theirs = words[one], words[other]
    mask = letters_kept(ours, theirs)
    near = (likeness(ours, theirs) >= NEARLY) | (mask >= 0.85)
    unnumbered = marks.flags("unnumbered", lambda text: text.startswith(NUMBERS_END))
    numbers = marks.same("numbers", lambda text: text.partition(NUMBERS_END)[0], one, other)
    agree = numbers | unnumbered[one] | unnumbered[other]
    steps = np.full(len(one), 5, dtype=np.uint8)
    steps = put(steps, (mask >= 0.7) | _same_words(marks, one, other), 4)
    steps = put(steps, near & ~agree, 3)
    slip = edits(marks.texts[one], marks.texts[other], 1) <= 1
    return put(steps, (near & agree) | slip, 2)


def _same_words(marks: Marks, one: Ints, other: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return marks.same("sorted", lambda text: _sorted_words(text) or None, one, other)


def _sorted_words(text: str) -> str:
    return " ".join(sorted(text.partition(NUMBERS_END)[2].split()))


def _phone(marks: Marks, one: Ints, other: Ints) -> Steps:
    return np.where(edits(marks.texts[one], marks.texts[other], 1) <= 1, 2, 3).astype(np.uint8)


def _email(marks: Marks, one: Ints, other: Ints) -> Steps:
    steps = np.where(likeness(marks.texts[one], marks.texts[other]) >= 0.93, 3, 4).astype(np.uint8)
    return put(steps, marks.same("local", lambda text: text.partition("@")[0] or None, one, other), 2)


def _nhs_number(marks: Marks, one: Ints, other: Ints) -> Steps:
    holds = marks.flags("holds", nhs_number_holds)
    steps = np.where(edits(marks.texts[one], marks.texts[other], 1) <= 1, 2, 3)
    return np.where(holds[one] & holds[other], ANOTHER_VALID_NUMBER, steps).astype(np.uint8)


def _number(marks: Marks, one: Ints, other: Ints) -> Steps:
    differ = edits(marks.texts[one], marks.texts[other], 2)
    return np.select([differ <= 1, differ <= 2], [2, 3], 4).astype(np.uint8)


def _date(marks: Marks, one: Ints, other: Ints) -> Steps:
    ours, theirs = marks.texts[one], marks.texts[other]
    first, second = _date_parts(ours), _date_parts(theirs)
    same = first == second
    year, month, day = same
    steps = np.full(len(one), 6, dtype=np.uint8)
    steps = put(steps, year, 5)
    steps = put(steps, same.sum(axis=0) >= 2, 4)
    steps = put(steps, edits(ours, theirs, 1) <= 1, 3)
    crosswise = (first[1] == second[2]) & (first[2] == second[1])
    steps = put(steps, year & crosswise, 2)
    recorded = (first > 0) & (second > 0)
    partial = ~recorded[1] | ~recorded[2]
    apart = np.abs(first[0] - second[0])
    agrees = year & (month | ~recorded[1]) & (day | ~recorded[2])
    by_year = np.select([agrees, apart <= 2, apart <= 10], [1, 2, 3], 4) + PARTIAL_FROM
    return np.where(partial, by_year, steps).astype(np.uint8)


def _date_parts(texts: Texts) -> Ints:
    """Return three rows: years, months and days."""
    digits = np.array([int(text) for text in texts], dtype=np.int64)
    return np.stack([digits // 10_000, digits // 100 % 100, digits % 100])


def is_partial_date(value: str) -> bool:
    """Return whether a date lacks its month or day."""
    return "00" in (value[4:6], value[6:])


STEPS_OF: dict[Kind, Callable[[Marks, Ints, Ints], Steps]] = {
    Kind.FORENAME: _forename,
    Kind.SURNAME: _surname,
    Kind.SEX: _sex,
    Kind.DATE: _date,
    Kind.POSTCODE: _postcode,
    Kind.ADDRESS: _address,
    Kind.WORDS: _words,
    Kind.PHONE: _phone,
    Kind.EMAIL: _email,
    Kind.NHS_NUMBER: _nhs_number,
    Kind.NUMBER: _number,
}
