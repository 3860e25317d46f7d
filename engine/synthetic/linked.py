"""A network of invented Londoners with patterns planted in it, and the key of these. Detects nothing.

Around the plants are ordinary pairs with one incident each, who show no pattern, and near misses, which
lack one thing. Homes and their telephones are marked protected. Noise comes last and does not touch the key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import NamedTuple

from engine.domain.invented import InventedPerson
from engine.domain.people.persons import Sex
from engine.synthetic.persons import victim
from engine.synthetic.streams import happens, stream

ENTITIES = ("id", "type", "label", "professional", "channel", "protected")
LINKS = ("from", "to", "kind", "role", "date", "grade")
Row = tuple[str, ...]
_FIRST_DAY = date(2020, 1, 1)
_DAYS = 1_500
_HOSTEL_USERS = 80


class Noise(NamedTuple):
    """Frequency of links written down wrongly, and of those invented by a bad source."""

    no_date: float = 0.0
    month_only: float = 0.0
    no_role: float = 0.0
    wrong_person: float = 0.0
    again: float = 0.0
    false: float = 0.0


CLEAN = Noise()
AS_RECORDED = Noise(no_date=0.02, month_only=0.03, no_role=0.005, wrong_person=0.0025, again=0.05, false=0.03)
"""Our own guess at an orderly register. No published rate was found."""


class LinkedCity(NamedTuple):
    """Two tables with their headers, and for each pattern whom it was planted about."""

    entities: tuple[Row, ...]
    links: tuple[Row, ...]
    key: dict[str, frozenset[tuple[str, ...]]]


class Planting:
    """Puts people, incidents and things into the network, and remembers what they show."""

    def __init__(self, seed: int) -> None:
        self.chance = stream(seed, "links")
        self.entities: list[Row] = []
        self.links: list[Row] = []
        self.key: dict[str, set[tuple[str, ...]]] = {}
        self._numbers = count(1)
        self._people = _endless_people(seed)

    def person(self, *, professional: str = "") -> str:
        """Return a new person, with a home and a telephone there, both protected."""
        who = next(self._people)
        person = self._entity("P", "person", f"{who.forename} {who.surname}", professional=professional)
        home = self._entity("W", "place", who.postcode, protected="yes")
        phone = self._entity("T", "phone", who.phone, protected="yes")
        self._link(person, home, "lives at")
        self._link(person, phone, "uses")
        return person

    def people(self, number: int) -> list[str]:
        """Return so many new people."""
        return [self.person() for _ in range(number)]

    def day(self) -> date:
        """Return any day that leaves room for what comes after it."""
        return _FIRST_DAY + timedelta(days=self.chance.randrange(_DAYS))

    def incident(
        self,
        day: date,
        *,
        by: Iterable[str] = (),
        of: Iterable[str] = (),
        seen_by: Iterable[str] = (),
        channel: str = "phone",
        at: str | None = None,
    ) -> str:
        """Return one incident with those who are in it."""
        incident = self._entity("I", "incident", "", channel=channel)
        for role, people in (("perpetrator", by), ("victim", of), ("witness", seen_by)):
            for person in people:
                self._link(person, incident, "involved", role, day)
        if at is not None:
            self._link(incident, at, "at", "", day)
        return incident

    def thing(self, kind: str, users: Iterable[str], label: str = "") -> str:
        """Return a thing or a place with its users."""
        thing = self._entity("X", kind, label)
        for user in users:
            self._link(user, thing, "uses")
        return thing

    def paper(self, kind: str, day: date, people: Iterable[str], role: str = "") -> str:
        """Return an order or a referral about people, on a day."""
        paper = self._entity("D", kind, "")
        for person in people:
            self._link(person, paper, "subject to", role, day)
        return paper

    def shows(self, pattern: str, *about: str) -> None:
        """Add this pattern to the key."""
        self.key.setdefault(pattern, set()).add(about)

    def _entity(
        self,
        letter: str,
        kind: str,
        label: str,
        *,
        professional: str = "",
        channel: str = "",
        protected: str = "",
    ) -> str:
        entity_id = f"{letter}{next(self._numbers):06}"
        self.entities.append((entity_id, kind, label, professional, channel, protected))
        return entity_id

    def _link(self, start: str, end: str, kind: str, role: str = "", day: date | None = None) -> None:
        self.links.append((start, end, kind, role, day.isoformat() if day else "", ""))

    def city(self, noise: Noise, chance: Random) -> LinkedCity:
        """Return all of it, with the noise of those who wrote it down,
        in no order that would show the plants.
        """
        self.thing("phone", self.people(_HOSTEL_USERS), "telephone of a hostel")
        links = list(_noisy(self.links, noise, chance))
        entities = list(self.entities)
        chance.shuffle(links)
        chance.shuffle(entities)
        key = {pattern: frozenset(about) for pattern, about in self.key.items()}
        return LinkedCity((ENTITIES, *entities), (LINKS, *links), key)


def _noisy(links: list[Row], noise: Noise, chance: Random) -> Iterator[Row]:
    people = sorted({start for start, *_ in links if start.startswith("P")})
    incidents = sorted({end for _, end, *_ in links if end.startswith("I")})
    undated = {incident for incident in incidents if happens(chance, noise.no_date)}
    vague = {incident for incident in incidents if happens(chance, noise.month_only)}
    for start, end, kind, role, day, grade in links:
        if end in undated or start in undated:
            day = ""
        elif end in vague or start in vague:
            day = day[:7]
        if role:
            role = "" if happens(chance, noise.no_role) else role
            start = chance.choice(people) if happens(chance, noise.wrong_person) else start
        yield start, end, kind, role, day, grade
        if happens(chance, noise.again):
            yield start, end, kind, role, day, grade
        if role and happens(chance, noise.false):
            other, about = chance.choice(people), chance.choice(incidents)
            yield other, about, kind, chance.choice(("perpetrator", "victim")), day, "3E"


def _endless_people(seed: int) -> Iterator[InventedPerson]:
    chance = stream(seed, "linked people")
    for number in count():
        sex = Sex.FEMALE if happens(chance, 0.5) else Sex.MALE
        yield victim(seed, person=number, sex=sex, age=chance.randint(18, 70), on=_FIRST_DAY)
