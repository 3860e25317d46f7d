"""Styles of each kind of node: a shape and a colour, so that colour is never the only sign."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache

from engine.domain.links.looks import LOOKS

_OUTLINES: Mapping[str, str] = {
    "ellipse": '<circle cx="8" cy="8" r="7"/>',
    "triangle": '<path d="M8 1 15 15H1z"/>',
    "round-tag": '<path d="M2 2h8l5 6-5 6H2z"/>',
    "round-rectangle": '<rect x="1" y="1" width="14" height="14" rx="4"/>',
    "cut-rectangle": '<path d="M4 1h8l3 3v8l-3 3H4l-3-3V4z"/>',
    "diamond": '<path d="M8 0 16 8 8 16 0 8z"/>',
    "hexagon": '<path d="M4 1h8l4 7-4 7H4L0 8z"/>',
    "octagon": '<path d="M5 0h6l5 5v6l-5 5H5l-5-5V5z"/>',
    "rectangle": '<rect x="1" y="1" width="14" height="14"/>',
    "star": '<path d="M8 0 10.4 5.6 16 6.1 11.8 9.8 13 16 8 12.7 3 16 4.2 9.8 0 6.1 5.6 5.6z"/>',
    "barrel": '<path d="M3 1q5-2 10 0v14q-5 2-10 0z"/>',
    "pentagon": '<path d="M8 0 16 6 13 15H3L0 6z"/>',
}


GROUPS: tuple[tuple[str, str], ...] = (
    ("#1d70b8", "#6cb2eb"),
    ("#b8440b", "#ff9a5c"),
    ("#00703c", "#6fcf97"),
    ("#7a1f6b", "#e08fd0"),
    ("#594d00", "#e0c060"),
    ("#00626b", "#6fd0d8"),
    ("#505a5f", "#b1b4b6"),
    ("#0b0c0c", "#f3f2f1"),
)
"""Colours of groups on white and on black; further groups repeat them, so the number is beside the name."""


def colour_of_group(number: int, *, dark: bool) -> str:
    """Return the colour of a group that is numbered from 1."""
    return GROUPS[(number - 1) % len(GROUPS)][dark]


def looks(*, dark: bool) -> dict[str, tuple[str, str]]:
    """Return shape and colour by kind, as the component receives them."""
    return {kind: (look.shape, look.colour(dark=dark)) for kind, look in LOOKS.items()}


def colours(*, dark: bool) -> dict[str, str]:
    """Return the colours that are not of a kind."""
    if dark:
        return {
            "ink": "#f3f2f1",
            "ground": "#14181b",
            "line": "#8a9499",
            "strong": "#ff8f85",
            "path": "#ffbf00",
        }
    return {"ink": "#0b0c0c", "ground": "#ffffff", "line": "#6f777b", "strong": "#b10e1e", "path": "#ffbf00"}


@cache
def outline(kind: str, *, dark: bool, plain: bool = False) -> str:
    """Return the shape of a kind as the address of a small picture, for the key beside its name.

    ``plain`` is without the colour of the kind: then colours mean something else.
    """
    look = LOOKS[kind]
    colour = colours(dark=dark)["ink"] if plain else look.colour(dark=dark)
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16" '
        f'fill="{colour}">{_OUTLINES[look.shape]}</svg>'
    )
    return f"data:image/svg+xml;base64,{b64encode(picture.encode()).decode()}"
