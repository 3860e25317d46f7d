"""Stepping a case up towards a conference from its page, and reopening a closed one."""

from __future__ import annotations

import streamlit as st

from dashboard import record, session
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from engine.domain.cases.lifecycle import Act, State
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.services.referrals.stepping_up import step_up

_FOLLOWS = (
    "The case is brought towards a conference. Agencies are asked again, and their practitioners see it. "
    "On a restricted case no one is added: name people by name."
)


def draw_button(view: CaseView) -> None:
    """Draw the way up, where the state of the case allows it. For coordinators and chair."""
    if Act.STEP_UP.value not in view.allowed_acts:
        return
    label = "Reopen and step up" if view.state is State.CLOSED else "Step up"
    if st.button(label, key="step-up"):
        _draft(view.reference).begin()
        dialog(view.reference)


def _draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.STEP_UP, reference, f"step-up-{reference}")


@st.dialog("Step up towards a conference")
def dialog(reference: str) -> None:
    """Ask for the reason, and record it with one press."""
    draft = _draft(reference)
    draft.top()
    st.caption(_FOLLOWS)
    reason = draft.text(
        "reason",
        "Reason",
        one_line=True,
        hint="Do not write where the victim is or how to reach the victim.",
    )
    if st.button("Confirm", key=f"step-up-do-{reference}", type="primary"):
        with show_errors():
            stepped = step_up(record.runtime().context(session.acting()), reference=reference, reason=reason)
            draft.end()
            done = "reopened and stepped up" if stepped.was is State.CLOSED else "stepped up"
            session.say_after_rerun(f"{reference} is {done}. Agencies are asked next.")
            st.rerun()
