"""Names and values of linked entities as one viewer may read them. A part of use cases.

Several records of one person are one entity here, where this viewer may see the records and what joins them.
An entity is known by the least node of those.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from engine.domain.dates import PartialDate
from engine.links.kinds import Shape
from engine.links.record_kinds import kind_of, shape_of_node
from engine.orders.rules import order_type
from engine.store.repositories.links.graph import LinkGraph, StoredNode
from engine.store.repositories.links.permissions import Cut

_NAMELESS = frozenset({"incident", "referral", "order"})
"""Kinds whose label has no name and no value."""


class RecordNames:
    """Entities of the record as one viewer may know them: who is one with whom, names, values, cases."""

    def __init__(self, link_graph: LinkGraph, cut: Cut) -> None:
        self._links = link_graph
        self.permitted = cut
        """The part of the record that exists for this viewer."""
        self._numbers: dict[str, int] = {}
        self._of: dict[int, int] = {}
        self._members: dict[int, tuple[int, ...]] = {}
        self._nodes: dict[int, StoredNode] = {}
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

    def members(self, number: int) -> tuple[int, ...]:
        """Return the nodes that are this entity, in order."""
        if number not in self._of:
            self._gather([number])
        return self._members[self._of[number]]

    def members_of(self, numbers: Collection[int]) -> dict[int, tuple[int, ...]]:
        """Return by each node of these entities or people's records all nodes that are one with it."""
        self._gather(numbers)
        return {number: self._members[self._of[number]] for number in numbers}

    def births(self, numbers: Collection[int]) -> dict[int, tuple[PartialDate, ...]]:
        """Return the dates of birth of these people, of each record that has one; read at once for all."""
        members = self.members_of(numbers)
        self._describe(node for those in members.values() for node in those)
        return {
            number: tuple(born for node in those if (born := self._nodes[node].born) is not None)
            for number, those in members.items()
        }

    def channels(self, numbers: Collection[int]) -> dict[int, str]:
        """Return the channels of these incidents, of each report of one; empty if it has none."""
        members = self.members_of(numbers)
        self._describe(node for those in members.values() for node in those)
        found = {
            number: {self._nodes[node].channel or "" for node in those} for number, those in members.items()
        }
        return {number: "; ".join(sorted(channels - {""})) for number, channels in found.items()}

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
