"""Patterns of shared things and places. A shared object is not an association, and nothing here says so."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from engine.links.incident_roles import THINGS, Happenings, Incident, in_order
from engine.links.kinds import Role, Shape
from engine.links.patterns.finding import (
    Finding,
    NotJudged,
    a_finding,
    also_a_victim,
    doubts_about_grade,
    doubts_about_roles,
    named,
    times,
    undated,
    walk,
    when,
)
from engine.links.patterns.thresholds import Thresholds

Findings = Iterator[Finding | NotJudged]


def proxy(acts: Happenings, pair: tuple[int, int], limits: Thresholds) -> Findings:
    """Find that a person named as perpetrator shares an object with another,
    and the two are not in one incident together.

    A person who was only ever named as a victim is never reported as a proxy.
    """
    if acts.have_met(*pair) or any(acts.is_only_a_victim(person) for person in pair):
        return
    harmed = [acts.incidents_of(person, Role.PERPETRATOR) for person in pair]
    if not any(harmed):
        return
    one, other = pair if harmed[0] else (pair[1], pair[0])
    theirs = acts.near(other, *THINGS)
    shared = [thing for thing in acts.near(one, *THINGS) if thing in theirs]
    shared = [thing for thing in shared if len(acts.near(thing, Shape.PERSON)) <= limits.object_users]
    if not shared:
        return
    victims = _victims_of(acts, one)
    same = [
        incident
        for incident in acts.incidents_of(other, Role.PERPETRATOR)
        if not victims.isdisjoint(incident.victims)
    ]
    against = (
        f"; {acts.called(other)} was named as perpetrator against the same victim "
        f"in {times(len(same), 'incident')}"
        if same
        else ""
    )
    yield a_finding(
        acts,
        f"{acts.called(one)}, named as perpetrator in {times(len(harmed[pair.index(one)]), 'incident')}, "
        f"and {acts.called(other)} shared {times(len(shared), 'object')} ({named(acts, shared)}) and are "
        f"in no incident together{against}.",
        path=walk(one, shared[0], other, *same[:1]),
        persons=[one, other],
        incidents=same,
        counter=[
            "A shared object does not show an association: it may have been sold, lent, lost or recorded "
            "wrongly.",
            *(
                []
                if same
                else [
                    f"By the records as they are joined now, {acts.called(other)} was not named against a "
                    f"victim of {acts.called(one)}."
                ]
            ),
            *also_a_victim(acts, other),
            *(doubt for thing in shared for doubt in doubts_about_grade(acts, thing)),
        ],
        compared=None
        if same
        else (
            victims - {other},
            _victims_of(acts, other) - {one},
            f"Then {acts.called(one)} and {acts.called(other)} were both named against that person.",
        ),
    )


def shared_object(acts: Happenings, thing: int, limits: Thresholds) -> Findings:
    """Find that several people used one object."""
    users = list(acts.near(thing, Shape.PERSON))
    if len(users) < limits.shared_users:
        return
    kind = acts.links.entity(thing).type
    if len(users) > limits.object_users:
        yield NotJudged(
            says=f"{acts.called(thing)} ({kind}) has {len(users):,} users, more than {limits.object_users}: "
            "too many users to be evidence of an association, so it was not counted as a shared item."
        )
        return
    apart = [
        (one, other)
        for place, one in enumerate(users)
        for other in users[place + 1 :]
        if not acts.have_met(one, other)
    ]
    yield a_finding(
        acts,
        f"{times(len(users), 'person')} ({named(acts, users)}) used {acts.called(thing)} ({kind}).",
        path=walk(users[0], thing, users[1]),
        persons=users,
        incidents=(),
        counter=[
            "A shared object does not show an association: it may have been sold, lent, lost or recorded "
            "wrongly.",
            *([f"{times(len(apart), 'pair')} of them are in no incident together."] if apart else []),
            *doubts_about_grade(acts, thing),
        ],
    )


def many_handles(acts: Happenings, person: int, limits: Thresholds) -> Findings:
    """Find that one person used many telephones or accounts.

    A victim who had to change theirs is not reported.
    """
    handles = list(acts.near(person, Shape.CONTACT))
    if len(handles) < limits.many_handles or acts.is_only_a_victim(person):
        return
    shared = [handle for handle in handles if len(acts.near(handle, Shape.PERSON)) > 1]
    roles = acts.roles_of(person)
    yield a_finding(
        acts,
        f"{acts.called(person)} used {len(handles)} means of contact ({named(acts, handles)}).",
        path=walk(handles[0], person, handles[1]),
        persons=[person],
        incidents=(),
        counter=[
            "Several numbers or accounts are common; whether one followed another is not recorded.",
            *([f"{len(shared)} of them have other users too."] if shared else []),
            *([] if roles else [f"{acts.called(person)} is in no incident."]),
            *also_a_victim(acts, person),
            *doubts_about_grade(acts, person),
        ],
    )


def repeat_location(acts: Happenings, place_and_person: tuple[int, int], limits: Thresholds) -> Findings:
    """Find that one person is in several incidents at a place, as perpetrator,
    or as victim of different people.
    """
    place, person = place_and_person
    here = acts.near(place, Shape.INCIDENT)
    did = _here(acts.incidents_of(person, Role.PERPETRATOR), here)
    if len(did) >= limits.location_incidents:
        yield _at_place(acts, place, person, did, "perpetrator")
    suffered = _here(acts.incidents_of(person, Role.VICTIM), here)
    if len(suffered) >= limits.location_incidents and not _by_one(
        suffered, limits.location_incidents, person
    ):
        yield _at_place(acts, place, person, suffered, "victim")


def _at_place(acts: Happenings, place: int, person: int, incidents: Sequence[Incident], role: str) -> Finding:
    victims = role == "perpetrator"
    others = dict.fromkeys(
        other
        for incident in incidents
        for other in (incident.victims if victims else incident.perpetrators)
        if other != person
    )
    by_different = "" if victims else ", by different people or with no person named"
    return a_finding(
        acts,
        f"{acts.called(person)} was named as {role} in {times(len(incidents), 'incident')} at "
        f"{acts.called(place)}{when(incidents)}{by_different}.",
        path=walk(person, incidents[0], place, incidents[1]),
        persons=[person, *others],
        incidents=incidents,
        counter=[
            *doubts_about_roles(acts, [person], incidents),
            "A place may be named often because people report there, or live or work there.",
            *doubts_about_grade(acts, place),
            *undated(incidents),
        ],
    )


def _here(incidents: Sequence[Incident], here: Container[int]) -> list[Incident]:
    return [incident for incident in in_order(incidents) if incident.key in here]


def _by_one(incidents: Sequence[Incident], at_least: int, victim: int) -> bool:
    """Return whether one perpetrator is in so many of them: the finding is then about that person."""
    counted: dict[int, int] = {}
    for incident in incidents:
        for person in incident.perpetrators:
            if person != victim:
                counted[person] = counted.get(person, 0) + 1
    return max(counted.values(), default=0) >= at_least


def _victims_of(acts: Happenings, person: int) -> set[int]:
    return {victim for incident in acts.incidents_of(person, Role.PERPETRATOR) for victim in incident.victims}
