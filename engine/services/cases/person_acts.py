"""Acts of a case's alleged perpetrator in all cases that the viewer can open. Part of viewing a case.

Only a decision joins two cases; what may be the same person is named and not counted. A case is not joined
with one where the two people have each other's role. What the viewer may not know of is cut in each query.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from engine.domain.cases.person_acts import ActShared, ActsToShare, MayBeSame, PersonActs, in_order
from engine.domain.cases.views import CaseView, IncidentView
from engine.domain.people.persons import ClaimedRole
from engine.domain.people.same_person import SameVerdict
from engine.facts.person_counts import CaseOfPerson, CountedAct, count_acts
from engine.identity.merged_persons import persons_of
from engine.services.access.checks import classes_shown
from engine.services.people.known import KnownPersons
from engine.services.people.matching import thresholds
from engine.services.sharing.response_visibility import Viewer
from engine.store.repositories.people.persons import PersonOnCase
from engine.store.unit_of_work import Work


class PersonFound(NamedTuple):
    """The counts for one viewer, and who reported the acts."""

    acts: PersonActs
    sources: frozenset[str]


class Here(NamedTuple):
    """The case that is counted from: its two people, by their newest records, and its episode."""

    reference: str
    episode: str
    of_episode: Sequence[str]
    perpetrator: str
    victim: str


class _Others(NamedTuple):
    """Other cases of the alleged perpetrator: of the same by a decision, and of those who may be."""

    same: tuple[str, ...] = ()
    may_be: Mapping[str, str] = MappingProxyType({})
    """By case the person record that may be the same."""
    victims: Mapping[str, PersonOnCase] = MappingProxyType({})


def person_acts(
    work: Work,
    view: CaseView,
    of_episode: Sequence[str],
    known: KnownPersons,
    viewer: Viewer,
    *,
    own: tuple[CountedAct, ...],
) -> PersonFound:
    """Return the counts over this case and the others of its alleged perpetrator, for one viewer.

    ``own`` are the acts of this case, with those that agencies reported in responses. Of the others only
    incidents count. What was shared with the panel is for those who work the case.
    """
    here = Here(view.reference, view.episode, of_episode, view.perpetrator.reference, view.victim.reference)
    others = _other_cases(work, here, known)
    incidents: Mapping[str, Sequence[IncidentView]] = {}
    if others.victims:
        groups = {case: (case,) for case in (*others.same, *others.may_be)}
        incidents = work.incidents.of_each(groups, shown=classes_shown(work, viewer.acting, on=viewer.on))
    acts = {case: tuple(map(_act, of)) for case, of in incidents.items()}
    cases, may_be_one = _cases(work, here, others, {**acts, view.reference: own}, known)
    in_count = {name for case in cases for act in case.acts for name in act.names}
    may_be = tuple(_may_be(others.may_be, acts, in_count))
    shared = work.shared_acts.of(view.reference) if viewer.is_member else None
    counted = count_acts(cases, may_be_one=may_be_one).model_copy(
        update={"may_be_same": may_be, "shared": shared}
    )
    reports = (report for case in others.same for each in incidents[case] for report in each.reports)
    return PersonFound(counted, frozenset(report.owner for report in reports))


def acts_to_share(
    work: Work, here: Here, known: KnownPersons, own: Sequence[IncidentView], *, everybodys: frozenset[int]
) -> ActsToShare:
    """Return the acts of other cases of the same person that everyone on those cases reads; part of sharing.

    ``own`` are the incidents of this case, which are left out. It names no case, no record and no person.
    """
    others = _other_cases(work, here, known)
    groups = {case: (case,) for case in others.same}
    incidents = work.incidents.of_each(groups, shown=everybodys) if groups else {}
    own_acts = {here.reference: tuple(map(_act, own))}
    cases, _ = _cases(
        work, here, others, own_acts | {case: tuple(map(_act, of)) for case, of in incidents.items()}, known
    )
    seen = {name for act in cases[0].acts for name in act.names}
    kinds = {each.reference: each.kinds for of in incidents.values() for each in of}
    acts, victims = list[ActShared](), set[int]()
    for case in cases[1:]:
        for act in case.acts:
            if case.victim != cases[0].victim and seen.isdisjoint(act.names):
                acts.append(
                    ActShared(
                        happened=act.happened, kinds=tuple(each.in_words for each in kinds[act.reference])
                    )
                )
                victims.add(case.victim)
            seen |= act.names
    return ActsToShare(people=len(victims), acts=in_order(acts))


def _other_cases(work: Work, here: Here, known: KnownPersons) -> _Others:
    party = known.party_of(here.perpetrator)
    if party is None:
        return _Others()
    same = set(known.joined(party).parties) - {party}
    likely = {each.party for each in known.possible(party)} - same - known.refused(party)
    people = work.same_persons.people([*same, *likely]) if same or likely else {}
    there = {
        party: person
        for party, person in sorted(people.items())
        if person.role is ClaimedRole.PERPETRATOR and person.involvement not in here.of_episode
    }
    if not there:
        return _Others()
    victims = _victims(work, {each.involvement for each in there.values()})
    turned = _turned(work, here, victims, known, respondent={party, *same})
    joined = [each.involvement for party, each in there.items() if party in same]
    cases = tuple(case for case in dict.fromkeys(joined) if case not in turned)
    may_be = {
        each.involvement: each.reference
        for party, each in there.items()
        if party in likely and each.involvement not in {*turned, *cases}
    }
    return _Others(cases, may_be, {case: victims[case] for case in (*cases, *may_be) if case in victims})


def _turned(
    work: Work,
    here: Here,
    victims: Mapping[str, PersonOnCase],
    known: KnownPersons,
    *,
    respondent: Collection[int],
) -> frozenset[str]:
    """Return those of these cases where the two people have each other's role, by what is known of either."""
    parties = work.same_persons.parties_of([each.reference for each in victims.values()])
    of_respondent = {case for case, each in victims.items() if parties.get(each.reference) in respondent}
    victim = known.party_of(here.victim)
    same_victim = known.joined(victim).parties if victim is not None else ()
    accused = {
        each.involvement
        for each in work.same_persons.people(same_victim).values()
        if each.role is ClaimedRole.PERPETRATOR
    }
    return frozenset({*of_respondent, *accused, *known.mirrors(here.reference)})


