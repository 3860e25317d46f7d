"""A text that repeats something protected: whose, in what, and what was done about it. Never the text."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, record, session
from dashboard.errors import show_errors
from engine.domain.vault.typed_texts import ProtectedTextFlag
from engine.services.access import restrictions
from engine.services.vault.typed_texts import see_to_text, texts_to_see_to


def ask(reference: str) -> None:
    """Show what waits on this case."""
    with show_errors():
        runtime = record.runtime()
        waiting = texts_to_see_to(runtime.context(session.acting()))
        here = [text for text in waiting if text.involvement == reference]
        if not here:
            markup.draw(markup.notice("info", "Somebody has seen to this already."))
            return
        _dialog(here[0])


@st.dialog("A text that repeats something protected", width="large")
def _dialog(text: ProtectedTextFlag) -> None:
    markup.draw(
        markup.definitions(
            [
                ("Case", text.involvement),
                ("Typed into", text.where.value),
                ("By", text.by),
                ("More of theirs in 28 days", str(text.earlier)),
            ]
        )
    )
    markup.draw(
        markup.element(
            "p",
            "Everybody but the writer reads it masked, and the writer has been told nothing: if they were, "
            "somebody who tries addresses would learn which one is hers. Speak to them about what they were "
            "doing, not about what they wrote.",
            class_="sub",
        )
    )
    how = st.text_input(
        "What was done about it", key=f"text-how-{text.number}", max_chars=restrictions.LONGEST_WHY
    )
    if st.button("I have seen to it", key=f"text-{text.number}", type="primary"):
        runtime = record.runtime()
        with show_errors():
            see_to_text(runtime.context(session.acting()), number=text.number, how=how)
            session.say_after_rerun(f"You have seen to text {text.number}.")
            st.rerun()
