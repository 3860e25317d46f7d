"""Persons that current judgements make of person records, derived and never stored. Pure.

Only a judgement of "same" joins; a proposal never does, so weak links cannot chain. A "not same" between two
records that other judgements join is a conflict, and is reported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from engine.domain.people.same_person import SameVerdict


@dataclass(frozen=True, slots=True)
class MatchDecision:
    """The newest judgement on two parties, the lower number first."""

    low: int
    high: int
    verdict: SameVerdict
    by_rule: bool = False


@dataclass(frozen=True, slots=True)
class DerivedPerson:
    """The parties that current judgements make one person,
    and the pairs of them with a judgement against it.
    """

    parties: tuple[int, ...]
    conflicts: tuple[tuple[int, int], ...]


def person_of(party: int, words: Iterable[MatchDecision], *, victims: Collection[int] = ()) -> DerivedPerson:
    """Return the person to which a party belongs, by these judgements.

    ``victims`` are parties who were ever one.

    A rule's judgement applies only where no party that it joins has ever been a victim; where one has, people
    judge.

    Examples
    --------
    >>> same, other = SameVerdict.SAME, SameVerdict.NOT_SAME
    >>> person_of(1, [MatchDecision(1, 2, same), MatchDecision(2, 3, same), MatchDecision(1, 3, other)])
    DerivedPerson(parties=(1, 2, 3), conflicts=((1, 3),))
    >>> person_of(1, [MatchDecision(1, 2, same, by_rule=True)], victims=[2]).parties
    (1,)
    """
    decisions = tuple(words)
    parties = _joined(party, decisions)
    if not parties.isdisjoint(victims):
        parties = _joined(party, [decision for decision in decisions if not decision.by_rule])
    conflicts = {
        (decision.low, decision.high)
        for decision in decisions
        if decision.verdict is SameVerdict.NOT_SAME and {decision.low, decision.high} <= parties
    }
    return DerivedPerson(tuple(sorted(parties)), tuple(sorted(conflicts)))


def _joined(party: int, words: Iterable[MatchDecision]) -> set[int]:
    neighbours: dict[int, set[int]] = {}
    for decision in words:
        if decision.verdict is SameVerdict.SAME:
            neighbours.setdefault(decision.low, set()).add(decision.high)
            neighbours.setdefault(decision.high, set()).add(decision.low)
    found, waiting = {party}, [party]
    while waiting:
        fresh = neighbours.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return found


def persons_of(
    parties: Collection[int], words: Iterable[MatchDecision], *, victims: Collection[int] = ()
) -> dict[int, int]:
    """Return the person of each of these parties, named by its lowest party, as ``person_of`` finds it.

    Examples
    --------
    >>> persons_of([1, 2, 3], [MatchDecision(1, 3, SameVerdict.SAME)])
    {1: 1, 3: 1, 2: 2}
    """
    decisions: dict[int, list[MatchDecision]] = {}
    for decision in words:
        for party in (decision.low, decision.high):
            decisions.setdefault(party, []).append(decision)
    found: dict[int, int] = {}
    for party in sorted(parties):
        if party in found:
            continue
        joined, waiting = {party}, [party]
        while waiting:
            for decision in decisions.get(waiting.pop(), ()):
                fresh = (
                    {decision.low, decision.high} - joined if decision.verdict is SameVerdict.SAME else set()
                )
                joined |= fresh
                waiting += fresh
        own = {decision for each in joined for decision in decisions.get(each, ())}
        person = person_of(party, own, victims=victims)
        found.update(dict.fromkeys(person.parties, person.parties[0]))
    return found
