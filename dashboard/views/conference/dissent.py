"""Dissent that an agency enters or confirms itself: on its case, and in the item of a conference."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, record, session
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError
from engine.services.conference.amending import enter_dissent, state_no_dissent

_LONGEST = 2_000


def draw_button(case: CaseView, acting: Acting) -> None:
    """Draw the button that opens the fields on the case, once the panel has decided."""
    if _may_enter(case, acting) and st.button("Enter dissent", key="enter-dissent"):
        _draft(case.reference).begin()
        dialog(case.reference, has_noted=_has_noted(case, acting))


def draw_in_item(case: CaseView, acting: Acting) -> None:
    """Draw the fields on the page of the item, for a practitioner of an agency."""
    if _may_enter(case, acting):
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


def _enter(draft: FormDraft, reference: str, reasons: str | None) -> None:
    enter_dissent(record.runtime().context(session.acting()), reference=reference, reasons=reasons)
    if reasons is not None:
        draft.end()
    session.say_after_rerun("Dissent is recorded for your agency.")
    st.rerun()


def _draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.DISSENT, reference, f"dissent-{reference}")


def _may_enter(case: CaseView, acting: Acting) -> bool:
    is_of_an_agency = acting.role is Role.PRACTITIONER and acting.agency is not None
    return is_of_an_agency and case.decision is not None and case.is_worked_by(acting)


def _has_noted(case: CaseView, acting: Acting) -> bool:
    """Return whether the chair noted a dissent for this agency, which it has not confirmed."""
    decision = case.decision
    return decision is not None and any(
        each.agency == acting.agency and each.source.startswith("as noted") for each in decision.dissent
    )
