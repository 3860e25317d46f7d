"""The record's links as one viewer may see them, read as queries ask for them. A part of use cases.

Several records of one person are one entity here, where this viewer may see the records and what joins them.
An entity is known by the least node of those.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from engine.domain.dates import PartialDate
from engine.links.kinds import ROLES, Shape
from engine.links.model import Entity, Link, Step
from engine.links.neighbourhood import MOST_USERS_READ, SHARED
from engine.links.record_kinds import kind_of, link_kind, shape_of_node
from engine.links.register import date_of
from engine.orders.rules import order_type
from engine.store.repositories.links.graph import HalfLink, LinkGraph, StoredLink, StoredNode
from engine.store.repositories.links.permissions import EVERY_LINK, Cut, Filter

_STARTS = frozenset({Shape.PERSON})
_NAMELESS = frozenset({"incident", "referral", "order"})
"""Kinds whose label has no name and no value."""


class RecordLinks:
    """The record's answers to ``LinksRead``, cut to one viewer."""

    def __init__(self, link_graph: LinkGraph, cut: Cut, only: Filter = EVERY_LINK) -> None:
        self._links = link_graph
        self.permitted = cut
        """The part of the record that exists for this viewer."""
        self._only = only
        self._numbers: dict[str, int] = {}
        self._of: dict[int, int] = {}
        self._members: dict[int, tuple[int, ...]] = {}
        self._steps: dict[int, list[HalfLink]] = {}
        self._read: set[int] = set()
        self._nodes: dict[int, StoredNode] = {}
        self._whole: dict[int, StoredLink] = {}
        self._cases: dict[int, str] = {}

    def find(self, entity_id: str) -> int | None:
        """Return the entity of a public reference."""
        if entity_id in self._numbers:
            return self._numbers[entity_id]
        node = self._links.find(entity_id, self.permitted)
        if node is None:
            return None
        self._gather([node])
        return self._of[node]

    def shape_of(self, number: int) -> Shape:
        """Return what an entity is to the detectors."""
        return shape_of_node(number)

    def ahead(self, numbers: Collection[int]) -> None:
        """Read the links of these entities, and who else they are."""
        wanted = [number for number in numbers if number not in self._steps]
        if not wanted:
            return
        members = {node: number for number in wanted for node in self.members(number)}
        starts = [node for node in members if shape_of_node(node) in _STARTS]
        ends = [node for node in members if shape_of_node(node) not in _STARTS]
        found = self._links.onward(starts, self.permitted, self._only)
        found += self._links.back(ends, self.permitted, self._only, most=MOST_USERS_READ + 1)
        for number in wanted:
            self._steps[number] = []
        for half in found:
            self._steps[members[half.at]].append(half)
        for number in wanted:
            self._steps[number].sort(key=lambda half: half.link)
        self._gather(half.to for half in found)

    def members(self, number: int) -> tuple[int, ...]:
        """Return the nodes that are this entity, in order."""
        if number not in self._of:
            self._gather([number])
        return self._members[self._of[number]]

    def members_of(self, numbers: Collection[int]) -> dict[int, tuple[int, ...]]:
        """Return by each node of these entities or people's records all nodes that are one with it."""
        self._gather(numbers)
        return {number: self._members[self._of[number]] for number in numbers}

    def steps(self, number: int) -> Sequence[Step]:
        """Return the links of an entity, oldest first."""
        self.ahead([number])
        return [Step(half.link, self._of[half.to]) for half in self._steps[number]]

    def degree(self, number: int) -> int:
        """Count the people who use a thing that many may share; of all else, its links."""
        self.ahead([number])
        if self.shape_of(number) not in SHARED:
            return len(self._steps[number])
        if self.has_more_than_were_read(number):
            return len(self._steps[number])
        return len({self._of[half.to] for half in self._steps[number]})

    def has_more_than_were_read(self, number: int) -> bool:
        """Return whether counting stopped before the last user."""
        return len(self._steps.get(number, ())) > MOST_USERS_READ

    def among(self, numbers: Collection[int]) -> list[int]:
        """Return the links between these entities; read those of the rim, and none beyond."""
        nodes = {node: number for number in numbers for node in self.members(number)}
        rim = [node for node, number in nodes.items() if number not in self._steps and node not in self._read]
        found = {half.link for number in numbers for half in self._steps.get(number, ()) if half.to in nodes}
        onward = self._links.onward(
            [node for node in rim if shape_of_node(node) in _STARTS], self.permitted, self._only
        )
        found |= {half.link for half in onward if half.to in nodes}
        self._keep(self._links.whole([link for link in found if link not in self._whole]))
        self._describe(
            {node for link in self._whole.values() for node in (link.start, link.end)} | set(nodes)
        )
        return sorted(found)

    def read(self, numbers: Iterable[int]) -> None:
        """Read these links at once; ``link`` then returns each."""
        self._keep(self._links.whole([number for number in numbers if number not in self._whole]))

    def births(self, number: int) -> tuple[PartialDate, ...]:
        """Return the dates of birth of a person, of each record that has one."""
        self._describe(self.members(number))
        born = (self._nodes[node].born for node in self.members(number))
        return tuple(each for each in born if each is not None)

    def take(self, members: Mapping[int, tuple[int, ...]], links: Iterable[StoredLink]) -> None:
        """Add entities and links that were read elsewhere, cut to this same viewer."""
        self._members.update(members)
        self._of.update({node: number for number, nodes in members.items() for node in nodes})
        self._keep(links)
        self._describe({node for nodes in members.values() for node in nodes})

    def _keep(self, links: Iterable[StoredLink]) -> None:
        for link in links:
            self._whole[link.number] = link

    def link(self, number: int) -> Link:
        """Return the link of a number."""
        if number not in self._whole:
            self._keep(self._links.whole([number]))
            self._describe([self._whole[number].start, self._whole[number].end])
        link = self._whole[number]
        self._gather([link.start, link.end])
        kind = link_kind(link.kind)
        return Link(
            start=self._of[link.start],
            end=self._of[link.end],
            kind=kind,
            role=ROLES[link.role],
            role_word=None,
            date=date_of(link.day, link.precision),
            grade=self.source_or_grade(link.grade),
            source=self.source_or_grade(link.source),
            times=1,
            attributes={},
        )

    def entity(self, number: int) -> Entity:
        """Return the entity of a number, its label as this viewer may read it."""
        node = self.node(number)
        kind = kind_of(number)
        return Entity(
            id=self.id_of(number),
            type=kind,
            shape=self.shape_of(number),
            label=self.label(number),
            attributes={
                name: str(text)
                for name, text in (("date", node.date), ("channel", node.channel))
                if text is not None
            },
        )

    def link_id(self, number: int) -> str:
        """Return the id of a link."""
        self.link(number)
        return self.id_of_link(self._whole[number])

    def id_of_link(self, link: StoredLink) -> str:
        """Return a link's id from its ends' own references: a number would count what is hidden."""
        return f"{self._nodes[link.start].ref} {link_kind(link.kind)} {self._nodes[link.end].ref}"

    def source_or_grade(self, number: int) -> str | None:
        """Return a source or a grade."""
        return self._links.source_or_grade(number)

    def id_of(self, number: int) -> str:
        """Return the public reference of an entity: that of its first record that this viewer may see."""
        ref = self.node(number).ref
        self._numbers[ref] = number
        return ref

    def id_at(self, node: int) -> str:
        """Return the public reference of the entity that one of its nodes belongs to."""
        return self._nodes[self._of[node]].ref

    def label(self, number: int) -> str:
        """Return a person's name or a thing's value where they may be read; elsewhere a pseudonym."""
        kind, node = kind_of(number), self.node(number)
        if kind == "incident":
            return f"{node.said}, {_in_words(node.date) if node.date else 'date not recorded'}"
        if kind == "order":
            made = f", made {_in_words(node.date)}" if node.date else ""
            return f"{_order_name(str(node.said))}{made}"
        if kind == "referral":
            return f"referral of {_in_words(node.date)}" if node.date else "referral"
        named = self._named(number)
        if named is None:
            return f"{kind} {node.ref}"
        return named.name if kind == "person" else f"{kind} {named.name}"

    def is_pseudonym(self, number: int) -> bool:
        """Return whether the label replaces a name or a value that is not shown."""
        return kind_of(number) not in _NAMELESS and self._named(number) is None

    def cases_of(self, number: int) -> tuple[str, ...]:
        """Return the referrals that make it known and that may be read."""
        self._describe(self.members(number))
        cases = sorted(
            {
                stored_node.case
                for node in self.members(number)
                if (stored_node := self._nodes[node]).case is not None and self._is_read(stored_node.case)
            }
        )
        missing = [case for case in cases if case not in self._cases]
        if missing:
            self._cases.update(self._links.references(missing))
        return tuple(self._cases[case] for case in cases)

    def _named(self, number: int) -> StoredNode | None:
        """Return a record of it that shows this viewer the name."""
        if kind_of(number) != "person":
            stored_node = self.node(number)
            return None if stored_node.said is None else stored_node
        if self.permitted.named_on is None:
            return self.node(number)
        self._describe(self.members(number))
        for node in self.members(number):
            case = self._nodes[node].case
            if case is not None and self._is_read(case):
                return self._nodes[node]
        return None

    def _is_read(self, case: int) -> bool:
        return self.permitted.named_on is None or case in self.permitted.named_on

    def node(self, number: int) -> StoredNode:
        """Return what the record says of an entity: of the first of its records."""
        if number not in self._nodes:
            self._describe(self.members(number))
        return self._nodes[self.members(number)[0]]

    def _describe(self, nodes: Iterable[int]) -> None:
        missing = {node for node in nodes if node not in self._nodes}
        if missing:
            self._nodes.update({node.node: node for node in self._links.described(missing, self.permitted)})

    def _gather(self, nodes: Iterable[int]) -> None:
        """Find who these nodes are: all records that are one with them and that this viewer may see."""
        fresh = {node for node in nodes if node not in self._of}
        if not fresh:
            return
        near: dict[int, set[int]] = {node: {node} for node in fresh}
        asked = {node for node in fresh if shape_of_node(node) in (Shape.PERSON, Shape.INCIDENT)}
        while asked:
            reached = set[int]()
            for one, other in self._links.same(asked, self.permitted):
                near.setdefault(one, {one}).add(other)
                if other not in near:
                    near[other] = {other}
                    reached.add(other)
                near[other].add(one)
            asked = reached
        for node in sorted(near):
            if node in self._of:
                continue
            group, waiting = set[int](), [node]
            while waiting:
                each = waiting.pop()
                if each not in group:
                    group.add(each)
                    waiting += near[each]
            members = tuple(sorted(group))
            self._members[members[0]] = members
            self._of.update(dict.fromkeys(members, members[0]))


def _order_name(code: str) -> str:
    kind = order_type(code)
    return kind.name if kind else code


@lru_cache(maxsize=20_000)
def _in_words(day: PartialDate) -> str:
    return day.in_words()
