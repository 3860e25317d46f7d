"""What the words in force make of person records: persons, derived and never stored. Pure.

Only a word "same" joins; a proposal never does, so weak links cannot chain. A "not same" between two records
that other words join is a conflict, and is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from engine.domain.identity import SameVerdict


@dataclass(frozen=True, slots=True)
class PairWord:
    """The newest word on two parties, the lower number first."""

    low: int
    high: int
    verdict: SameVerdict
    by_rule: bool = False


@dataclass(frozen=True, slots=True)
class DerivedPerson:
    """The parties that the words in force make one person, and the pairs of them on which a word says no."""

    parties: tuple[int, ...]
    conflicts: tuple[tuple[int, int], ...]


def person_of(party: int, words: Iterable[PairWord], *, victims: Collection[int] = ()) -> DerivedPerson:
    """The person to which a party belongs, by these words; ``victims`` are parties who were ever one.

    A rule's word holds only where nobody whom it joins has ever been a victim; where one has, people judge.

    Examples
    --------
    >>> same, other = SameVerdict.SAME, SameVerdict.NOT_SAME
    >>> person_of(1, [PairWord(1, 2, same), PairWord(2, 3, same), PairWord(1, 3, other)])
    DerivedPerson(parties=(1, 2, 3), conflicts=((1, 3),))
    >>> person_of(1, [PairWord(1, 2, same, by_rule=True)], victims=[2]).parties
    (1,)
    """
    kept = tuple(words)
    parties = _joined(party, kept)
    if not parties.isdisjoint(victims):
        parties = _joined(party, [word for word in kept if not word.by_rule])
    conflicts = {
        (word.low, word.high)
        for word in kept
        if word.verdict is SameVerdict.NOT_SAME and {word.low, word.high} <= parties
    }
    return DerivedPerson(tuple(sorted(parties)), tuple(sorted(conflicts)))


def _joined(party: int, words: Iterable[PairWord]) -> set[int]:
    neighbours: dict[int, set[int]] = {}
    for word in words:
        if word.verdict is SameVerdict.SAME:
            neighbours.setdefault(word.low, set()).add(word.high)
            neighbours.setdefault(word.high, set()).add(word.low)
    found, waiting = {party}, [party]
    while waiting:
        fresh = neighbours.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return found
