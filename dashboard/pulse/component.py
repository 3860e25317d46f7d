"""The minutes of an item on a screen, and what notices a change of conference or case. Knows no page.

The browser asks our own route each second. Only when the version or a mark is another, and no field of the
page is in use, does it ask for the page again: many followers cost nothing while nothing changes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from dashboard.components import bring_files, full_name

HERE = Path(__file__).parent
NAME = "pulse"
_HTML = """<div class="pulse"><dl>
<div class="of-item"><dt>Planned</dt><dd class="planned"></dd></div>
<div class="of-item"><dt>Elapsed</dt><dd class="elapsed"></dd></div>
<div class="of-end"><dt>Conference ends about</dt><dd class="end"></dd></div>
</dl><p class="contact"></p><p class="lost" role="status"></p>
<p class="changed" role="status" hidden><span></span> <button type="button">Show it</button></p></div>"""
_CSS = """
.pulse{font-family:var(--st-font);color:var(--st-text-color);display:flex;flex-wrap:wrap;gap:4px 20px;
 align-items:flex-end}
dl{display:flex;flex-wrap:wrap;gap:4px 0;margin:0;border:1px solid var(--st-border-color);border-radius:2px}
dl div{padding:4px 14px}
dl div+div{border-left:1px solid var(--st-border-color)}
dt{font-size:14px}
dd{margin:0;font-size:20px;font-weight:700;font-variant-numeric:tabular-nums}
p{margin:0;font-size:14px}
.lost{font-weight:600}
.changed{border-left:6px solid #1d70b8;padding:4px 10px;flex-basis:100%}
[hidden]{display:none!important}
button{font:600 14px var(--st-font);color:var(--st-link-color);background:none;border:0;padding:2px 4px;
 min-height:24px;text-decoration:underline;cursor:pointer}
button:focus-visible{outline:3px solid #ffbf00;box-shadow:0 0 0 5px #0b0c0c}
.is-room{align-items:flex-start;justify-content:space-between;width:100%}
.is-room dl{border:0;flex-wrap:nowrap}
.is-room dl div{padding:0 28px;white-space:nowrap}
.is-room dl div:last-child{padding-right:0}
.is-room dt{font-size:34px}
.is-room dd{font-size:84px;line-height:1.05}
.is-room p{font-size:28px}
@media(min-width:1500px){.is-room .contact{position:fixed;right:42px;bottom:38px}
.is-room .lost{position:fixed;left:42px;top:250px;font-size:68px}}
"""


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """A conference as a screen shows it: its version when it was drawn, and the minutes that are planned."""

    address: str
    conference: str
    version: int
    changes: dict[str, str]
    """By kind the mark of what its person may know of the case on the screen, when the page was drawn."""
    screen: int
    """The number of the newest change of the room's screen."""
    planned: int | None
    """The planned minutes of the item on the screen; None without one."""
    minutes_after: int
    """The planned minutes of the items after it."""
    is_room: bool = False
    stays_open: bool = False
    """True for the account of a room's screen, also while it waits: contact counts as use."""


def draw(pulse: Pulse, *, key: str) -> None:
    """Draw it. When the conference changed, the browser draws again the part of the page that it is in."""
    bring_files(NAME, HERE)
    _component()(key=key, data=asdict(pulse), on_changed_change=_nothing)


def _nothing() -> None:
    """Do nothing: what changed is read again where it is drawn."""


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component(full_name(NAME), html=_HTML, css=_CSS, js="index.js")
