"""A whole register of entities and links in arrays, the compact form. Knows no file, pattern or viewer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.domain.dates import PartialDate
from engine.links.arrays import SAME_COLUMNS, Laid, Layer, LinkedNodes, Numbers, Rows, Seen, View, rows_of
from engine.links.columns import CodedColumn, Index, TextColumn
from engine.links.kinds import ROLES, SHAPES, Shape, is_suspected_false
from engine.links.model import Entity, Link, Step

Ints = NDArray[np.int32]
_PRECISIONS = {1: 4, 2: 7, 3: 10}  # how much of a day's text its source gave: year, month, day


@dataclass(frozen=True)
class EntityTable:
    """The entities, a row each."""

    ids: TextColumn
    index: Index
    types: CodedColumn
    shapes: NDArray[np.int8]
    labels: TextColumn
    attributes: Mapping[str, TextColumn]


@dataclass(frozen=True)
class LinkTable:
    """The links, a row each."""

    ids: TextColumn
    start: Ints
    end: Ints
    kinds: CodedColumn
    roles: NDArray[np.int8]
    role_words: CodedColumn
    days: Ints
    """The first day that the date may mean, as an ordinal; 0 is not recorded."""
    precisions: NDArray[np.int8]
    grades: CodedColumn
    sources: CodedColumn
    times: Ints
    attributes: Mapping[str, TextColumn]


@dataclass(frozen=True)
class Register:
    """Entities and links with their texts; ``view`` has the same links for paths and neighbourhoods.

    It answers ``LinksRead``. Nothing protected ever comes into it.
    """

    entities: EntityTable
    links: LinkTable
    about: Mapping[str, str] = field(default_factory=dict)
    """Maker's account of it: when, from what, what was left out."""

    def __len__(self) -> int:
        return len(self.entities.ids)

    @property
    def link_count(self) -> int:
        """Number of links."""
        return len(self.links.start)

    @cached_property
    def view(self) -> View:
        """All of it as paths and neighbourhoods read links; it was cut to its viewer before."""
        links = self.links
        same_for_all = np.broadcast_to(np.int8(0), (self.link_count,))
        layer = Layer(
            {
                "link": np.arange(self.link_count, dtype=np.int32),
                "start": links.start,
                "end": links.end,
                "kind": links.kinds.codes,
                "role": links.roles,
                "day": links.days,
                "precision": links.precisions,
                "grade": links.grades.codes,
                "source": links.sources.codes,
                "case": same_for_all,
                "release_class": same_for_all,
            },
            {name: np.zeros(0, dtype=np.int32) for name in SAME_COLUMNS},
        )
        none = np.zeros(0, dtype=np.int32)
        rows = rows_of(links.start, links.end, len(self))
        laid = Laid(layer, rows, rows_of(none, none, len(self)), (links.start, links.end))
        whole = np.ones(1, dtype=bool)
        return View(_Entities(self.entities.shapes, laid), (Seen(whole, whole),))

    @property
    def _half_edges(self) -> Rows:
        return self.view.nodes.laid[0].links

    @cached_property
    def counted(self) -> NDArray[np.bool_]:
        """Links that may be counted as evidence: not those graded E, suspected to be false."""
        good = np.array([True, *(not is_suspected_false(term) for term in self.links.grades.words)])
        counted: NDArray[np.bool_] = good[self.links.grades.codes]
        return counted

    def find(self, entity_id: str) -> int | None:
        """Return the number of an entity, None if the id is unknown."""
        return self.entities.index.find(entity_id, self.entities.ids)

    def id_of(self, number: int) -> str:
        """Return the id of an entity."""
        return self.entities.ids[number]

    def shape_of(self, number: int) -> Shape:
        """Return the shape of an entity to the detectors."""
        return SHAPES[int(self.entities.shapes[number])]

    def shape_of_id(self, entity_id: str) -> Shape:
        """Return the shape of an entity that is known to be there."""
        number = self.find(entity_id)
        assert number is not None, "a finding names what is in the register"
        return self.shape_of(number)

    def entity(self, number: int) -> Entity:
        """Return the entity of a number."""
        table = self.entities
        return Entity(
            id=table.ids[number],
            type=table.types.text_at(number) or "type not recorded",
            shape=self.shape_of(number),
            label=table.labels[number] or None,
            attributes=_attributes(table.attributes, number),
        )

    def attributes(self, number: int) -> Mapping[str, str]:
        """Return what a file says of an entity in columns of its own."""
        return _attributes(self.entities.attributes, number)

    def link(self, number: int) -> Link:
        """Return the link of a number."""
        table = self.links
        return Link(
            start=int(table.start[number]),
            end=int(table.end[number]),
            kind=table.kinds.text_at(number) or "kind not recorded",
            role=ROLES[int(table.roles[number])],
            role_word=table.role_words.text_at(number),
            date=date_of(int(table.days[number]), int(table.precisions[number])),
            grade=table.grades.text_at(number),
            source=table.sources.text_at(number),
            times=int(table.times[number]),
            attributes=_attributes(table.attributes, number),
        )

    def link_id(self, number: int) -> str:
        """Return the id of a link."""
        return self.links.ids[number]

    def steps(self, number: int) -> list[Step]:
        """Return the links of an entity, in the order of the file."""
        first, to, by, _ = self._half_edges
        part = slice(first[number], first[number + 1])
        return [Step(n, to) for n, to in zip(by[part].tolist(), to[part].tolist(), strict=True)]

    def among(self, numbers: Collection[int]) -> list[int]:
        """Return the links between these entities, in the order of the file."""
        return [row.link for row in self.view.between(np.fromiter(numbers, dtype=np.int64))]

    @cached_property
    def degrees(self) -> NDArray[np.int64]:
        """Number of links of each entity."""
        return np.diff(self._half_edges.first)

    @cached_property
    def neighbours(self) -> Ints:
        """Number of others that each entity is linked to, however often."""
        low, high = np.minimum(self.links.start, self.links.end), np.maximum(self.links.start, self.links.end)
        pairs = np.unique(low.astype(np.int64) * max(1, len(self)) + high)
        both = np.concatenate([pairs // max(1, len(self)), pairs % max(1, len(self))])
        return np.bincount(both, minlength=len(self)).astype(np.int32)


class _Entities(LinkedNodes):
    """Entities as nodes: each by its number."""

    counts_users = False
    most_read = None

    def __init__(self, shapes: NDArray[np.int8], laid: Laid) -> None:
        super().__init__(np.arange(len(shapes), dtype=np.int64), (laid,))
        self._shapes = shapes

    def shapes(self, those: Numbers) -> NDArray[np.int8]:
        """Return the shape of each of these entities, by its code."""
        return self._shapes[those]


@lru_cache(maxsize=65_536)
def date_of(day: int, precision: int) -> PartialDate | None:
    """Return the date of a day and a precision."""
    if not precision:
        return None
    return PartialDate(date.fromordinal(day).isoformat()[: _PRECISIONS[precision]])


def precision_of(given: PartialDate) -> int:
    """Return how much of it its source gave: 1 the year, 2 the month, 3 the day."""
    return {length: number for number, length in _PRECISIONS.items()}[len(given)]


def _attributes(columns: Mapping[str, TextColumn], row: int) -> dict[str, str]:
    return {name: text for name, column in columns.items() if (text := column[row])}
