"""Saving a search of what is on the screen: new neighbours, a new path, new people in a pattern."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from dashboard import days, markup, own_process, session, words
from dashboard.errors import show_errors
from dashboard.views.links import alerts as link_alerts
from dashboard.views.links import steps as link_steps
from engine.domain.links.saved_searches import Asked, is_about_whole_record
from engine.services.links.saved_searches import USUAL_DAYS, question_of, save_query


class Offered(NamedTuple):
    """A question about what is on the screen: its kind, what it names, and the number of links away."""

    kind: str
    named: tuple[str, ...]
    hops: int | None = None


def offer(*questions: Offered, at: str) -> None:
    """Draw the button that saves one of these as a search."""
    if st.button("Save search", key=f"links-save-search-{at}"):
        with show_errors():
            save(tuple(question_of(*question) for question in questions))


@st.dialog("Save search")
def save(questions: tuple[Asked, ...]) -> None:
    """Save one of these questions, for a reason and until a date; what matches now raises no alert."""
    names = link_steps.names_in(question.in_words() for question in questions)
    with st.form("links-search-form", border=False, enter_to_submit=False):
        which = st.radio(
            "Alert me about",
            range(len(questions)),
            format_func=lambda at: words.plain(
                words.sentence(link_steps.with_names(names, questions[at].in_words()))
            ),
            key="links-search-which",
        )
        why = st.text_input("Reason, in one line", key="links-search-why", max_chars=600)
        until = days.field(f"End date (optional: {USUAL_DAYS} days)", key="links-search-until")
        note = (
            "What matches now raises no alert. Only you see your alerts, and your search unless you share it."
        )
        markup.draw(markup.element("p", note, class_="sub"))
        saved = st.form_submit_button("Save", type="primary", key="links-search-do")
    if saved:
        with show_errors():
            question = questions[which]
            own_process.ask(
                save_query,
                is_small=not is_about_whole_record(question),
                may_be_recorded="it may be recorded: check your saved searches before you save again",
                question=question,
                why=why,
                until=days.read("end date", until),
            )
            link_alerts.read_again()
            session.say_after_rerun("The search is saved.")
            st.rerun()
