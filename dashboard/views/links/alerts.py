"""Alerts of the signed-in person's saved searches: what matched, where its map begins, the result."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.views.links import steps as link_steps
from engine.domain.errors import InvalidInputError
from engine.domain.links.saved_searches import AlertShown
from engine.services.links.alerts import judge_alert, my_alerts

_OUTCOMES = {"acted on": True, "not relevant": False}


def draw() -> None:
    """Draw the alerts that wait, and the figures of those before; nothing where none was ever raised."""
    runtime = record.runtime()
    with show_errors():
        found = my_alerts(runtime.context(session.acting()), snapshots=runtime.link_snapshots)
        if not found.figures.raised:
            return
        figures = found.figures
        note = (
            f"{figures.waiting} waiting, {figures.acted_on} acted on, {figures.not_relevant} not relevant, "
            f"{figures.expired} expired. Only you see your alerts."
        )
        markup.draw(markup.heading("Your alerts", at="alerts", note=note))
        names = link_steps.names_in(text for each in found.waiting for text in (each.says, each.asks))
        for alert in found.waiting:
            _draw_alert(alert, names)


def _draw_alert(alert: AlertShown, names: dict[str, str]) -> None:
    with st.container(
        key=f"mine-row-alert-{alert.reference}",
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
    ):
        markup.draw(
            markup.element(
                "div",
                markup.element("b", link_steps.with_names(names, alert.says)),
                markup.element(
                    "span", f"Saved search: {link_steps.with_names(names, alert.asks)}", class_="why"
                ),
                markup.element("span", words.moment(alert.at), class_="when"),
                class_="todo",
            )
        )
        st.button(
            "Show links",
            key=f"alert-map-{alert.reference}",
            on_click=link_steps.begin,
            args=(alert.begin_at,),
        )
        if st.button("Resolve alert", key=f"alert-resolve-{alert.reference}"):
            _resolve(alert.reference)


@st.dialog("Resolve alert")
def _resolve(reference: str) -> None:
    key = f"alert-{reference}"
    with st.form(key, border=False, enter_to_submit=False):
        result = st.radio(
            "Result", list(_OUTCOMES), index=None, format_func=words.sentence, key=f"{key}-result"
        )
        why = st.text_input("Reason, in one line", key=f"{key}-why", max_chars=600)
        saved = st.form_submit_button("Save", type="primary", key=f"{key}-save")
    if saved:
        with show_errors():
            if result is None:
                raise InvalidInputError("result", "choose one")
            runtime = record.runtime()
            judge_alert(
                runtime.context(session.acting()),
                snapshots=runtime.link_snapshots,
                reference=reference,
                acted=_OUTCOMES[result],
                why=why,
            )
            session.say_after_rerun(f"Alert {reference} is resolved.")
            st.rerun()
