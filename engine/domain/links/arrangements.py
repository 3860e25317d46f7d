"""The arrangement of a map: its layout, its groups, and the places that a person gave to items."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from engine.domain.base import Frozen

FARTHEST = 100_000
"""No place is farther than this from the middle of the map."""


class Arrangement(StrEnum):
    """The meaning of the places of a map's items."""

    FORCE = "force"
    LAYERS = "layers"
    CIRCLE = "circle"
    TIME = "time"


class Grouping(StrEnum):
    """Items that are drawn as one, with their number."""

    NOTHING = "nothing"
    KIND = "kind"
    MAY_BE_ONE = "may be one person"
    PLACE = "place"
    COMMUNITY = "community"


class Placed(Frozen):
    """The place that a person gave to an item. A pinned item has it in every layout, another in this one."""

    node: str = Field(max_length=200)
    x: float = Field(gt=-FARTHEST, lt=FARTHEST)
    y: float = Field(gt=-FARTHEST, lt=FARTHEST)
    pinned: bool = True
