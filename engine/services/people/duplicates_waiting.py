"""Lines about alleged perpetrators of two cases who may be one person, until a person decides.

What is proposed is a table of rows that wait, made again from the records of persons; a line reads it within
its reader's part of the record. A decision changes what each of the two cases says of the person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from engine.domain.accounts.acting import Acting
from engine.domain.cases.lifecycle import State
from engine.domain.cases.worklists import LongLines, WorkItem, line_of, section_of_kind
from engine.domain.people.same_person import SameVerdict
from engine.identity.merged_persons import MatchDecision, persons_of
from engine.services.access.checks import open_part
from engine.services.people.known import KnownPersons
from engine.services.people.matching import thresholds
from engine.store.unit_of_work import Work

if TYPE_CHECKING:
    from engine.store.repositories.people.persons_within import Undecided

MAY_BE_ONE = "may be one person"
"""The kind of these lines."""
_NAMED = 4
_MOST_PAIRS = 100
"""So many pairs are grouped at the most: a worklist must not wait for thousands that are not decided."""


def duplicate_lines(work: Work, acting: Acting) -> LongLines:
    """Return one line for all people who may be one, of cases that are open to this person.

    One of the cases is not closed. Records that decisions join are one person, and pairs that have one in
    common are one line: a decision on one of them may answer the others.
    """
    known = KnownPersons(work, open_part(work, acting))
    least, states = thresholds().review, frozenset(State) - {State.CLOSED}
    pairs = work.persons_within.undecided(known.part, least=least, states=states, most=_MOST_PAIRS)
    lines = [line_of(item) for item in _items(work, known, pairs)] if pairs else []
    return LongLines(
        section_of_kind(MAY_BE_ONE),
        MAY_BE_ONE,
        len(lines),
        0,
        lambda _: lines,
        or_more=len(pairs) >= _MOST_PAIRS,
    )


def _items(work: Work, known: KnownPersons, pairs: Sequence[Undecided]) -> Iterator[WorkItem]:
    """Yield a line for each group of persons with undecided pairs between them, the oldest first."""
    parties = {party for pair in pairs for party in (pair.low, pair.high)}
    person = persons_of(parties, known.decisions_around(parties).values())
    people = work.same_persons.people(parties)
    open_pairs = [
        pair
        for pair in pairs
        if person[pair.low] != person[pair.high] and people[pair.low].episode != people[pair.high].episode
    ]
    joined = [MatchDecision(pair.low, pair.high, SameVerdict.SAME) for pair in open_pairs]
    group = persons_of(parties, [*joined, *_same(person)])
    by_group: dict[int, list[Undecided]] = {}
    for pair in open_pairs:
        by_group.setdefault(group[pair.low], []).append(pair)
    for of in by_group.values():
        cases = list(dict.fromkeys(people[each].involvement for pair in of for each in (pair.high, pair.low)))
        yield WorkItem(
            reference=cases[0],
            what=f"Decide whether the alleged perpetrators of {_listed(cases)} are the same person",
            why="Until then the acts of each are not counted in the others.",
            due_at=None,
            since=of[0].at,
            is_overdue=False,
            is_alarm=False,
            kind=MAY_BE_ONE,
        )


def _same(person: Mapping[int, int]) -> Iterator[MatchDecision]:
    """Yield that each party is the person that it belongs to."""
    for party, of in person.items():
        yield MatchDecision(min(party, of), max(party, of), SameVerdict.SAME)


def _listed(cases: Sequence[str]) -> str:
    *others, last = cases[:_NAMED]
    left = len(cases) - _NAMED
    return (
        f"{', '.join([*others, last])} and {left:,} more" if left > 0 else f"{', '.join(others)} and {last}"
    )
