"""A map as it is drawn: groups as one node, parallel links as one line. The map itself has all of them."""

from __future__ import annotations

from engine.domain.base import Frozen
from engine.domain.links.maps import MapNode
from engine.domain.links.views import LinkEdge


class SheetLine(Frozen):
    """One drawn line: the links between two drawn items that it represents."""

    id: str
    source: str
    target: str
    links: tuple[LinkEdge, ...]
    both_ways: bool = False
    """Its links have both directions."""

    @property
    def is_bundle(self) -> bool:
        """Return whether it represents more links than one."""
        return len(self.links) > 1

    @property
    def is_strong(self) -> bool:
        """Return whether one of its links names a perpetrator."""
        return any(link.role == "perpetrator" for link in self.links)

    @property
    def is_unconfirmed(self) -> bool:
        """Return whether none of its links is confirmed, by their grades."""
        return all(link.is_unconfirmed for link in self.links)

    @property
    def in_words(self) -> str:
        """Its link in words, or the number of its links."""
        return f"{len(self.links)} links" if self.is_bundle else self.links[0].in_words

    @property
    def in_full(self) -> str:
        """Each of its links in words, with its number where there are several alike, and its evidence."""
        if not self.is_bundle:
            return f"{self.links[0].in_words} ({self.links[0].evidence})"
        kinds = dict.fromkeys(link.in_words for link in self.links)
        counted = (f"{sum(link.in_words == kind for link in self.links)} {kind}" for kind in kinds)
        return f"{len(self.links)} links: {', '.join(counted)}"


class SheetNote(Frozen):
    """A note on an item, and the drawn item where it is shown."""

    drawn: str
    node: str
    text: str


class MapSheet(Frozen):
    """The drawn nodes and lines of a map."""

    nodes: tuple[MapNode, ...]
    lines: tuple[SheetLine, ...]
    folds_by_node: dict[str, str]
    """The group that an item is in, or would be in if that were not unfolded."""
    notes: tuple[SheetNote, ...] = ()
    undated: int | None = None
    """Items without a date, where places show dates."""

    def drawn_as(self, node: str) -> str | None:
        """Return the drawn item that shows this one: itself, or what it is folded into."""
        for each in self.nodes:
            if each.node.id == node or node in each.stands_for:
                return each.node.id
        return None

    def node(self, name: str | None) -> MapNode | None:
        """Return the drawn item of this name, if it is drawn."""
        return next((each for each in self.nodes if each.node.id == name), None)

    def shows(self, name: str) -> frozenset[str]:
        """Return the items that a drawn item represents: those folded into it, or itself."""
        found = self.node(name)
        return frozenset(found.stands_for if found and found.group else (name,))
