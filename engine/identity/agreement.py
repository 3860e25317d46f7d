"""Levels of agreement of two person records, field by field; frozen with the register's weights.

Level 0 is "not recorded on one side"; 1 is the nearest. Names and dates are compared as in files, but only by
what is written: the weights were trained so, and these levels change only together with them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from types import MappingProxyType

from rapidfuzz.distance import DamerauLevenshtein

from engine.domain.people.persons import IdentifierScheme, Sex
from engine.identity.contacts import postcode_area
from engine.identity.fields import Kind
from engine.identity.forms import Number, PersonForm
from engine.identity.identifiers import compared_forms

_FARTHEST_IN_PART = 9
"""Files distinguish ten years from more; with dates in part the register does not."""
_COMPARED_AS_IN_FILES = (("forename", Kind.FORENAME), ("surname", Kind.SURNAME), ("born", Kind.DATE))


def sex_level(one: PersonForm, other: PersonForm) -> int:
    """Return 1 same, 2 differs.

    The value "other" is compared with nothing, since sources use it in more than one way.
    """
    if not one.sex or not other.sex or Sex.OTHER.value in (one.sex, other.sex):
        return 0
    return 1 if one.sex == other.sex else 2


def number_level(ours: Collection[Number], theirs: Collection[Number]) -> int:
    """Return 1 same and valid, 2 same but fails its check, 3 one sign off and one fails,"""
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
    """Return 1 same address, 2 same postcode, 3 same neighbourhood, 4 differs."""
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


LEVEL_BY_FIELD = MappingProxyType(
    {
        "sex": sex_level,
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
"""Fields that the register compares in a way of its own:
a person of the register may have several of each.
"""
COMPARED_FIELDS = ("forename", "surname", "date of birth", *LEVEL_BY_FIELD)
"""Every field that the register compares, in the order of its explanation."""


def agreements(pairs: Sequence[tuple[PersonForm, PersonForm]]) -> list[tuple[tuple[int, ...], bool]]:
    """Return the level of each field of each pair, and whether forename and surname are exchanged.

    Names that agree crosswise and not as written are given the levels crosswise.
    """
    if not pairs:
        return []
    import numpy as np  # a case without any likeness need not load it

    from engine.identity.comparing import Comparer
    from engine.identity.persons import Persons, column_of

    everybody = [each for pair in pairs for each in pair]
    persons = Persons(
        size=len(everybody),
        second=None,
        columns=tuple(
            column_of(name, kind, [getattr(each, name) for each in everybody])
            for name, kind in _COMPARED_AS_IN_FILES
        ),
    )
    left = np.arange(0, len(everybody), 2)
    found = Comparer(persons, frozen=True).compared(left, left + 1)
    steps = np.minimum(found.steps, _FARTHEST_IN_PART).tolist()
    return [
        ((*named, *(level(*pair) for level in LEVEL_BY_FIELD.values())), exchanged)
        for pair, named, exchanged in zip(pairs, steps, found.exchanged.tolist(), strict=True)
    ]
