"""Records of one person within a viewer's part of the record: by decisions and by likeness.

Part of use cases. What a viewer may not know of is cut in each query and makes none more: no words and no
time show it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.domain.people.same_person import SameVerdict
from engine.identity.merged_persons import DerivedPerson, MatchDecision, person_of
from engine.services.access.primary_roles import mirrors_of
from engine.services.people.matching import Likely, likely_persons, thresholds
from engine.store.repositories.access.visibility import VisibilityFilter
from engine.store.unit_of_work import Work


class KnownPersons:
    """Parties as persons, each read once: a case page asks several times."""

    def __init__(self, work: Work, part: VisibilityFilter) -> None:
        self.part = part
        self._work = work
        self._possible: dict[int, tuple[Likely, ...]] = {}
        self._decisions: dict[int, Mapping[tuple[int, int], MatchDecision]] = {}
        self._joined: dict[int, DerivedPerson] = {}
        self._parties: dict[str, int | None] = {}
        self._mirrors: dict[str, frozenset[str]] = {}

    def likely(self, party: int) -> tuple[Likely, ...]:
        """Return the parties that would be proposed as the same as this one, the heaviest first."""
        return tuple(each for each in self.possible(party) if each.matched.weight >= thresholds().propose)

    def possible(self, party: int) -> tuple[Likely, ...]:
        """Return the same with those that only the queue of possible duplicates has."""
        if party not in self._possible:
            known = self._work.identity.newest_of_party(party)
            self._possible[party] = likely_persons(
                self._work, known, may_know=self.part, least=thresholds().review
            )
        return self._possible[party]

    def refused(self, party: int) -> frozenset[int]:
        """Return the parties that were decided to be of other people than this one."""
        decisions = self._decisions_on(party).values()
        refused = (each for each in decisions if each.verdict is SameVerdict.NOT_SAME)
        return frozenset(each for decision in refused for each in (decision.low, decision.high)) - {party}

    def joined(self, party: int) -> DerivedPerson:
        """Derive the person of a party, joined through nothing that this viewer may not know of."""
        if party not in self._joined:
            decisions = self._further({party}, dict(self._decisions_on(party)))
            victims = self._work.same_persons.ever_victims({party, *_same_in(decisions.values())})
            self._joined[party] = person_of(party, decisions.values(), victims=victims)
        return self._joined[party]

    def decisions_around(self, parties: Iterable[int]) -> dict[tuple[int, int], MatchDecision]:
        """Return the decisions on these parties, and on all whom decisions join with one of them."""
        wanted = set(parties)
        return self._further(wanted, self._work.persons_within.decisions(wanted, self.part))

    def mirrors(self, case: str) -> frozenset[str]:
        """Return the cases where the two people of this one have each other's role."""
        if case not in self._mirrors:
            self._mirrors[case] = frozenset(mirrors_of(self._work, case))
        return self._mirrors[case]

    def party_of(self, person: str) -> int | None:
        """Return the party of a person record; None where it has none."""
        if person not in self._parties:
            self._parties[person] = self._work.same_persons.party_of(person)
        return self._parties[person]

    def _further(
        self, seen: set[int], found: dict[tuple[int, int], MatchDecision]
    ) -> dict[tuple[int, int], MatchDecision]:
        """Read on from those whom decisions join, until there is no other."""
        while frontier := _same_in(found.values()) - seen:
            seen = seen | frontier
            found |= self._work.persons_within.decisions(frontier, self.part)
        return found

    def _decisions_on(self, party: int) -> Mapping[tuple[int, int], MatchDecision]:
        if party not in self._decisions:
            self._decisions[party] = self._work.persons_within.decisions([party], self.part)
        return self._decisions[party]


def _same_in(decisions: Iterable[MatchDecision]) -> set[int]:
    same = (each for each in decisions if each.verdict is SameVerdict.SAME)
    return {each for decision in same for each in (decision.low, decision.high)}
