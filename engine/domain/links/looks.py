"""Styles of each kind of item: a shape and a colour, so that colour is never the only sign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from engine.domain.links.maps import MapNode, NamedIn
from engine.domain.links.views import NodeKind


class NodeStyle(NamedTuple):
    """A shape, its colour on white and on black, and what the key calls it."""

    shape: str
    light: str
    dark: str
    words: str

    def colour(self, *, dark: bool) -> str:
        """Return the colour on this ground."""
        return self.dark if dark else self.light


LOOKS: Mapping[str, NodeStyle] = {
    "perpetrator": NodeStyle("ellipse", "#b10e1e", "#ff8f85", "perpetrator, as claimed"),
    "victim": NodeStyle("ellipse", "#4c2c92", "#b9a3f2", "victim, as claimed"),
    "person": NodeStyle("ellipse", "#1d70b8", "#6cb2eb", "person"),
    "incident": NodeStyle("triangle", "#505a5f", "#b1b4b6", "incident"),
    "referral": NodeStyle("round-tag", "#1d4f7c", "#9cc4e8", "referral"),
    "phone": NodeStyle("round-rectangle", "#00703c", "#6fcf97", "phone"),
    "email": NodeStyle("cut-rectangle", "#00703c", "#6fcf97", "email address"),
    "account": NodeStyle("diamond", "#b8440b", "#ff9a5c", "account"),
    "vehicle": NodeStyle("hexagon", "#0b0c0c", "#f3f2f1", "vehicle"),
    "device": NodeStyle("octagon", "#7a1f6b", "#e08fd0", "device"),
    "place": NodeStyle("rectangle", "#594d00", "#e0c060", "place"),
    "order": NodeStyle("pentagon", "#00626b", "#6fd0d8", "order"),
    "other": NodeStyle("star", "#6b4a00", "#d9b26b", "other item"),
    "group": NodeStyle("barrel", "#3b4a54", "#c3ccd2", "group of several kinds"),
}
"""In the order of the key."""


def look_of(each: MapNode) -> str:
    """Return the shape and colour of a node; one who was named as both is drawn as neither."""
    if each.group is not None and each.group.is_mixed:
        return "group"
    if each.node.kind is NodeKind.PERSON and each.named_in in (NamedIn.PERPETRATOR, NamedIn.VICTIM):
        return each.named_in.value
    return each.node.kind.value
