"""Draws a graph with Cytoscape.js in a Streamlit component. Knows no case: it draws what it is given.

What is given is sent to the browser and so disclosed: a node that must not be seen must not be in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

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
_MOST_NODES = 2_000
ACTS = {
    "here": "Show the neighbourhood: start here",
    "expand": "Expand",
    "path": "Path to it from the start",
    "patterns": "Patterns here",
    "case": "Open case",
    "pin": "Pin",
    "fold": "Fold into its group",
    "apart": "Show each link",
    "hide": "Hide",
}
"""The acts that can be asked of a node, in the order of the menu."""
_KEYS = (
    "Use the arrow keys to move between linked items, and Shift with an arrow key to move "
    "around the selected item. Space marks items, to act on several. The menu key or Shift and F10 "
    "opens the menu of an item. Escape clears the selection. The table lists the same links."
)
_HTML = """<div class="graph"><div class="bar" role="toolbar" aria-label="View of the link graph">
<button type="button" data-act="fit">Fit</button>
<button type="button" data-act="in" aria-label="Zoom in">+</button>
<button type="button" data-act="out" aria-label="Zoom out">&minus;</button>
<button type="button" data-act="play" hidden>Play</button></div>
<div class="canvas" tabindex="0" role="application" aria-roledescription="link graph"></div>
<div class="tip" aria-hidden="true" hidden></div>
<div class="menu" role="menu" aria-label="Selected item" hidden></div>
<div class="live" aria-live="polite"></div></div>"""
_CSS = """
.graph{position:relative;border:1px solid var(--st-border-color);border-radius:2px;
 background:var(--st-background-color)}
.canvas{position:relative;width:100%;font-family:var(--st-font);outline-offset:-3px}
.canvas:focus-visible{outline:3px solid #ffbf00;box-shadow:inset 0 0 0 5px #0b0c0c}
.bar{position:absolute;right:8px;top:8px;z-index:2;display:flex;gap:4px}
.bar button{font:600 14px var(--st-font);min-width:30px;height:28px;padding:0 7px;border:1px solid #505a5f;
 background:var(--st-background-color);color:var(--st-text-color);border-radius:2px;cursor:pointer}
.bar button:focus-visible{outline:3px solid #ffbf00;box-shadow:0 0 0 5px #0b0c0c}
.menu{position:absolute;z-index:3;min-width:200px;background:var(--st-background-color);color:var(--st-text-color);
 border:2px solid var(--st-text-color);border-radius:2px;padding:3px}
.menu button{display:block;width:100%;text-align:left;font:15px var(--st-font);padding:5px 9px;border:0;
 background:none;color:inherit;cursor:pointer;min-height:28px}
.menu button:hover,.menu button:focus{outline:0;background:#ffdd00;color:#0b0c0c}
.menu[hidden],.tip[hidden],.bar button[hidden]{display:none}
.tip{position:absolute;right:8px;bottom:6px;z-index:2;max-width:60%;font:14px var(--st-font);padding:3px 7px;
 border:1px solid var(--st-border-color);background:var(--st-background-color);color:var(--st-text-color);
 pointer-events:none}
.live{position:absolute;left:8px;bottom:6px;font:600 14px var(--st-font);color:var(--st-text-color);
 background:var(--st-background-color);padding:0 5px;border-radius:2px;max-width:94%}
"""


@dataclass(frozen=True)
class Picture:
    """A graph as it is drawn.

    A node has ``id``, ``label``, ``kind`` (one of the styles), ``says`` (its kind in words), ``x`` and ``y``.
    It may be ``large``, ``pinned``, a ``hub`` or a ``group``, or have a ``size`` and a ``colour`` of its own.
    An edge has ``id``, ``source``, ``target``, ``label`` and ``says``, and may be ``inferred`` (dashed),
    ``strong`` (red and thick), ``mutual`` (without an arrow), a ``bundle`` of so many, of a ``month``,
    or ``alike`` (no link: the two may be one).
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
    marked: Sequence[str] = (),
    acts: Sequence[str] = (),
    on_selected: Callable[[], None],
    on_asked: Callable[[], None] | None = None,
    on_moved: Callable[[], None] | None = None,
) -> None:
    """Draw it; its menu has these acts.

    ``chosen``, ``marked``, ``asked`` and ``moved`` read what the browser answers, which may be forged.
    """
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
            "marked": list(marked),
            "acts": {act: ACTS[act] for act in acts},
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


def marked(key: str) -> tuple[str, ...]:
    """Return the nodes that were marked in the drawing, to act on all of them."""
    value = session.told_by_component(key, "selected")
    return _names(value.get("marked") if isinstance(value, dict) else None)


def _last_choice(key: str) -> int:
    """Return the number of the browser's choice that this run answers."""
    value = session.told_by_component(key, "selected")
    choice = value.get("choice") if isinstance(value, dict) else None
    return choice if isinstance(choice, int) and 0 <= choice < _MOST_CHOICES else 0


class Asked(NamedTuple):
    """An act that was asked for in the drawing, on these nodes; ``case`` is the one to open."""

    act: str
    nodes: tuple[str, ...]
    case: str | None


def asked(key: str) -> Asked | None:
    """Return what was asked of nodes by the keyboard, a double click or the menu."""
    value = session.told_by_component(key, "asked")
    if not isinstance(value, dict):
        return None
    act, nodes, case = value.get("act"), _names(value.get("nodes")), value.get("case")
    if not isinstance(act, str) or act not in ACTS or not nodes:
        return None
    return Asked(act, nodes, case[:_LONGEST_ID] if isinstance(case, str) else None)


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        return ()
    return tuple(each[:_LONGEST_ID] for each in value[:_MOST_NODES] if isinstance(each, str))


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
