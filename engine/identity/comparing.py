"""The steps in which pairs of records agree, field by field. Knows no weight and no true answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.identity.comparing_values import STEPS_OF, is_partial_date
from engine.identity.fields import PARTIAL_FROM, Kind
from engine.identity.marks import Flags, Marks, Steps, likeness
from engine.identity.persons import Column, Ints, Persons

AT_ONCE = 400_000
_CROSSWISE, _CROSSWISE_FROZEN = 0.9, 0.92


@dataclass(frozen=True, kw_only=True, eq=False)
class Compared:
    """The steps of each pair (rows) in each field (columns), 0 where nothing could be compared."""

    steps: Steps
    exchanged: Flags
    """True where forename and surname are in each other's place; their steps are then those crosswise."""


class Comparer:
    """Compares the records of one set of persons; what belongs to a value is worked out once.

    ``frozen`` is for the register, whose weights were trained on levels that must stay as they are.
    """

    def __init__(self, persons: Persons, *, frozen: bool = False) -> None:
        self._columns, self._frozen = persons.columns, frozen
        self._marks = [Marks(column.values, frozen=frozen) for column in persons.columns]
        kinds = [column.kind for column in persons.columns]
        self._names = (
            (kinds.index(Kind.FORENAME), kinds.index(Kind.SURNAME))
            if {Kind.FORENAME, Kind.SURNAME} <= set(kinds)
            else None
        )

    def compared(self, left: Ints, right: Ints) -> Compared:
        """Return the steps of these pairs."""
        steps = np.zeros((len(left), len(self._columns)), dtype=np.uint8)
        exchanged = np.zeros(len(left), dtype=np.bool_)
        for start in range(0, len(left), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            for place, (column, marks) in enumerate(zip(self._columns, self._marks, strict=True)):
                steps[part, place] = _field(
                    column, marks, column.codes[left[part]], column.codes[right[part]]
                )
            if self._names:
                exchanged[part] = self._exchange(*self._names, steps[part], left[part], right[part])
        return Compared(steps=steps, exchanged=exchanged)

    def _exchange(self, fore: int, sur: int, steps: Steps, left: Ints, right: Ints) -> Flags:
        """Give pairs whose names agree crosswise, and not as written, the steps crosswise."""
        exchanged = np.zeros(len(left), dtype=np.bool_)
        places = np.flatnonzero((steps[:, fore] >= 4) & (steps[:, sur] >= 4))
        if not len(places):
            return exchanged
        left, right = left[places], right[places]
        forenames, surnames = self._columns[fore].codes, self._columns[sur].codes
        fore_texts, sur_texts = self._marks[fore].texts, self._marks[sur].texts
        frozen, least = self._frozen, _CROSSWISE_FROZEN if self._frozen else _CROSSWISE
        one = likeness(fore_texts[forenames[left]], sur_texts[surnames[right]], frozen=frozen)
        other = likeness(fore_texts[forenames[right]], sur_texts[surnames[left]], frozen=frozen)
        crosswise = (one >= least) & (other >= least)
        places = places[crosswise]
        exchanged[places] = True
        steps[places, fore] = np.where(one[crosswise] == 1, 1, 3)
        steps[places, sur] = np.where(other[crosswise] == 1, 1, 3)
        return exchanged


def _field(column: Column, marks: Marks, ours: Ints, theirs: Ints) -> Steps:
    """Return a field's steps: each distinct pair of values is compared once."""
    steps = np.zeros(len(ours), dtype=np.uint8)
    both = (ours >= 0) & (theirs >= 0)
    low, high = np.minimum(ours[both], theirs[both]), np.maximum(ours[both], theirs[both])
    distinct, inverse = np.unique(low * len(column.values) + high, return_inverse=True)
    if not len(distinct):
        return steps
    one, other = np.divmod(distinct, len(column.values))
    found = np.ones(len(distinct), dtype=np.uint8)
    differ = one != other
    if column.kind is Kind.DATE:
        found[marks.flags("partial", is_partial_date)[one]] = PARTIAL_FROM + 1
    if differ.any():
        found[differ] = STEPS_OF[column.kind](marks, one[differ], other[differ])
    steps[both] = found[inverse]
    return steps
