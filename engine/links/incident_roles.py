"""Incidents and each person's part in them, read out of links. Knows the shapes of entities.

Finds no pattern.

An incident is an entity that people are linked to with a role, or a link between two people that has one: its
first end is in that role towards the other. Links graded E (suspected to be false) are not evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from engine.domain.dates import PartialDate, read_date
from engine.links.kinds import Role, Shape, folded, is_professional_type, is_suspected_false, is_yes, words
from engine.links.model import Link, LinksRead

THINGS = (Shape.CONTACT, Shape.OBJECT)
CLAIMS = Role.PERPETRATOR | Role.VICTIM


class Incident(NamedTuple):
    """One incident with the people in it. A key below nought is that of a link between two people."""

    key: int
    id: str
    perpetrators: tuple[int, ...]
    victims: tuple[int, ...]
    date: PartialDate | None


class Happenings:
    """Reads incidents, things and orders of people out of links, each once."""

    def __init__(self, links: LinksRead) -> None:
        self.links = links
        self._incidents: dict[int, Incident] = {}
        self._roles: dict[int, dict[int, Role]] = {}
        self._links: dict[int, list[tuple[Link, int, int]]] = {}
        self._read: dict[int, Link] = {}
        self._false: dict[int, int] = {}
        self._in_role: dict[tuple[int, int], tuple[Incident, ...]] = {}
        self._ids: dict[int, str] = {}
        self._near: dict[tuple[int, tuple[Shape, ...]], dict[int, list[Link]]] = {}

    def id_of(self, number: int) -> str:
        """Return the id of an entity."""
        if number not in self._ids:
            self._ids[number] = self.links.id_of(number)
        return self._ids[number]

    def numbers(self) -> dict[str, int]:
        """Return the entities that were named so far, by id."""
        return {text: number for number, text in self._ids.items()}

    def called(self, number: int) -> str:
        """Return the id of an entity as a sentence names it; a bare number is said with its type."""
        text = self.id_of(number)
        return text if any(sign.isalpha() for sign in text) else f"{self.links.entity(number).type} {text}"

    def counted(self, number: int) -> list[tuple[Link, int, int]]:
        """Return the links of an entity that may be evidence: the link, its number, where it leads."""
        if number not in self._links:
            every = [(self._link(step.number), step.number, step.to) for step in self.links.steps(number)]
            self._links[number] = [each for each in every if not is_suspected_false(each[0].grade or "")]
            self._false[number] = len(every) - len(self._links[number])
        return self._links[number]

    def _link(self, number: int) -> Link:
        """Return the link of a number: it is met from both its ends."""
        if number not in self._read:
            self._read[number] = self.links.link(number)
        return self._read[number]

    def suspected_false(self, number: int) -> int:
        """Return the number of links of an entity that were left out because they are graded E."""
        self.counted(number)
        return self._false[number]

    def roles_of(self, person: int) -> dict[int, Role]:
        """Return each incident of a person by its key, with every role that was claimed there."""
        if person not in self._roles:
            found: dict[int, Role] = {}
            for link, number, to in self.counted(person):
                shape = self.links.shape_of(to)
                if shape is Shape.INCIDENT:
                    found[to] = found.get(to, Role.NOT_RECORDED) | link.role
                elif shape is Shape.PERSON and link.role & CLAIMS:
                    found[-number - 1] = link.role if link.start == person else turned(link.role)
            self._roles[person] = found
        return self._roles[person]

    def incident(self, key: int) -> Incident:
        """Return the incident of a key."""
        if key not in self._incidents:
            self._incidents[key] = self._between_two(key) if key < 0 else self._of_entity(key)
        return self._incidents[key]

    def incidents_of(self, person: int, role: Role) -> tuple[Incident, ...]:
        """Return the incidents where a person was claimed to be this, the dated ones first and by date."""
        if (person, int(role)) not in self._in_role:
            those = (self.incident(key) for key, result in self.roles_of(person).items() if result & role)
            self._in_role[person, int(role)] = in_order(those)
        return self._in_role[person, int(role)]

    def between(self, perpetrator: int, victim: int) -> tuple[Incident, ...]:
        """Return the incidents of one person as perpetrator against another as victim, by date."""
        theirs = self.incidents_of(perpetrator, Role.PERPETRATOR)
        return tuple(incident for incident in theirs if victim in incident.victims)

    def have_met(self, one: int, other: int) -> bool:
        """Return whether two people are in one incident, in any role."""
        return not self.roles_of(one).keys().isdisjoint(self.roles_of(other))

    def is_only_a_victim(self, person: int) -> bool:
        """Return whether every role that was ever claimed of a person is that of a victim."""
        every = Role.NOT_RECORDED
        for role in self.roles_of(person).values():
            every |= role
        return every == Role.VICTIM

    def near(self, number: int, *shapes: Shape) -> dict[int, list[Link]]:
        """Return the linked entities of these shapes, and by which links."""
        if (number, shapes) not in self._near:
            found: dict[int, list[Link]] = {}
            for link, _, to in self.counted(number):
                if self.links.shape_of(to) in shapes:
                    found.setdefault(to, []).append(link)
            self._near[number, shapes] = found
        return self._near[number, shapes]

    def ways_of(self, incident: Incident) -> frozenset[str]:
        """Return the ways by which contact was made: as the incident says,
        and the linked things and places.
        """
        if incident.key < 0:
            link = self.links.link(-incident.key - 1)
            text = _text_of(link.attributes, "channel") or (link.kind if link.kind else None)
            return frozenset({text.casefold()} if text else ())
        ways = {self.links.entity(to).type.casefold() for to in self.near(incident.key, *THINGS)}
        text = _text_of(self.links.attributes(incident.key), "channel") or ""
        return frozenset(ways | {way.strip().casefold() for way in text.split(_SEVERAL) if way.strip()})

    def is_criminal(self, incident: Incident) -> bool | None:
        """Return whether the incident is recorded as of a criminal type; None if that is not recorded."""
        record = (
            self.links.link(-incident.key - 1).attributes
            if incident.key < 0
            else self.links.attributes(incident.key)
        )
        text = _text_of(record, "criminal")
        return None if text is None else is_yes(text)

    def date_of(self, number: int) -> PartialDate | None:
        """Return the date of an entity: its own, or else the earliest of its links."""
        text = _text_of(self.links.attributes(number), "date")
        if text:
            try:
                return read_date(text)
            except ValueError:
                return None  # it has a date that cannot be read; those of its links may be of something else
        return earliest(link.date for link, _, _ in self.counted(number))

    @cached_property
    def professional_kinds(self) -> frozenset[str]:
        """Kinds of links that lead from a professional to the person they serve."""
        return frozenset(words().professional["kinds"])

    def clients_of(self, person: int) -> set[int]:
        """Return the people whom a person serves as a professional."""
        return {
            to
            for link, _, to in self.counted(person)
            if link.start == person and folded(link.kind) in self.professional_kinds
        }

    def is_professional(self, person: int) -> bool:
        """Return whether a person is recorded as a professional, by type or by mark, or serves another."""
        entity = self.links.entity(person)
        if is_professional_type(entity.type):
            return True
        fields = self.links.attributes(person)
        marked = (text for name, text in fields.items() if folded(name) in words().professional["attributes"])
        return any(folded(text) not in _NOT_ONE for text in marked) or bool(self.clients_of(person))

    def _of_entity(self, key: int) -> Incident:
        roles: dict[int, Role] = {}
        for link, _, to in self.counted(key):
            if self.links.shape_of(to) is Shape.PERSON:
                roles[to] = roles.get(to, Role.NOT_RECORDED) | link.role
        return Incident(
            key=key,
            id=self.links.id_of(key),
            perpetrators=tuple(person for person, role in roles.items() if role & Role.PERPETRATOR),
            victims=tuple(person for person, role in roles.items() if role & Role.VICTIM),
            date=self.date_of(key),
        )

    def _between_two(self, key: int) -> Incident:
        link = self.links.link(-key - 1)
        ends = ((link.start, link.role), (link.end, turned(link.role)))
        return Incident(
            key=key,
            id=self.links.link_id(-key - 1),
            perpetrators=tuple(person for person, role in ends if role & Role.PERPETRATOR),
            victims=tuple(person for person, role in ends if role & Role.VICTIM),
            date=link.date,
        )


_SEVERAL = ";"
"""Between several channels of one incident."""
_NOT_ONE = {"", "no", "n", "false", "0", "f", "none"}


def turned(role: Role) -> Role:
    """Return the role of the other end of a link between two people, if one end is this."""
    other = Role.NOT_RECORDED
    if role & Role.PERPETRATOR:
        other |= Role.VICTIM
    if role & Role.VICTIM:
        other |= Role.PERPETRATOR
    return other


def in_order(incidents: Iterable[Incident]) -> tuple[Incident, ...]:
    """Return the incidents by date, those without one at the end."""
    return tuple(
        sorted(incidents, key=lambda each: (each.date is None, str(each.date or ""), each.id, each.key))
    )


def earliest(dates: Iterable[PartialDate | None]) -> PartialDate | None:
    """Return the first of the dates that were recorded."""
    return min(
        (each for each in dates if each is not None), key=lambda d: (d.earliest, d.latest), default=None
    )


def _text_of(attributes: Mapping[str, str], about: str) -> str | None:
    for name in attributes:
        if folded(name) in words().incidents[about] and attributes[name]:
            return str(attributes[name])
    return None
