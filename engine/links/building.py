"""Building of a register out of entities and links, one at a time. Refuses what cannot be a graph.

Reads no file.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from hashlib import blake2b

import numpy as np

from engine.domain.dates import PartialDate
from engine.links.columns import Coder, Index, TextColumn
from engine.links.kinds import SHAPES, Role, Shape, shape_of
from engine.links.register import EntityTable, LinkTable, Register, precision_of


class RegisterBuilder:
    """Takes entities, then links; ``register`` makes the arrays."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._types, self._kinds, self._role_words = Coder(), Coder(), Coder()
        self._grades, self._sources = Coder(), Coder()
        self._shapes: list[int] = []
        self._labels: list[str] = []
        self._entity_more: dict[str, dict[int, str]] = {}
        self._link_more: dict[str, dict[int, str]] = {}
        self._link_ids: dict[int, str] = {}
        self._ends = (array("i"), array("i"))
        self._roles = array("b")
        self._dates = (array("i"), array("b"))
        self._times = array("i")
        self._seen: dict[bytes, int] = {}
        """Digests of the links: the links themselves would fill the memory of a large network."""

    def add_entity(
        self,
        entity_id: str,
        kind: str,
        label: str | None = None,
        *,
        shape: Shape | None = None,
        attributes: Mapping[str, str] | None = None,
    ) -> None:
        """Take an entity; its id must be new."""
        if entity_id in self._numbers:
            raise ValueError("an entity has this id already")
        number = self._numbers[entity_id] = len(self._numbers)
        self._types.add(kind)
        self._shapes.append(SHAPES.index(shape or shape_of(kind)))
        self._labels.append(label or "")
        _keep(self._entity_more, attributes, number)

    def add_link(
        self,
        start: str,
        end: str,
        kind: str = "",
        *,
        link_id: str = "",
        role: Role = Role.NOT_RECORDED,
        role_word: str = "",
        date: PartialDate | None = None,
        grade: str = "",
        source: str = "",
        attributes: Mapping[str, str] | None = None,
    ) -> bool:
        """Add a link between two entities that were added; return False if one equal in all was there before.

        An equal one is not stored twice: how often it came is counted.
        """
        ends = (self._numbers[start], self._numbers[end])
        more = tuple(sorted((attributes or {}).items()))
        whole = repr((*ends, link_id, kind, int(role), role_word, date, grade, source, more))
        number = len(self._times)
        before = self._seen.setdefault(blake2b(whole.encode(), digest_size=16).digest(), number)
        if before < number:
            self._times[before] += 1
            return False
        if link_id:
            self._link_ids[number] = link_id
        for column, entity in zip(self._ends, ends, strict=True):
            column.append(entity)
        self._roles.append(int(role))
        self._dates[0].append(date.earliest.toordinal() if date else 0)
        self._dates[1].append(precision_of(date) if date else 0)
        self._times.append(1)
        for coder, term in (
            (self._kinds, kind),
            (self._role_words, role_word),
            (self._grades, grade),
            (self._sources, source),
        ):
            coder.add(term)
        _keep(self._link_more, attributes, number)
        return True

    def reshape(self, kind: str, shape: Shape) -> None:
        """Let every entity of this type be that to the detectors."""
        code = self._types.number_of(kind)
        for number, given in enumerate(self._types.codes):
            if given == code:
                self._shapes[number] = SHAPES.index(shape)

    def reshape_each(self, shapes: Mapping[str, Shape]) -> None:
        """Let these entities be that to the detectors, whatever their type."""
        for entity_id, shape in shapes.items():
            self._shapes[self._numbers[entity_id]] = SHAPES.index(shape)

    def register(self, about: Mapping[str, str] | None = None) -> Register:
        """Return the register of all that was added."""
        ids = list(self._numbers)
        links = len(self._times)
        start, end = (np.array(column, dtype=np.int32) for column in self._ends)
        return Register(
            EntityTable(
                ids=TextColumn.of(ids),
                index=Index.of(ids),
                types=self._types.column(),
                shapes=np.array(self._shapes, dtype=np.int8),
                labels=TextColumn.of(self._labels),
                attributes=_columns(self._entity_more, len(ids)),
            ),
            LinkTable(
                ids=TextColumn.of(self._link_ids.get(row) or f"link-{row + 1}" for row in range(links)),
                start=start,
                end=end,
                kinds=self._kinds.column(),
                roles=np.array(self._roles, dtype=np.int8),
                role_words=self._role_words.column(),
                days=np.array(self._dates[0], dtype=np.int32),
                precisions=np.array(self._dates[1], dtype=np.int8),
                grades=self._grades.column(),
                sources=self._sources.column(),
                times=np.array(self._times, dtype=np.int32),
                attributes=_columns(self._link_more, links),
            ),
            dict(about or {}),
        )


def _keep(into: dict[str, dict[int, str]], attributes: Mapping[str, str] | None, number: int) -> None:
    for name, text in (attributes or {}).items():
        if text:
            into.setdefault(name, {})[number] = text


def _columns(more: Mapping[str, Mapping[int, str]], rows: int) -> dict[str, TextColumn]:
    return {name: TextColumn.of(texts.get(row, "") for row in range(rows)) for name, texts in more.items()}
