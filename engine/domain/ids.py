"""Public references: short, random, checked, and showing nothing about how many there are."""

from __future__ import annotations

import secrets
from operator import mul
from typing import NewType

from engine.domain.errors import InvalidInputError

AgencyCode = NewType("AgencyCode", str)

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXY"  # no 0/O, 1/I/L, 2/Z, U: read aloud in a conference
_PLACE = {character: place for place, character in enumerate(_ALPHABET)}
_PAIRS = tuple(one + other for other in _ALPHABET for one in _ALPHABET)
_LENGTH = 6
_WEIGHTS = range(2, 2 + _LENGTH)
_PAIR_SUMS = tuple(
    [weight * _PLACE[pair[0]] + (weight + 1) * _PLACE[pair[1]] for pair in _PAIRS] for weight in _WEIGHTS[::2]
)
"""The share of each pair of characters in the weighted sum of its reference, by its position in it."""
PREFIXES = {
    "involvement": "R",
    "episode": "E",
    "person": "P",
    "incident": "I",
    "decision": "D",
    "plan": "L",
    "action": "A",
    "outcome": "T",
    "protected detail": "V",
    "batch": "B",
    "emergency access": "G",
    "opening request": "K",
    "opening": "N",
    "search": "S",
    "object": "J",
    "saved search": "Q",
    "link alert": "F",
    "erasure": "X",
    "subject access request": "Y",
    "victim information request": "H",
    "correction request": "C",
    "saved map": "M",
    "map export": "W",
    "conference": "U",
    "minutes correction": "Z",
    "remark": "O",
    "order": "PO",
    "likely breach": "LB",
    "network": "NW",
    "associates request": "AQ",
    "record request": "AR",
    "alarm": "AL",
}

_AS_CALLED = {"involvement": "case"}
"""Names of kinds on pages, where the record has other names."""


def _check_character(body: str) -> str:
    """Return the weighted sum of the places, modulo the alphabet's length.

    The length, 29, is a prime and the weights are 2, 3, 4 ...: so every single wrong character and every swap
    of neighbours is caught.
    """
    total = sum(map(mul, _WEIGHTS, map(_PLACE.__getitem__, body)))
    return _ALPHABET[total % len(_ALPHABET)]


def new_reference(kind: str) -> str:
    """Return a new random reference: prefix, six random characters and one check character."""
    return new_references(kind, 1)[0]


def new_references(kind: str, count: int) -> list[str]:
    """Return so many new random references; by chance two of them may be the same."""
    begins, pairs, characters = f"{PREFIXES[kind]}-", len(_PAIRS), len(_ALPHABET)
    all_bodies, (of_first, of_middle, of_last) = pairs**3, _PAIR_SUMS
    made = []
    for _ in range(count):
        number, first = divmod(secrets.randbelow(all_bodies), pairs)
        last, middle = divmod(number, pairs)
        check = _ALPHABET[(of_first[first] + of_middle[middle] + of_last[last]) % characters]
        made.append(f"{begins}{_PAIRS[first]}{_PAIRS[middle]}{_PAIRS[last]}{check}")
    return made


def is_reference(text: str) -> bool:
    """Return whether this is the stored form of a reference of any kind."""
    prefix, dash, rest = text.partition("-")
    known = bool(dash) and prefix in PREFIXES.values() and len(rest) == _LENGTH + 1
    return known and set(rest) <= set(_ALPHABET) and rest[-1] == _check_character(rest[:-1])


def read_reference(kind: str, text: str) -> str:
    """Return the stored form of a typed reference. Raises InvalidInputError, which names a mistyped one."""
    typed = text.strip().upper()
    prefix, dash, rest = typed.partition("-")
    body, check = rest[:-1], rest[-1:]
    well_formed = dash and prefix == PREFIXES[kind] and len(body) == _LENGTH and set(rest) <= set(_ALPHABET)
    called = f"{_AS_CALLED.get(kind, kind)} reference"
    if not well_formed:
        example = f"{PREFIXES[kind]}-" + "7K3M9Q" + _check_character("7K3M9Q")
        raise InvalidInputError(called, f"not of the form {example}")
    if check != _check_character(body):
        raise InvalidInputError(f"{called} {typed}", "mistyped: its check character does not fit")
    return typed
