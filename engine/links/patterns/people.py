"""Patterns of who did what to whom, as roles claim it. Needs no date; says with dates what they add."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from engine.links.incident_roles import Happenings, Incident, in_order
from engine.links.kinds import Role
from engine.links.patterns.finding import (
    Finding,
    NotJudged,
    a_finding,
    also_a_victim,
    doubts_about_roles,
    named,
    star,
    times,
    undated,
    walk,
    when,
)
from engine.links.patterns.thresholds import Thresholds

Findings = Iterator[Finding | NotJudged]
_PERPETRATOR, _VICTIM = Role.PERPETRATOR, Role.VICTIM


def serial_perpetrator(acts: Happenings, person: int, limits: Thresholds) -> Findings:
    """Find that one person was named as perpetrator against several different victims."""
    by_victim = _by_other(acts.incidents_of(person, _PERPETRATOR), person, "victims")
    if len(by_victim) < limits.serial_victims:
        return
    incidents = in_order({each.key: each for group in by_victim.values() for each in group}.values())
    sentence = (
        f"{acts.called(person)} was named as perpetrator against {times(len(by_victim), 'person')} "
        f"({named(acts, list(by_victim))}) in {times(len(incidents), 'incident')}{when(incidents)}"
    )
    overlapping = _overlapping(acts, by_victim)
    yield a_finding(
        acts,
        f"{sentence}.{overlapping}",
        path=star(person, ((group[0], victim) for victim, group in by_victim.items())),
        persons=[person, *by_victim],
        incidents=incidents,
        counter=[
            *doubts_about_roles(acts, [person], incidents),
            *also_a_victim(acts, person),
            "Two of the victims may be one person whom sources described differently.",
            *undated(incidents),
        ],
    )


def repeat_victim(acts: Happenings, person: int, limits: Thresholds) -> Findings:
    """Find that one person was named as victim in several incidents."""
    incidents = acts.incidents_of(person, _VICTIM)
    if len(incidents) < limits.repeat_victim_incidents:
        return
    by_perpetrator = _by_other(incidents, person, "perpetrators")
    by_whom = (
        f", by {named(acts, list(by_perpetrator))}" if by_perpetrator else ", no person named as perpetrator"
    )
    yield a_finding(
        acts,
        f"{acts.called(person)} was named as victim in {times(len(incidents), 'incident')}"
        f"{when(incidents)}{by_whom}.",
        path=_incidents_of_one(person, incidents, by_perpetrator),
        persons=[person, *by_perpetrator],
        incidents=incidents,
        counter=[*doubts_about_roles(acts, [person], incidents), *undated(incidents)],
    )


def several_perpetrators(acts: Happenings, person: int, limits: Thresholds) -> Findings:
    """Find that several different people were named as perpetrators against one victim."""
    by_perpetrator = _by_other(acts.incidents_of(person, _VICTIM), person, "perpetrators")
    if len(by_perpetrator) < limits.several_perpetrators:
        return
    incidents = in_order({each.key: each for group in by_perpetrator.values() for each in group}.values())
    apart = (
        "all in one incident"
        if len(incidents) == 1
        else f"in {times(len(incidents), 'incident')}{when(incidents)}"
    )
    yield a_finding(
        acts,
        f"{times(len(by_perpetrator), 'person')} ({named(acts, list(by_perpetrator))}) were named as "
        f"perpetrators against {acts.called(person)}, {apart}.",
        path=star(person, ((group[0], other) for other, group in by_perpetrator.items())),
        persons=[person, *by_perpetrator],
        incidents=incidents,
        counter=[
            *doubts_about_roles(acts, [person], incidents),
            "Two of them may be one person, described differently or not known by name.",
            "Several people were named, which does not show that they acted together.",
        ],
    )


def role_overlap(acts: Happenings, person: int, limits: Thresholds) -> Findings:
    """Find that one person was named as perpetrator somewhere and as victim somewhere."""
    did, suffered = acts.incidents_of(person, _PERPETRATOR), acts.incidents_of(person, _VICTIM)
    if not did or not suffered:
        return
    both = [each for each in did if each in suffered]
    same = f", in {len(both)} of them both at once" if both else ""
    incidents = in_order({each.key: each for each in (*did, *suffered)}.values())
    yield a_finding(
        acts,
        f"{acts.called(person)} was named as perpetrator in {times(len(did), 'incident')} and as victim in "
        f"{times(len(suffered), 'incident')}{same}{when(incidents)}.",
        path=_over_both(person, did[0], next((each for each in suffered if each != did[0]), None)),
        persons=[person],
        incidents=incidents,
        counter=[
            *doubts_about_roles(acts, [person], incidents),
            "A victim may defend themselves. Having both roles does not show which is primary.",
        ],
    )


def counter_allegation(acts: Happenings, pair: tuple[int, int], limits: Thresholds) -> Findings:
    """Find that each of two people was named as perpetrator against the other."""
    one, other = sorted(pair)
    there, back = acts.between(one, other), acts.between(other, one)
    if not there or not back:
        return
    incidents = in_order({each.key: each for each in (*there, *back)}.values())
    first = _first_named(acts, one, other, there, back)
    yield a_finding(
        acts,
        f"{acts.called(one)} and {acts.called(other)} were each named as perpetrator against the other: "
        f"{times(len(there), 'incident')} one way and {len(back)} the other{when(incidents)}. "
        "A counter-allegation makes neither of them a perpetrator.",
        path=walk(one, there[0], other, back[0], one),
        persons=[one, other],
        incidents=incidents,
        counter=[*doubts_about_roles(acts, [one, other], incidents), *first, *undated(incidents)],
    )


def professional_targeted(acts: Happenings, person: int, limits: Thresholds) -> Findings:
    """Find that a person recorded as a professional was named as victim."""
    if not acts.is_professional(person):
        return
    by_perpetrator = _by_other(acts.incidents_of(person, _VICTIM), person, "perpetrators")
    clients = acts.clients_of(person)
    for perpetrator, incidents in by_perpetrator.items():
        served = [
            client
            for client in sorted(clients)
            if client == perpetrator or (client != person and acts.between(perpetrator, client))
        ]
        why = f" and serves {named(acts, served)}, whom the same matter concerns" if served else ""
        yield a_finding(
            acts,
            f"{acts.called(person)} is recorded as a professional{why}, and was named as victim of "
            f"{acts.called(perpetrator)} in {times(len(incidents), 'incident')}{when(incidents)}.",
            path=walk(*served[:1], person, incidents[0], perpetrator),
            persons=[person, perpetrator, *served],
            incidents=incidents,
            counter=[
                *doubts_about_roles(acts, [person, perpetrator], incidents),
                *([] if served else ["Nothing recorded ties the incident to this person's work."]),
            ],
        )


def _by_other(incidents: tuple[Incident, ...], person: int, side: str) -> dict[int, list[Incident]]:
    """Return the incidents by each person on the other side."""
    found: dict[int, list[Incident]] = {}
    for incident in incidents:
        for other in incident.victims if side == "victims" else incident.perpetrators:
            if other != person:
                found.setdefault(other, []).append(incident)
    return found


def _incidents_of_one(
    person: int, incidents: tuple[Incident, ...], by_other: dict[int, list[Incident]]
) -> list[int]:
    others = {group[0].key: other for other, group in by_other.items()}
    if any(incident.key < 0 for incident in incidents):
        return star(person, ((group[0], other) for other, group in by_other.items()))
    first, second = incidents[:2]
    ends = [[others[each.key]] if each.key in others else [] for each in (first, second)]
    return walk(*ends[0], first, person, second, *ends[1])


def _over_both(person: int, did: Incident, suffered: Incident | None) -> list[int]:
    """Return a path over what they did to what they suffered.

    The path goes over the other people where incidents are links.
    """
    harmed = [other for other in did.victims if other != person and did.key < 0]
    if suffered is None:
        return walk(*harmed[:1], did, person)
    by_whom = [other for other in suffered.perpetrators if other != person and suffered.key < 0]
    return walk(*harmed[:1], did, person, suffered, *by_whom[:1])


def _overlapping(acts: Happenings, by_victim: dict[int, list[Incident]]) -> str:
    """Return whether the times of two victims overlap, where dates allow to say."""
    spans = {}
    for victim, incidents in by_victim.items():
        dates = [incident.date for incident in incidents if incident.date is not None]
        if dates:
            # what is certain: from the latest that the first may be to the earliest that the last may be
            spans[victim] = (min(d.latest for d in dates), max(d.earliest for d in dates))
    if len(spans) < 2:
        return " Without dates, an overlap in time could not be judged."
    for one, other in combinations(spans, 2):
        if max(spans[one][0], spans[other][0]) <= min(spans[one][1], spans[other][1]):
            return f" Those against {acts.called(one)} and {acts.called(other)} overlapped in time."
    return " By the dates that are recorded, no two of them overlapped in time."


def _first_named(
    acts: Happenings, one: int, other: int, there: tuple[Incident, ...], back: tuple[Incident, ...]
) -> list[str]:
    """Return who was named first, where dates allow: it does not show who is right."""
    if there[0].date is None or back[0].date is None or there[0].date == back[0].date:
        return []
    first = one if there[0].date.earliest < back[0].date.earliest else other
    return [
        f"{acts.called(first)} was named first; the order of reports does not show which role is primary."
    ]
