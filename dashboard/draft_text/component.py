"""A field for long text, whose draft is saved as it is typed. Knows no form: it draws what it is given.

Label, hint, error, the state of the draft and its discarding are in the field itself, so that a reading aid
has them together. Its text comes back when the field is left, and before anything else is pressed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from dashboard import session
from dashboard.components import bring_files, full_name
from engine.domain.drafts import LONGEST
from engine.domain.shown import shown

HERE = Path(__file__).parent
NAME = "draft_text"
_HTML = """<div class="draft"><label for="text" id="label"></label><p class="hint" id="hint"></p>
<p class="error" id="error" role="alert"></p>
<textarea id="text" aria-describedby="hint error state"></textarea>
<div class="below"><span class="state" id="state" role="status"></span>
<button type="button" class="discard" aria-describedby="label" hidden></button></div></div>"""
_CSS = """
.draft{font-family:var(--st-font);color:var(--st-text-color);margin-bottom:4px}
label{display:block;font-size:14px;margin-bottom:4px}
.hint,.error{margin:0 0 4px;font-size:14px}
.error{color:var(--st-red-color,#b10e1e);font-weight:600}
[hidden]{display:none!important}
textarea{box-sizing:border-box;width:100%;min-height:42px;padding:8px 12px;font:16px/1.45 var(--st-font);
 color:var(--st-text-color);background:var(--st-background-color);border:1px solid var(--st-border-color);
 border-radius:2px;resize:vertical}
textarea[aria-invalid=true]{border-color:var(--st-red-color,#b10e1e);border-width:2px}
textarea:focus-visible,button:focus-visible{outline:3px solid #ffbf00;box-shadow:0 0 0 5px #0b0c0c}
.below{display:flex;flex-wrap:wrap;gap:4px 16px;align-items:center;min-height:28px;font-size:14px}
.state.warn{font-weight:600}
.state.warn::before{content:"! ";font-weight:700}
button{font:14px var(--st-font);color:var(--st-link-color);background:none;border:0;padding:2px 4px;
 min-height:24px;text-decoration:underline;cursor:pointer}
"""


@dataclass(frozen=True, kw_only=True)
class DraftField:
    """A field as it is drawn. ``opening`` is another each time that its form is opened."""

    id: str
    opening: int
    label: str
    text: str
    saved_at: str | None
    address: str
    signed_pass: str
    rows: int
    longest: int
    one_line: bool
    hint: str | None
    error: str | None


def draw(field: DraftField, *, key: str, on_given: Callable[[], None]) -> None:
    """Draw it. ``given`` reads what the browser answers."""
    bring_files(NAME, HERE)
    words = {part: shown(text) for part in ("label", "hint", "error") if (text := getattr(field, part))}
    _component()(key=key, data={**asdict(field), **words}, on_typed_change=on_given)


def given(key: str, *, opening: int) -> str | None:
    """Return what is typed in the field since this opening; None if nothing is.

    A browser may forge it, and what is far too long is cut.
    """
    match session.told_by_component(key, "typed"):
        case {"opening": int(there), "text": str(text)} if there == opening:
            return text[:LONGEST]
        case _:
            return None


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component(full_name(NAME), html=_HTML, css=_CSS, js="index.js")
