"""The record's links as one viewer may see them, for detectors and drawings. A part of use cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import NamedTuple

import numpy as np

from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.links.arrays import EVERYTHING, LinkRow, Only, View
from engine.links.kinds import ROLES, Role, Shape
from engine.links.model import Entity, Link, Step
from engine.links.record_kinds import kind_of, link_kind, shape_of_node
from engine.links.register import date_of
from engine.services.access.checks import permitted_links
from engine.services.links.names import RecordNames
from engine.services.links.snapshots import LinkSnapshots, SnapshotSeen
from engine.store.repositories.links.graph import LinkGraph
from engine.store.repositories.links.permissions import Cut
from engine.store.unit_of_work import Work


class RecordLinks(RecordNames):
    """The record's answers to ``LinksRead``: links from the arrays, names from the record."""

    def __init__(self, link_graph: LinkGraph, cut: Cut, view: View) -> None:
        super().__init__(link_graph, cut)
        self._view = view
        self._rows: dict[int, LinkRow] = {}

    def take(self, members: Mapping[int, tuple[int, ...]], links: Iterable[LinkRow]) -> None:
        """Add entities and links that were found in the same view; ``link`` then returns each."""
        self._members.update(members)
        self._of.update({node: number for number, nodes in members.items() for node in nodes})
        self._rows.update((row.link, row) for row in links)
        self._describe({node for nodes in members.values() for node in nodes})

    def among(self, numbers: Iterable[int]) -> list[int]:
        """Return the links between these entities, oldest first."""
        rows = self._view.between(self._places(number for number in numbers))
        self._rows.update((row.link, row) for row in rows)
        return [row.link for row in rows]

    def steps(self, number: int) -> list[Step]:
        """Return the links of an entity, oldest first."""
        found = self._view.links_of(self._places([number]))
        self._rows.update((row.link, row) for _, _, row in found)
        ends = self._view.nodes.nodes[[to for _, to, _ in found]].tolist() if found else []
        self._gather(ends)
        return [Step(row.link, self._of[end]) for (_, _, row), end in zip(found, ends, strict=True)]

    def roles_of(self, number: int) -> Role:
        """Return every part that a person is named in, by all links that may be seen."""
        found = self._view.links_of(self._places([number]))
        return reduce(or_, (ROLES[row.role] for _, _, row in found), Role.NOT_RECORDED)

    def shape_of(self, number: int) -> Shape:
        """Return what an entity is to the detectors."""
        return shape_of_node(number)

    def entity(self, number: int) -> Entity:
        """Return the entity of a number, its label as this viewer may read it."""
        node = self.node(number)
        return Entity(
            id=self.id_of(number),
            type=kind_of(number),
            shape=self.shape_of(number),
            label=self.label(number),
            attributes={
                name: str(text)
                for name, text in (("date", node.date), ("channel", node.channel))
                if text is not None
            },
        )

    def attributes(self, number: int) -> Mapping[str, str]:
        """Return the channels of an incident; its date is that of its links."""
        if self.shape_of(number) is not Shape.INCIDENT:
            return {}
        channels = self.channels([number])[number]
        return {"channel": channels} if channels else {}

    def link(self, number: int) -> Link:
        """Return a link that was met: of a step, or between entities that were asked for."""
        row = self._rows[number]
        self._gather([row.start, row.end])
        return Link(
            start=self._of[row.start],
            end=self._of[row.end],
            kind=link_kind(row.kind),
            role=ROLES[row.role],
            role_word=None,
            date=date_of(row.day, row.precision),
            grade=self.source_or_grade(row.grade),
            source=self.source_or_grade(row.source),
            times=1,
            attributes={},
        )

    def link_id(self, number: int) -> str:
        """Return a link's id from its ends' own references: a number would count what is hidden."""
        row = self._rows[number]
        self._describe([row.start, row.end])
        return f"{self._nodes[row.start].ref} {link_kind(row.kind)} {self._nodes[row.end].ref}"

    def _places(self, numbers: Iterable[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Return where the nodes of these entities are in the arrays."""
        nodes = (node for number in numbers for node in self.members(number))
        found = (self._view.nodes.place(node) for node in nodes)
        return np.array([place for place in found if place is not None], dtype=np.int64)


class LinksOfViewer(NamedTuple):
    """The record's links as one viewer may see them, and the arrays that they are read from."""

    links: RecordLinks
    seen: SnapshotSeen


def links_for(
    work: Work, acting: Acting, clock: Clock, snapshots: LinkSnapshots, only: Only = EVERYTHING
) -> LinksOfViewer:
    """Return the links that exist for a person at this moment, of them those that were asked for."""
    cut = work.links.cut(permitted_links(work, acting, on=clock.today()))
    seen = snapshots.for_viewer(work, cut, at=clock.now(), only=only)
    return LinksOfViewer(RecordLinks(work.links, cut, seen.view), seen)
