"""Measures of what a map of links shows: figures of the whole, and values of items that may have one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from engine.domain.base import Frozen


class ItemMeasure(StrEnum):
    """A value of an item, by what is drawn and nothing else."""

    DEGREE = "degree"
    BETWEENNESS = "betweenness"
    CLOSENESS = "closeness"
    TRIANGLES = "triangles"
    CLUSTERING = "clustering"
    CORE = "core"

    @property
    def formula(self) -> str:
        """The formula."""
        return _FORMULAS[self]

    @property
    def caution(self) -> str:
        """The caution beside it."""
        return _CAUTIONS[self]


class Colouring(StrEnum):
    """The meaning of the colours of a map's items."""

    KIND = "kind"
    COMMUNITY = "community"
    PART = "part"


class MapFigure(Frozen):
    """One figure of the whole map: its value, an explanation and a caution."""

    name: str
    value: str
    says: str
    caution: str


class ItemMeasured(Frozen):
    """An item that may have measures. Of all other people there is none."""

    id: str
    links_by_kind: Mapping[str, int]
    """Linked items by the kind of link; several links of one kind to one item count once."""
    values: Mapping[ItemMeasure, float]


class MapMeasures(Frozen):
    """The measures of a map. Items are in the order of their references: nothing here is a rank."""

    figures: tuple[MapFigure, ...]
    items: tuple[ItemMeasured, ...]
    without: int = Field(description="people who have no measure")
    groups: Mapping[Colouring, Mapping[str, int]]
    """By colouring the number of each item's group, the group with the first reference first."""


_FORMULAS = {
    ItemMeasure.DEGREE: "number of items that it is linked to",
    ItemMeasure.BETWEENNESS: (
        "sum over each 2 other items of the share of their shortest paths that go through it; each 2 once"
    ),
    ItemMeasure.CLOSENESS: (
        "(r - 1) / (sum of distances to the r - 1 items within reach) x (r - 1) / (n - 1), n being all items"
    ),
    ItemMeasure.TRIANGLES: "number of pairs of its linked items that are linked to each other",
    ItemMeasure.CLUSTERING: "share of the pairs of its linked items that are linked to each other",
    ItemMeasure.CORE: "largest k such that it is in a group whose members are each linked to k others of it",
}
_CAUTIONS = {
    ItemMeasure.DEGREE: "It does not show how close anyone is. What is recorded more often has more links.",
    ItemMeasure.BETWEENNESS: "It does not show that anything passes through it.",
    ItemMeasure.CLOSENESS: "It does not show how fast anyone learns of anything.",
    ItemMeasure.TRIANGLES: "It does not show that the 3 ever met.",
    ItemMeasure.CLUSTERING: "It does not show a closed group. With 2 linked items one link makes it 1.",
    ItemMeasure.CORE: "It does not show leadership, or the core of a group.",
}
