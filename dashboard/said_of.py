"""Asks whose the places and contacts in a typed text are, where a use case refused the text for them.

What was typed stays in its form. Nothing is chosen before: a person answers for each, and records again.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import streamlit as st

from dashboard import markup, session, words
from engine.domain.vault.marks import Mark, MarkOf

_WHAT_TO_DO = (
    "This text may say where a person is or how to reach them. Nothing is recorded yet. Remove what is the "
    "victim's, or that of anyone who lives, works or is at school with them: it belongs in Protected "
    "details. Say of the rest whose it is, then record again."
)
_LONGEST_SHOWN = 70


def ask(marks: Sequence[Mark]) -> None:
    """Draw a choice for each mark; what is chosen counts for this page when the person records again."""
    markup.draw(markup.notice("warning", _WHAT_TO_DO, heading="Say whose it is"))
    keys = {f"said-of-{digest(mark)}": mark.reads for mark in marks}
    with st.form(f"said-of-{digest(*marks)}", border=False, enter_to_submit=False):
        for number, (key, mark) in enumerate(zip(keys, marks, strict=True), start=1):
            choice(mark, number, key=key)
        st.form_submit_button(
            "Note whose they are",
            key=f"note-whose-{digest(*marks)}",
            on_click=session.note_whose,
            args=(keys,),
        )


def choice(mark: Mark, number: int, *, key: str, first: Sequence[str] = ()) -> str | None:
    """Draw the choice for one mark, without an answer; ``first`` are other answers than whose it is."""
    shown = mark.text if len(mark.text) <= _LONGEST_SHOWN else f"{mark.text[:_LONGEST_SHOWN]}…"
    return st.selectbox(
        f"{number}. {words.plain(shown)} ({mark.shape.value})",
        [*first, *(each.value for each in MarkOf)],
        index=None,
        key=key,
        placeholder="Choose",
        format_func=words.sentence,
    )


def digest(*marks: Mark) -> str:
    """Return a short name for these marks, for the key of a field."""
    return sha256("\n".join(mark.reads for mark in marks).encode()).hexdigest()[:16]
