"""Dissent that an agency enters or confirms itself: on its case, and in the item of a conference."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import markup, record, session
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from engine.domain.accounts.acting import Acting
from engine.domain.cases.views import CaseView
from engine.domain.conference.dissent import to_ask_aloud
from engine.domain.conference.meetings import Conference, ConferenceState
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError
from engine.services.conference.amending import enter_dissent, state_no_dissent
from engine.services.conference.asking_aloud import record_asked_aloud
from engine.services.conference.room import ItemPeople

_LONGEST = 2_000


def draw_button(case: CaseView, acting: Acting) -> None:
    """Draw the button that opens the fields on the case, for who may answer for their agency."""
    if case.may_enter_dissent and st.button("Enter dissent", key="enter-dissent"):
        _draft(case.reference).begin()
        dialog(case.reference, has_noted=_has_noted(case, acting))


def draw_in_item(case: CaseView, acting: Acting) -> None:
    """Draw the fields on the page of the item, for who may answer for their agency."""
    if case.may_enter_dissent:
        markup.draw(markup.heading("Dissent of your agency", at="dissent"))
        draw(case.reference, has_noted=_has_noted(case, acting))


@st.dialog("Dissent of your agency", width="large")
def dialog(reference: str, *, has_noted: bool) -> None:
    """Draw the fields."""
    draw(reference, has_noted=has_noted)


def draw(reference: str, *, has_noted: bool) -> None:
    """Draw the field for the reasons, and the confirmation of a dissent that the chair noted."""
    draft = _draft(reference)
    draft.top()
    hint = "Only your agency enters or confirms it. Others cannot change it."
    reasons = draft.text("reasons", "Reasons for dissent", rows=2, longest=_LONGEST, hint=hint)
    with st.container(horizontal=True):
        if st.button("Record dissent", key=f"{draft.key}-save"):
            with show_errors():
                if not reasons.strip():
                    raise InvalidInputError("reasons", "give the reasons for dissent")
                _enter(draft, reference, reasons)
        if has_noted and st.button("Confirm what was noted", key=f"{draft.key}-confirm"):
            with show_errors():
                _enter(draft, reference, None)
        if st.button("State no dissent", key=f"{draft.key}-none"):
            with show_errors():
                state_no_dissent(record.runtime().context(session.acting()), reference=reference)
                session.say_after_rerun("It is recorded that your agency has no dissent.")
                st.rerun()


def draw_asked_aloud(
    there: Conference, case: CaseView, people: ItemPeople, acting: Acting, names: Mapping[str, str]
) -> None:
    """Draw the button of who presides, once the panel has decided in this conference.

    It is there while the position of an agency in the room is not recorded.
    """
    decision = case.decision
    if decision is None or there.started_at is None or decision.at < there.started_at:
        return
    if there.state is not ConferenceState.IN_SESSION or not there.is_presided_by(acting.user):
        return
    voices = [agency.code for agency in record.runtime().agencies_known if agency.speaks_for_victim]
    left = to_ask_aloud(people.present, decision.positions, first=voices)
    if left and st.button("Dissent asked aloud: none voiced", key=f"asked-aloud-{case.reference}"):
        asked_aloud(case.reference, {code: names.get(code, code) for code in left})


@st.dialog("Asked aloud: no dissent voiced")
def asked_aloud(reference: str, agencies: Mapping[str, str]) -> None:
    """Draw the agencies that it is recorded of, the victim's voice first, and the button."""
    explained = (
        "You asked each of these agencies in the room, and none voiced dissent. You cannot undo this. "
        "It is not a statement of the agency: its own entry replaces it at any time."
    )
    markup.draw(markup.element("p", explained))
    markup.draw(markup.bullets(agencies.values()))
    if st.button("Record that you asked", key=f"asked-aloud-{reference}-save", type="primary"):
        with show_errors():
            context = record.runtime().context(session.acting())
            record_asked_aloud(context, reference=reference, agencies=tuple(agencies))
            session.say_after_rerun("It is recorded that you asked aloud and no dissent was voiced.")
            st.rerun()


def _enter(draft: FormDraft, reference: str, reasons: str | None) -> None:
    enter_dissent(record.runtime().context(session.acting()), reference=reference, reasons=reasons)
    if reasons is not None:
        draft.end()
    session.say_after_rerun("Dissent is recorded for your agency.")
    st.rerun()


def _draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.DISSENT, reference, f"dissent-{reference}")


def _has_noted(case: CaseView, acting: Acting) -> bool:
    """Return whether the chair noted a dissent for this agency, which it has not confirmed."""
    decision = case.decision
    return decision is not None and any(
        each.agency == acting.agency and each.source.startswith("as noted") for each in decision.dissent
    )
