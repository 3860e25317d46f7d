"""An agency's own practitioner withdraws an item after its release; others read that it was withdrawn."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.views.alarms.topics import ask_about_response
from dashboard.views.responses import voices
from engine.domain.cases.views import AgencyAnswerView
from engine.services.responses.topics import Topics
from engine.services.responses.withdrawal import withdraw


def may_be_withdrawn(answer: AgencyAnswerView) -> bool:
    """Return whether anything is released that could be withdrawn."""
    return answer.version is not None and bool(_items(answer))


@st.dialog("Withdraw an item", width="large")
def dialog(reference: str, answer: AgencyAnswerView) -> None:
    """Show what is released now, with a button for each item."""
    draw(reference, answer)


def draw(reference: str, answer: AgencyAnswerView) -> None:
    """Draw the withdrawal: a new version without the item is released at once,
    and says only that one was withdrawn.
    """
    markup.draw(
        markup.element(
            "p",
            (
                f"Case {reference}, version {answer.version}. A new version without the item is "
                "released immediately. It shows only that the item was withdrawn. Others may "
                "already have read the item."
            ),
            class_="sub",
        )
    )
    topics = ask_about_response(f"withdraw-{reference}-{answer.version}")
    for key, said in _items(answer):
        with st.container(horizontal=True, vertical_alignment="top", gap="small"):
            if st.button("Withdraw", key=f"withdraw-{reference}-{key}", help=f"Withdraw {words.plain(key)}"):
                _do(reference, answer.agency, key, topics)
            markup.draw(markup.element("div", said))


def _do(reference: str, agency: str, key: str, topics: Topics) -> None:
    context = record.runtime().context(session.acting())
    with show_errors():
        done = withdraw(context, reference=reference, agency=agency, item=key, topics=topics)
        session.say_after_rerun(f"Withdrawn: {reference}, version {done.version}.")
        st.rerun()


def _items(answer: AgencyAnswerView) -> list[tuple[str, markup.Content]]:
    items: list[tuple[str, markup.Content]] = [
        (item.key, markup.join([f"{voices.HEADINGS[item.whose]}:", voices.in_words(item)], " "))
        for item in answer.voices
        if item.may_leave
    ]
    items += [(finding.key, finding.says) for finding in answer.findings]
    items += [
        (
            f"view:{view.domain.value}",
            f"{words.domain_in_words(view.domain)}: {view.level.value}. {view.reasons}",
        )
        for view in answer.views
    ]
    items += [(f"instrument:{r.instrument}", f"Questionnaire {r.instrument}") for r in answer.instruments]
    items += [(f"predictor:{p.instrument}", f"Predictor {p.predicts}") for p in answer.predictors]
    items += answer.reported_items
    return items
