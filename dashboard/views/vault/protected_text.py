"""A text that repeats something protected: whose, in what, and what was done about it. Never the text."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, record, session
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from engine.domain.drafts import DraftForm
from engine.domain.vault.typed_texts import ProtectedTextFlag
from engine.services.access import restrictions
from engine.services.vault.typed_texts import see_to_text, texts_to_see_to


def ask(reference: str) -> None:
    """Show every text that waits on this case."""
    with show_errors():
        runtime = record.runtime()
        waiting = texts_to_see_to(runtime.context(session.acting()))
        here = [text for text in waiting if text.involvement == reference]
        if not here:
            markup.draw(markup.notice("info", "This text is already resolved."))
            return
        _draft_of(reference).begin()
        _dialog(reference, here)


@st.dialog("Protected details in text", width="large")
def _dialog(reference: str, here: list[ProtectedTextFlag]) -> None:
    _draft_of(reference).top()
    markup.draw(
        markup.element(
            "p",
            (
                "Other users see these texts masked. Their authors have not been informed, because that "
                "could help someone find a victim's address by guessing. Ask an author about "
                "their task, not about what they typed."
            ),
            class_="sub",
        )
    )
    for text in here:
        _draw(text)


def _draft_of(reference: str) -> FormDraft:
    """Return what a person typed on the texts of a case: one is resolved and the others stay."""
    return FormDraft(DraftForm.PROTECTED_TEXT, reference, f"text-how-{reference}")


def _draw(text: ProtectedTextFlag) -> None:
    markup.draw(markup.heading(f"Text {text.number}", at=f"text-{text.number}", level=3))
    markup.draw(
        markup.definitions(
            [
                ("Case", text.involvement),
                ("Typed in", text.where.value),
                ("Author", text.by),
                ("Others by this author in 28 days", str(text.earlier)),
            ]
        )
    )
    draft, field = _draft_of(text.involvement), str(text.number)
    how = draft.text(
        field, f"Action taken on text {text.number}", longest=restrictions.LONGEST_WHY, rows=1, one_line=True
    )
    if st.button(f"Mark text {text.number} as resolved", key=f"text-{text.number}", type="primary"):
        runtime = record.runtime()
        with show_errors():
            see_to_text(runtime.context(session.acting()), number=text.number, how=how)
            draft.end(field)
            session.say_after_rerun(f"Text {text.number} is resolved.")
            st.rerun()
