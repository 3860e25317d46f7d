"""Building of a register out of entities and links, one at a time. Refuses what cannot be a graph.

Reads no file.
"""

from __future__ import annotations

from collections.abc import Mapping

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
        self._link_ids: list[str] = []
        self._ends: list[tuple[int, int]] = []
        self._roles: list[int] = []
        self._dates: list[tuple[int, int]] = []
        self._times: list[int] = []
        self._seen: dict[tuple[object, ...], int] = {}

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
        whole = (*ends, link_id, kind, int(role), role_word, date, grade, source, more)
        before = self._seen.setdefault(whole, len(self._ends))
        if before < len(self._ends):
            self._times[before] += 1
            return False
        number = len(self._ends)
        self._link_ids.append(link_id or f"link-{number + 1}")
        self._ends.append(ends)
        self._roles.append(int(role))
        self._dates.append((date.earliest.toordinal(), precision_of(date)) if date else (0, 0))
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
        ends = np.array(self._ends, dtype=np.int32).reshape(-1, 2)
        dates = np.array(self._dates, dtype=np.int32).reshape(-1, 2)
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
                ids=TextColumn.of(self._link_ids),
                start=np.ascontiguousarray(ends[:, 0]),
                end=np.ascontiguousarray(ends[:, 1]),
                kinds=self._kinds.column(),
                roles=np.array(self._roles, dtype=np.int8),
                role_words=self._role_words.column(),
                days=np.ascontiguousarray(dates[:, 0]),
                precisions=dates[:, 1].astype(np.int8),
                grades=self._grades.column(),
                sources=self._sources.column(),
                times=np.array(self._times, dtype=np.int32),
                attributes=_columns(self._link_more, len(self._link_ids)),
            ),
            dict(about or {}),
        )


def _keep(into: dict[str, dict[int, str]], attributes: Mapping[str, str] | None, number: int) -> None:
    for name, text in (attributes or {}).items():
        if text:
            into.setdefault(name, {})[number] = text


def _columns(more: Mapping[str, Mapping[int, str]], rows: int) -> dict[str, TextColumn]:
    return {name: TextColumn.of(texts.get(row, "") for row in range(rows)) for name, texts in more.items()}
