"""Draws a graph with Cytoscape.js in a Streamlit component. Knows no case: it draws what it is given.

What is given is sent to the browser and so disclosed: a node that must not be seen must not be in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from dashboard import session
from dashboard.components import bring_files, full_name
from dashboard.link_graph.styles import colours, looks
from engine.domain.shown import shown

HERE = Path(__file__).parent
_NAME = "link_graph"
_MOST_CHOICES = 2**31
_LONGEST_ID = 200
_KEYS = (
    "Use the arrow keys to move between linked items, and Shift with an arrow key to move "
    "around the selected item. Escape clears the selection. The table lists the same links."
)
_HTML = """<div class="graph"><div class="bar" role="toolbar" aria-label="View of the link graph">
<button type="button" data-act="fit">Fit</button>
<button type="button" data-act="in" aria-label="Zoom in">+</button>
<button type="button" data-act="out" aria-label="Zoom out">&minus;</button></div>
<div class="canvas" tabindex="0" role="application" aria-roledescription="link graph"></div>
<div class="live" aria-live="polite"></div></div>"""
_CSS = """
.graph{position:relative;border:1px solid var(--st-border-color);border-radius:2px;
 background:var(--st-background-color)}
.canvas{position:relative;width:100%;font-family:var(--st-font);outline-offset:-3px}
.canvas:focus-visible{outline:3px solid #ffbf00;box-shadow:inset 0 0 0 5px #0b0c0c}
.bar{position:absolute;right:8px;top:8px;z-index:2;display:flex;gap:4px}
.bar button{font:600 14px var(--st-font);min-width:30px;height:28px;padding:0 7px;border:1px solid #505a5f;
 background:#fff;color:#0b0c0c;border-radius:2px;cursor:pointer}
.bar button:focus-visible{outline:3px solid #ffbf00;box-shadow:0 0 0 5px #0b0c0c}
.live{position:absolute;left:8px;bottom:6px;font:600 14px var(--st-font);color:var(--st-text-color);
 background:var(--st-background-color);padding:0 5px;border-radius:2px;max-width:94%}
"""


@dataclass(frozen=True)
class Picture:
    """A graph as it is drawn.

    A node has ``id``, ``label``, ``kind`` (one of the styles), ``says`` (its kind in words), ``x`` and ``y``,
    and may be ``large``, a ``hub``, or have a ``size`` and a ``colour`` of its own; an edge has ``id``,
    ``source``, ``target`` and ``label``, and may be ``inferred`` (dashed), ``strong`` (red and thick) or
    ``mutual`` (without an arrow).
    """

    nodes: tuple[dict[str, object], ...]
    edges: tuple[dict[str, object], ...]
    description: str
    """Description of the picture, for a screen reader that comes to it."""
    middle: str | None = None
    path: tuple[str, ...] = ()


def draw(
    picture: Picture,
    *,
    key: str,
    height: int,
    dark: bool,
    selected: str | None,
    on_selected: Callable[[], None],
    on_asked: Callable[[], None] | None = None,
    on_moved: Callable[[], None] | None = None,
) -> None:
    """Draw it. ``chosen``, ``asked`` and ``moved`` read what the browser answers, which may be forged."""
    bring_files(_NAME, HERE)
    _component()(
        key=key,
        data={
            "nodes": [_as_shown(node) for node in picture.nodes],
            "edges": [_as_shown(edge) for edge in picture.edges],
            "middle": picture.middle,
            "path": list(picture.path),
            "says": f"{shown(picture.description)} {_KEYS}",
            "selected": selected,
            "answers": _last_choice(key),
            "height": height,
            "looks": looks(dark=dark),
            "theme": colours(dark=dark),
        },
        on_selected_change=on_selected,
        on_asked_change=on_asked or _nothing,
        on_moved_change=on_moved or _nothing,
    )


def chosen(key: str) -> str | None:
    """Return the node that was chosen in the drawing."""
    value = session.told_by_component(key, "selected")
    node = value.get("node") if isinstance(value, dict) else None
    return node[:_LONGEST_ID] if isinstance(node, str) else None


def _last_choice(key: str) -> int:
    """Return the number of the browser's choice that this run answers."""
    value = session.told_by_component(key, "selected")
    choice = value.get("choice") if isinstance(value, dict) else None
    return choice if isinstance(choice, int) and 0 <= choice < _MOST_CHOICES else 0


def asked(key: str) -> tuple[str, str] | None:
    """Return what was asked of a node by the keyboard or a double click: ``expand`` or ``hide``,
    and the node.
    """
    value = session.told_by_component(key, "asked")
    if not isinstance(value, dict):
        return None
    act, node = value.get("act"), value.get("node")
    if act not in {"expand", "hide"} or not isinstance(node, str):
        return None
    return act, node[:_LONGEST_ID]


def moved(key: str) -> dict[str, tuple[float, float]]:
    """Return where nodes were dragged to."""
    value = session.told_by_component(key, "moved")
    if not isinstance(value, dict):
        return {}
    return {
        node[:_LONGEST_ID]: (float(place[0]), float(place[1]))
        for node, place in value.items()
        if isinstance(node, str)
        and isinstance(place, (list, tuple))
        and len(place) == 2
        and all(isinstance(each, (int, float)) for each in place)
    }


def _as_shown(part: dict[str, object]) -> dict[str, object]:
    """Return a node or an edge with its text as shown; ids and kinds stay."""
    return {name: shown(str(each)) if name in ("label", "says") else each for name, each in part.items()}


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component(full_name(_NAME), html=_HTML, css=_CSS, js="index.js")


def _nothing() -> None:
    """Do nothing: nothing listens."""
