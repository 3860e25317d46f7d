"""The entities of a network that came as links only: those at the ends of links. Opens no file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.links.mapping import Columns, LinkMapping
from engine.links.terms_read import TermCount

SIDES = ("from", "to")


class Ends:
    """The ends of links, each with the type that its row, or else the mapping, gives to its side.

    Where one id is of two types (person 1, crime 1), the type goes before it: ``person:1``, ``crime:1``.
    """

    def __init__(self, rows: Iterable[tuple[Columns, list[str]]], mapping: LinkMapping) -> None:
        self._mapping = mapping
        self._types: dict[str, dict[str, None]] = {}
        self.type_terms = TermCount()
        for columns, cells in rows:
            for side in SIDES:
                if entity_id := columns.cell(side, cells):
                    self.type_terms.add(self._term(side, columns, cells))
                    self._types.setdefault(entity_id, {})[self._type(side, columns, cells)] = None
        self.are_typed_apart = any(len(types) > 1 for types in self._types.values())

    def each(self) -> Iterator[tuple[str, str]]:
        """Yield every entity with its type, in the order of the file."""
        for entity_id, types in self._types.items():
            for kind in types:
                yield self._named(entity_id, kind), kind

    def at(self, side: str, columns: Columns, cells: list[str]) -> str:
        """Return the id of the entity at one side of a link."""
        entity_id = columns.cell(side, cells)
        return self._named(entity_id, self._type(side, columns, cells)) if entity_id else ""

    def _named(self, entity_id: str, kind: str) -> str:
        return f"{kind}:{entity_id}" if self.are_typed_apart and kind else entity_id

    def _type(self, side: str, columns: Columns, cells: list[str]) -> str:
        return self._mapping.type_of(self._term(side, columns, cells))

    def _term(self, side: str, columns: Columns, cells: list[str]) -> str:
        of_all = self._mapping.from_type if side == "from" else self._mapping.to_type
        return columns.cell(f"{side}_type", cells) or of_all or ""
