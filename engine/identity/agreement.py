"""In which level two person records agree, field by field; frozen with the register's weights.

Level 0 is "not recorded on one side"; 1 is the nearest. A file's matching has levels of its own, which may
get better from release to release; these change only together with the weights trained on them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache
from types import MappingProxyType

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from engine.domain.people import IdentifierScheme, Sex
from engine.identity.contacts import postcode_area
from engine.identity.forms import Number, PersonForm
from engine.identity.identifiers import compared_forms
from engine.identity.words import groups_by_name

NEARLY, ALIKE = 0.92, 0.82
"""Jaro-Winkler likeness of names that differ by about a letter, and of names that are alike."""
LEAST_FOR_A_SLIP = 4
"""In a shorter name one letter is a quarter of it or more, and a slip is no likelier than another name."""
CROSSWISE = 0.92


def forename_level(one: str, other: str) -> int:
    """1 same, 2 short or longer form, 3 about a letter, 4 alike, 5 same initial alone, 6 differs."""
    if one == other:
        return 1
    if len(one) == 1 or len(other) == 1:
        return 5 if one[0] == other[0] else 6
    if not name_roots(one).isdisjoint(name_roots(other)):
        return 2
    return _spelt(one, other, differs=6)


@lru_cache(maxsize=65_536)
def name_roots(forename: str) -> frozenset[str]:
    """What stands for a forename: its first word, and each name of which that is a short form."""
    first = forename.split(" ", 1)[0]
    return frozenset({first, *(f"group {row}" for row in groups_by_name().get(first, ()))})


def surname_level(one: str, other: str) -> int:
    """1 same, 2 a part in common, 3 about a letter, 4 alike, 5 differs."""
    if one == other:
        return 1
    if (" " in one or " " in other) and not long_parts(one).isdisjoint(long_parts(other)):
        return 2
    return _spelt(one, other, differs=5)


def long_parts(name: str) -> frozenset[str]:
    """The parts of a name that are more than a particle."""
    return frozenset(part for part in name.split() if len(part) >= 3)


def _spelt(one: str, other: str, *, differs: int) -> int:
    alike = JaroWinkler.similarity(one, other, score_cutoff=ALIKE)
    if alike >= NEARLY or (
        min(len(one), len(other)) >= LEAST_FOR_A_SLIP
        and DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1
    ):
        return 3
    return 4 if alike >= ALIKE else differs


def born_level(one: str, other: str) -> int:
    """Whole dates: 1 same to 6 differs. 7 to 9: one lacks its day or month."""
    if is_partial(one) or is_partial(other):
        return _partly_born(one, other)
    if one == other:
        return 1
    same = (one[:4] == other[:4], one[4:6] == other[4:6], one[6:] == other[6:])
    if same[0] and one[4:6] == other[6:] and one[6:] == other[4:6]:
        return 2
    if DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1:
        return 3
    if sum(same) >= 2:
        return 4
    return 5 if same[0] else 6


def is_partial(born: str) -> bool:
    """Whether a date lacks its month or its day."""
    return "00" in (born[4:6], born[6:])


def _partly_born(one: str, other: str) -> int:
    agrees = all(a == b or "00" in (a, b) for a, b in ((one[4:6], other[4:6]), (one[6:], other[6:])))
    apart = abs(int(one[:4]) - int(other[:4]))
    if not apart and agrees:
        return 7
    return 8 if apart <= 2 else 9


def sex_level(one: str, other: str) -> int:
    """1 same, 2 differs; "other" is compared with nothing, since sources use it in more than one way."""
    if Sex.OTHER.value in (one, other):
        return 0
    return 1 if one == other else 2


def number_level(ours: Collection[Number], theirs: Collection[Number]) -> int:
    """1 same and holds, 2 same but fails its check, 3 one sign off and one fails, 4 differs and one fails,
    5 another number, and both hold."""
    best = 5
    for mine in ours:
        for yours in theirs:
            best = min(best, _two_numbers(mine, yours))
    return best


def _two_numbers(mine: Number, yours: Number) -> int:
    if mine.form == yours.form or yours.form in compared_forms(mine.scheme, mine.form):
        return 1 if mine.holds and yours.holds else 2
    if mine.holds and yours.holds:
        return 5
    return 3 if DamerauLevenshtein.distance(mine.form, yours.form, score_cutoff=1) <= 1 else 4


def place_level(one: PersonForm, other: PersonForm) -> int:
    """1 same address, 2 same postcode, 3 same neighbourhood, 4 differs."""
    if one.address is not None and one.address == other.address:
        return 1
    if not one.postcode or not other.postcode:
        return 0
    if one.postcode == other.postcode:
        return 2
    return 3 if postcode_area(one.postcode) == postcode_area(other.postcode) else 4


def _shared(kinds: Collection[str]) -> Callable[[PersonForm, PersonForm], int]:
    def level(one: PersonForm, other: PersonForm) -> int:
        ours = {key for kind, key in one.things if kind in kinds}
        theirs = {key for kind, key in other.things if kind in kinds}
        if not ours or not theirs:
            return 0
        return 2 if ours.isdisjoint(theirs) else 1

    return level


def _numbered(scheme: IdentifierScheme) -> Callable[[PersonForm, PersonForm], int]:
    def level(one: PersonForm, other: PersonForm) -> int:
        ours, theirs = one.of_scheme(scheme), other.of_scheme(scheme)
        return number_level(ours, theirs) if ours and theirs else 0

    return level


def _worded(name: str, compare: Callable[[str, str], int]) -> Callable[[PersonForm, PersonForm], int]:
    def level(one: PersonForm, other: PersonForm) -> int:
        mine, yours = getattr(one, name), getattr(other, name)
        return compare(mine, yours) if mine and yours else 0

    return level


LEVEL_BY_FIELD = MappingProxyType(
    {
        "forename": _worded("forename", forename_level),
        "surname": _worded("surname", surname_level),
        "date of birth": _worded("born", born_level),
        "sex": _worded("sex", sex_level),
        "PNC ID": _numbered(IdentifierScheme.PNC),
        "CRO number": _numbered(IdentifierScheme.CRO),
        "CRN": _numbered(IdentifierScheme.CRN),
        "prison number": _numbered(IdentifierScheme.PRISON),
        "telephone": _shared({"phone"}),
        "account": _shared({"email", "account"}),
        "vehicle or device": _shared({"vehicle", "device"}),
        "address": place_level,
    }
)
"""Every field that the register compares, in the order in which it is told."""


def agreement(one: PersonForm, other: PersonForm) -> tuple[tuple[int, ...], bool]:
    """The level of each field, and whether forename and surname stand in each other's place.

    Names that agree crosswise and not as they stand are given the levels crosswise.
    """
    levels = [level(one, other) for level in LEVEL_BY_FIELD.values()]
    if (
        levels[0] >= 4
        and levels[1] >= 4
        and (
            JaroWinkler.similarity(one.forename, other.surname) >= CROSSWISE
            and JaroWinkler.similarity(one.surname, other.forename) >= CROSSWISE
        )
    ):
        levels[0] = 1 if one.forename == other.surname else 3
        levels[1] = 1 if one.surname == other.forename else 3
        return tuple(levels), True
    return tuple(levels), False
