"""The planted patterns as referrals of a record, each incident on its day, with the key. Detects nothing.

In the record all people are there by a referral: one who only shares a thing is given an incident of their
own. What the record does not hold (orders, places of incidents, professionals) is not planted in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import NamedTuple

from engine.domain.cases.incidents import Channel, IncidentKind, IncidentReported
from engine.domain.dates import PartialDate
from engine.domain.people.persons import PersonDescribed, Thing, ThingKind
from engine.domain.referrals.intake import Referral
from engine.synthetic.linked import Planting
from engine.synthetic.plants import PLANTS

SOURCE = "planted"
IN_RECORD = tuple(
    pattern
    for pattern in PLANTS
    if pattern not in ("repeat-victim", "order-then-switch", "repeat-location", "professional-targeted")
)
"""Patterns that are planted on their own.

A repeat victim comes with others: the record names a perpetrator.
"""
_HELD = frozenset({*IN_RECORD, "repeat-victim"})
_VALUES = {
    "phone": "0770{number:07}",
    "account": "@planted_{number}",
    "email": "planted.{number}@example.org",
    "vehicle": "ZZ{number}",
}


class Planted(NamedTuple):
    """A referral, the day on which it comes, and who its two people are by the key."""

    day: date
    referral: Referral
    perpetrator: str
    victim: str


class PlantedRecord(NamedTuple):
    """Referrals by day, and for each pattern whom it was planted about: of a shared thing its users."""

    referrals: tuple[Planted, ...]
    key: Mapping[str, frozenset[tuple[str, ...]]]


def planted_record(seed: int, *, plants: int, pairs: int) -> PlantedRecord:
    """Return so many plants and near misses of each pattern among so many ordinary pairs."""
    city = Planting(seed)
    for _ in range(plants):
        for pattern in IN_RECORD:
            for plant in PLANTS[pattern]:
                plant(city)
    for _ in range(pairs):
        perpetrator, victim = city.people(2)
        city.incident(city.day(), by=[perpetrator], of=[victim])
        city.thing("phone", [perpetrator])
    users = _users(city)
    _give_all_a_referral(city, users)
    _see_proxies(city, users)
    referrals = sorted(_referrals(city, users), key=lambda each: (each.day, each.referral.source_reference))
    key = {pattern: frozenset(about) for pattern, about in city.key.items() if pattern in _HELD}
    key["shared-object"] = frozenset(tuple(sorted(users[thing])) for (thing,) in key["shared-object"])
    return PlantedRecord(tuple(referrals), key)


def _users(city: Planting) -> dict[str, list[str]]:
    """Return the users of each thing that is not protected."""
    kinds = {entity: kind for entity, kind, *_, protected in city.entities if not protected}
    used: dict[str, list[str]] = {}
    for start, end, kind, *_ in city.links:
        if kind == "uses" and kinds.get(end) in _VALUES:
            used.setdefault(end, []).append(start)
    return used


def _in_role(city: Planting, role: str) -> dict[str, list[str]]:
    """Return the people in each incident in this role."""
    found: dict[str, list[str]] = {}
    for start, end, _, named, *_ in city.links:
        if named == role:
            found.setdefault(end, []).append(start)
    return found


def _give_all_a_referral(city: Planting, users: Mapping[str, Iterable[str]]) -> None:
    roles = [_in_role(city, role) for role in ("perpetrator", "victim")]
    there = {person for role in roles for those in role.values() for person in those}
    for person in dict.fromkeys(user for those in users.values() for user in those):
        if person not in there:
            city.incident(city.day(), by=[person], of=[city.person()])


def _see_proxies(city: Planting, users: Mapping[str, Iterable[str]]) -> None:
    """Name each of two who share a thing, and are in no incident together, as perpetrator here."""
    did = _in_role(city, "perpetrator")
    together = {pair for those in did.values() for pair in combinations(sorted(those), 2)}
    for those in users.values():
        for pair in combinations(sorted(those), 2):
            if pair not in together:
                city.shows("proxy", *pair)


def _referrals(city: Planting, users: Mapping[str, Iterable[str]]) -> Iterator[Planted]:
    names = {entity: label for entity, kind, label, *_ in city.entities if kind == "person"}
    kinds = {entity: kind for entity, kind, *_ in city.entities}
    things: dict[str, list[Thing]] = {}
    for number, (thing, those) in enumerate(users.items(), start=1):
        value = _VALUES[kinds[thing]].format(number=number)
        for user in those:
            things.setdefault(user, []).append(Thing(kind=ThingKind(kinds[thing]), value=value))
    victims, days = _in_role(city, "victim"), {end: day for _, end, _, role, day, _ in city.links if role}
    for incident, perpetrators in _in_role(city, "perpetrator").items():
        pairs = [(one, other) for one in perpetrators for other in victims[incident]]
        happened = IncidentReported(
            happened=PartialDate(days[incident]),
            kind=IncidentKind.CONTACTING,
            channel=Channel.PHONE,
            crime_reference=f"PLANTED/{incident}" if len(pairs) > 1 else None,
        )
        for number, (one, other) in enumerate(pairs):
            referral = Referral(
                source=SOURCE,
                source_reference=f"{incident}-{number}",
                reason="Planted.",
                perpetrator=_described(names[one]),
                perpetrator_things=tuple(things.get(one, ())),
                victim=_described(names[other]),
                incidents=(happened,),
            )
            yield Planted(date.fromisoformat(days[incident]), referral, one, other)


def _described(name: str) -> PersonDescribed:
    forename, surname = name.split(" ", 1)
    return PersonDescribed(forename=forename, surname=surname)
