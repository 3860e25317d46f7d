"""The conflict check before approval: what conflicts, what resolves it, and the chair's reason to accept."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError
from engine.domain.plans.approval import AcceptedConflict, ApprovalGiven
from engine.domain.plans.conflicts import PLACES_ARE_CHECKED, Conflict
from engine.services.plans.approval import approve_plan
from engine.services.plans.conflicts import conflicts_on

NOTE = "Resolve each conflict. The chair can accept one with a reason."


def conflicts_of(reference: str) -> tuple[Conflict, ...]:
    """Return the conflicts of the newest version, as the person who is signed in sees the case."""
    return conflicts_on(record.runtime().context(session.acting()), reference=reference)


def draw(reference: str) -> None:
    """Draw the button of the check, and the sentence that is the same for every plan."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Check for conflicts", key="check-conflicts"):
            with show_errors():
                _show(reference)
        markup.draw(markup.element("p", PLACES_ARE_CHECKED, class_="sub"))


@st.dialog("Conflict check", width="large")
def _show(reference: str) -> None:
    """Show each conflict of the newest version, and what resolves it."""
    conflicts = conflicts_of(reference)
    if not conflicts:
        markup.draw(markup.element("p", "No conflict found in the text and dates of the actions."))
        return
    markup.draw(
        markup.table(
            ("Action", "Conflict", "To resolve it"),
            [(each.named, each.says, each.resolve) for each in conflicts],
            caption=f"{words.counted(len(conflicts), 'conflict')} in this version. {NOTE}",
        )
    )


@st.dialog("Approve plan with conflicts", width="large", dismissible=False)
def accept(reference: str, version: int) -> None:
    """Ask for the chair's reason to accept each conflict, and approve the version."""
    key = "accept-conflicts"
    draft = FormDraft(DraftForm.APPROVAL, reference, f"approval-{reference}")
    draft.top()
    conflicts = conflicts_of(reference)
    fields = {each.key: f"{key}-{each.key.replace(':', '-')}" for each in conflicts}
    reasons = {}
    for each in conflicts:
        markup.draw(
            markup.element("p", markup.element("b", f"{each.named}: "), f"{each.says} {each.resolve}")
        )
        label = f"Reason to accept this conflict of action {each.action} ({each.rule.value})"
        reasons[each.key] = draft.text(fields[each.key], label, one_line=True).strip()
    with st.container(horizontal=True):
        approves = st.button("Approve plan", key=f"{key}-save", type="primary")
        if st.button("Leave without approving", key=f"{key}-leave"):
            st.rerun()
    if approves:
        with show_errors():
            if not all(reasons.values()):
                raise InvalidInputError("conflict", "give a reason for each, or leave and resolve it first")
            accepted = tuple(AcceptedConflict(conflict=name, because=why) for name, why in reasons.items())
            approve_plan(
                record.runtime().context(session.acting()),
                reference=reference,
                approval=ApprovalGiven(version=version, accepted=accepted),
            )
            draft.end(*fields.values())
            session.say_after_rerun(f"Version {version} of the plan is approved and in delivery.")
            st.rerun()
