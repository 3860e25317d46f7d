"""Incidents near a sealed area, for the safe-contact officer and the police lead of the case only."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.views.orders.breaches import draft_of, reason, written
from engine.services.orders.areas import AreasSeen, NearArea, confirm_area_breach, record_area_check

_FIRST_SHOWN = 10


def draw(there: AreasSeen) -> None:
    """Draw what was near a sealed area, without a place, and the check that is asked for."""
    note = "Only the safe-contact officer and the investigation lead read this. Do not name the place."
    markup.draw(markup.heading("Near a sealed area", at="areas", note=note))
    if not there.near:
        markup.draw(markup.none_recorded("None by the places that are recorded."))
    for each in there.near[:_FIRST_SHOWN]:
        _draw_one(there.reference, each)
    checked = words.moment(there.checked_at) if there.checked_at else "not recorded"
    with st.container(horizontal=True, vertical_alignment="center", key="areas-check"):
        markup.draw(markup.element("p", f"Your last check: {checked}.", class_="sub"))
        if st.button("Record that I checked every incident", key="areas-checked"):
            record_area_check(record.runtime().context(session.acting()), reference=there.reference)
            session.say_after_rerun("The check is recorded.")
            st.rerun()


def _draw_one(reference: str, each: NearArea) -> None:
    found = each.comparison
    result = words.sentence(found.result.value)
    said = f"{found.incident}: condition {found.condition} of {found.order}. {result}."
    markup.draw(
        markup.element(
            "section",
            markup.element("h3", said),
            markup.bullets((*found.evidence, *found.unclear)),
            class_="likely",
        )
    )
    if st.button("Confirm breach", key=f"area-{found.incident}-{found.order}-{found.condition}"):
        draft_of(reference).begin()
        confirm(reference, each)


@st.dialog("Confirm breach of a sealed area", width="large")
def confirm(reference: str, each: NearArea) -> None:
    """Ask for the reason; from then on the case shows the breach, and not where it was."""
    found = each.comparison
    draft, code = draft_of(reference), f"{found.incident}-{found.order}-{found.condition}-area"
    markup.draw(
        markup.notice(
            "warning",
            "The people on the case then read that this incident broke this condition. If the text of the "
            "incident names a place, that shows the area.",
        )
    )
    draft.top()
    why = reason(draft, code, "Reason", longest=500)
    with show_errors():
        if st.button("Confirm breach", key=f"{draft.key}-{code}-save", type="primary"):
            confirm_area_breach(
                record.runtime().context(session.acting()),
                reference=reference,
                incident=found.incident,
                order=found.order,
                condition=found.condition,
                why=written(why, "Reason"),
            )
            draft.end(code)
            session.say_after_rerun("The breach is confirmed. A decision of police is awaited.")
            st.rerun()