def _victims(work: Work, cases: Collection[str]) -> dict[str, PersonOnCase]:
    """Return the victim of each of these cases, as the newest record describes them."""
    people = work.people.on_cases(sorted(cases))
    return {each.involvement: each for each in people if each.role is ClaimedRole.VICTIM}


def _cases(
    work: Work,
    here: Here,
    others: _Others,
    acts: Mapping[str, tuple[CountedAct, ...]],
    known: KnownPersons,
) -> tuple[list[CaseOfPerson], list[tuple[int, int]]]:
    """Return this case and the others for the count, and the victims who may be one person."""
    own = CaseOfPerson(here.reference, here.episode, 0, acts[here.reference])
    if not others.same:
        return [own], []
    record_of = {case: others.victims[case].reference for case in others.same}
    record_of[here.reference] = here.victim
    parties = work.same_persons.parties_of(list(record_of.values()))
    decisions = known.decisions_around(parties.values())
    person = persons_of(set(parties.values()), decisions.values())
    refused = {pair for pair, each in decisions.items() if each.verdict is SameVerdict.NOT_SAME}
    proposed = work.persons_within.proposed_among(parties.values(), least=thresholds().review) - refused

    def victim(case: str) -> int:
        return person[parties[record_of[case]]]

    cases = [
        CaseOfPerson(case, others.victims[case].episode, victim(case), acts[case]) for case in others.same
    ]
    may_be_one = [(person[low], person[high]) for low, high in proposed]
    return [own._replace(victim=victim(here.reference)), *cases], may_be_one


def _act(incident: IncidentView) -> CountedAct:
    crimes = [report.crime_reference for report in incident.reports if report.crime_reference]
    return CountedAct(incident.reference, incident.happened, names_of(incident.reference, crimes))


def names_of(reference: str, crime_references: Iterable[str]) -> frozenset[str]:
    """Return by what an act is the same as another: itself, or a crime reference however it is spaced."""
    crimes = ("".join(each.upper().split()) for each in crime_references)
    return frozenset({reference, *(f"crime {each}" for each in crimes)})


def _may_be(
    cases: Mapping[str, str], acts: Mapping[str, tuple[CountedAct, ...]], in_count: Collection[str]
) -> Iterator[MayBeSame]:
    """Yield each case that is not decided, with the acts that it would add, those with most first."""
    found = []
    for case, person in cases.items():
        fresh = [act for act in acts[case] if act.names.isdisjoint(in_count)]
        records = tuple(act.reference for act in fresh)
        found.append(MayBeSame(reference=case, person=person, acts=len(records), records=records))
    yield from sorted(found, key=lambda each: (-each.acts, each.reference))
