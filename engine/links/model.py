"""Entities, links and what queries read of them. Knows nothing of how they are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from engine.domain.dates import PartialDate
from engine.links.kinds import Role, Shape


class Entity(NamedTuple):
    """A person, an incident, a thing, a place, an order: whatever links join."""

    id: str
    type: str
    shape: Shape
    label: str | None
    attributes: Mapping[str, str]


class Link(NamedTuple):
    """One source's word that two entities belong together, in one way, perhaps on one day."""

    start: int
    end: int
    kind: str
    role: Role
    role_word: str | None
    """The source's own word for the role, where it is not ours."""
    date: PartialDate | None
    grade: str | None
    source: str | None
    times: int
    """Number of equal rows that the file had."""
    attributes: Mapping[str, str]


class Step(NamedTuple):
    """A link as seen from one of its ends."""

    number: int
    """The link's own number."""
    to: int


class LinksRead(Protocol):
    """Source of what queries read.

    An imported register answers it, and the record, already cut to one viewer.

    Entities and links are known by small numbers here; only ``find`` and ``entity`` know the ids. Nothing
    protected is in it at all.
    """

    def find(self, entity_id: str) -> int | None:
        """Return the number of an entity, None if the id is unknown."""
        ...

    def entity(self, number: int) -> Entity:
        """Return the entity of a number."""
        ...

    def attributes(self, number: int) -> Mapping[str, str]:
        """Return what detectors read of an entity beside its links; a text is read when it is wanted."""
        ...

    def id_of(self, number: int) -> str:
        """Return the id of an entity."""
        ...

    def shape_of(self, number: int) -> Shape:
        """Return the shape of an entity to the detectors."""
        ...

    def link(self, number: int) -> Link:
        """Return the link of a number."""
        ...

    def link_id(self, number: int) -> str:
        """Return the id of a link; asked for apart, since in the record it needs a read of its own."""
        ...

    def steps(self, number: int) -> Sequence[Step]:
        """Return the links of an entity, in the order of the file."""
        ...
