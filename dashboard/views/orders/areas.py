"""Incidents near a sealed area, for the safe-contact officer and the police lead of the case only."""

from __future__ import annotations

import streamlit as st

from dashboard import forms, markup, record, session, words
from dashboard.form_model import Form
from dashboard.views.orders.breaches import REASON_HINT
from engine.domain.asked import Asked, Because
from engine.domain.drafts import DraftForm
from engine.services.orders.areas import AreasSeen, NearArea, confirm_area_breach, record_area_check

_FIRST_SHOWN = 10
_SHOWS = markup.notice(
    "warning",
    "The people on the case then read that this incident broke this condition. If the text of the "
    "incident names a place, that shows the area.",
)


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
    key = f"area-{found.incident}-{found.order}-{found.condition}"
    forms.button(confirming(reference, each), "Confirm breach", key=key)


def confirming(reference: str, each: NearArea) -> Form[Because, object]:
    """Return the form for the reason; from then on the case shows the breach, and not where it was."""
    found = each.comparison
    return Form(
        Because,
        draft=DraftForm.BREACH,
        case=reference,
        key=f"area-{reference}-{found.incident}-{found.order}-{found.condition}",
        part=f"area-{found.incident}-{found.order}-{found.condition}",
        title="Confirm breach of a sealed area",
        is_large=True,
        note=_SHOWS,
        asks={"why": Asked("Reason", part="reason", longest=500, hint=REASON_HINT)},
        button="Confirm breach",
        records=lambda context, given: confirm_area_breach(
            context,
            reference=reference,
            incident=found.incident,
            order=found.order,
            condition=found.condition,
            why=given.why,
        ),
        done="The breach is confirmed. A decision of police is awaited.",
        undone_by="",
    )
