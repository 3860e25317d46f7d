"""Test of whether each person is once in a file, and its evidence on a pair. Knows no field, no true answer.

Where a file lists each person once, a record has one double in it at most: what is one record's double is no
other's, and a record whose likeliest double is not another's is the likelier to be of that person.
"""

from __future__ import annotations

from enum import StrEnum
from math import log2

import numpy as np

from engine.identity.persons import Ints, Persons
from engine.identity.weights import Reals
from engine.tools.matching.grouping import Scorer

_TWICE_BELOW = 0.01
"""Share of the linked persons listed twice below which a file is taken to list each person once."""
_FEWEST_TWICE = 1.5
_MOST_WITH_A_DOUBLE = 0.95
"""No more of a file's records than this are taken to have a double in the other, whatever is estimated."""


class Once(StrEnum):
    """Files that list each person once, by the evidence of their own records."""

    BOTH = "each person is once in each file"
    FIRST = "each person is once in the first file"
    SECOND = "each person is once in the second file"
    NEITHER = "a person may be in a file more than once"

    @property
    def in_first(self) -> bool:
        """True if the first file lists each person once."""
        return self in (Once.BOTH, Once.FIRST)

    @property
    def in_second(self) -> bool:
        """True if the second file lists each person once."""
        return self in (Once.BOTH, Once.SECOND)


def once_in(
    persons: Persons, left: Ints, right: Ints, weights: Reals, threshold: float, scorer: Scorer
) -> Once:
    """Return which of two files list each person once; within one file a person may be there twice.

    Records linked with one and the same record resemble one another where people are listed twice, but
    namesakes do so too. True doubles weigh as much as the pairs across the files do, half of them more than
    the median of those; namesakes just pass the threshold. So only rivals heavier than that median are
    counted, doubled.
    """
    if persons.second is None:
        return Once.NEITHER
    above = weights >= threshold
    left, right = left[above], right[above]
    heavy = float(np.median(weights[above])) if len(left) else threshold
    first = not _stand_twice(right, left, heavy, scorer)
    second = not _stand_twice(left, right, heavy, scorer)
    return {
        (True, True): Once.BOTH,
        (True, False): Once.FIRST,
        (False, True): Once.SECOND,
        (False, False): Once.NEITHER,
    }[first, second]


def _stand_twice(persons: Ints, others: Ints, heavy: float, scorer: Scorer) -> bool:
    """Return whether more than a few of the records that one record is linked with are plainly of one
    person.
    """
    order = np.lexsort((others, persons))
    persons, others = persons[order], others[order]
    rivals = np.flatnonzero(persons[1:] == persons[:-1])
    if not len(rivals):
        return False
    alike = scorer(others[rivals], others[rivals + 1]) >= heavy
    twice = 2 * len(np.unique(persons[rivals[alike]]))
    return twice >= max(_TWICE_BELOW * len(np.unique(persons)), _FEWEST_TWICE)


def gained(once: Once, persons: Persons, expected: float) -> float:
    """Return the gain of each pair, in bits, where so many true pairs are expected and none has two doubles.

    Of all the ways to pair records off, one with a given pair leaves its two records to no other.
    With a share p of a file's records paired, the odds of a pair that has no rival grow by 1 / (1 - p).
    """
    if persons.second is None:
        return 0.0
    sizes = persons.second, persons.size - persons.second
    bits = 0.0
    # A record of the first file has one double where the second file lists each person once.
    for is_once, size in ((once.in_second, sizes[0]), (once.in_first, sizes[1])):
        if is_once:
            bits -= log2(1.0 - min(expected / max(size, 1), _MOST_WITH_A_DOUBLE))
    return bits


def with_rivals(once: Once, left: Ints, right: Ints, of_one: Reals, size: int) -> Reals:
    """Return how likely each pair is, its rivals considered:
    of all partners that a record may have one is right.
    """
    if once is Once.NEITHER or not len(of_one):
        return of_one
    odds = of_one / np.maximum(1.0 - of_one, 1e-12)
    against = np.ones(len(odds))
    for is_once, records in ((once.in_second, left), (once.in_first, right)):
        if is_once:
            against += np.bincount(records, weights=odds, minlength=size)[records] - odds
    return odds / (odds + np.maximum(against, 1.0))
