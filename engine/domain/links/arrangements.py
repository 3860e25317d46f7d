"""The arrangement of a map: its layout, its groups, and the places that a person gave to items."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from pydantic import Field, field_validator

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


LONGEST_CAPTION, LONGEST_NOTE, MOST_NOTES = 150, 120, 50


class MapNote(Frozen):
    """A note on one item."""

    node: str = Field(max_length=200)
    text: str = Field(min_length=1, max_length=LONGEST_NOTE)


class MapNotes(Frozen):
    """The texts of a person on a map. They are on its pictures."""

    caption: str = Field(default="", max_length=LONGEST_CAPTION)
    on_items: tuple[MapNote, ...] = Field(default=(), max_length=MOST_NOTES)

    @field_validator("on_items")
    @classmethod
    def _one_for_each(cls, notes: tuple[MapNote, ...]) -> tuple[MapNote, ...]:
        return tuple({note.node: note for note in notes}.values())

    def on(self, node: str) -> str:
        """Return the note on an item; empty if there is none."""
        return next((note.text for note in self.on_items if note.node == node), "")

    def with_note(self, node: str, text: str) -> MapNotes:
        """Return them with this note on an item; an empty one removes it."""
        others = tuple(note for note in self.on_items if note.node != node)
        new = (MapNote(node=node, text=text),) if text else ()
        return MapNotes(caption=self.caption, on_items=(*others, *new))

    def without(self, nodes: Collection[str]) -> MapNotes:
        """Return them without the notes on these items."""
        others = tuple(note for note in self.on_items if note.node not in nodes)
        return MapNotes(caption=self.caption, on_items=others)


class Placed(Frozen):
    """The place that a person gave to an item. A pinned item has it in every layout, another in this one."""

    node: str = Field(max_length=200)
    x: float = Field(gt=-FARTHEST, lt=FARTHEST)
    y: float = Field(gt=-FARTHEST, lt=FARTHEST)
    pinned: bool = True
