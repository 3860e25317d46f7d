"""Findings on complaints about the victim: only a court or the panel makes one vexatious."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from dashboard import days, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from dashboard.views.cases.incidents import named
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting, Role
from engine.domain.cases.complaints import ComplaintFindingGiven, ComplaintFound, FoundBy
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.views import CaseView, IncidentView
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError
from engine.services.cases.complaints import record_complaint_finding, withdraw_complaint_finding

_ALLEGED = "A complaint about the victim is alleged until a court or the panel finds otherwise."


def draw_button(view: CaseView, acting: Acting) -> None:
    """Draw the button of the dialog where the case has a complaint, for coordinators and chair."""
    there = [each for each in view.incidents if IncidentKind.VEXATIOUS in each.kinds]
    may_record = there and acting.role in COORDINATOR_AND_CHAIR
    if may_record and st.button("Finding on a complaint", key="complaint-finding"):
        _draft(view.reference).begin()
        _dialog(view.reference, there, view.complaints_found, acting)


def _draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.COMPLAINT_FINDING, reference, f"complaint-finding-{reference}")


@st.dialog("Finding on a complaint about the victim")
def _dialog(
    reference: str, complaints: list[IncidentView], have_finding: Collection[str], acting: Acting
) -> None:
    draft = _draft(reference)
    st.caption(_ALLEGED)
    by_reference = {each.reference: each for each in complaints}
    incident = st.selectbox(
        "Complaint",
        list(by_reference),
        format_func=lambda each: named(by_reference[each]),
        key=f"{draft.key}-of",
    )
    found = st.radio(
        "It was found",
        list(ComplaintFound),
        index=None,
        format_func=lambda each: words.sentence(each.value),
        key=f"{draft.key}-found",
    )
    who = [each for each in FoundBy if each is FoundBy.COURT or acting.role is Role.CHAIR]
    found_by = st.radio(
        "By", who, index=None, format_func=lambda each: words.sentence(each.value), key=f"{draft.key}-by"
    )
    when = days.field("Date of the finding", key=f"{draft.key}-on")
    may_withdraw = incident in have_finding
    asked = "Record of the finding, or why you withdraw it" if may_withdraw else "Record of the finding"
    source = draft.text("source", asked, one_line=True)
    draft.remember()
    with st.container(horizontal=True):
        records = st.button("Record", key=f"complaint-finding-do-{reference}", type="primary")
        withdraws = may_withdraw and st.button(
            "Withdraw the finding", key=f"complaint-finding-withdraw-{reference}"
        )
    if not (records or withdraws):
        return
    with show_errors():
        context = record.runtime().context(session.acting())
        day = days.read("date of the finding", when)
        if withdraws:
            withdraw_complaint_finding(context, reference=reference, incident=incident, why=source)
        elif found is None or found_by is None or day is None:
            raise InvalidInputError("finding", "choose what was found, by whom, and the date")
        else:
            given = ComplaintFindingGiven(found=found, found_by=found_by, found_on=day, source=source.strip())
            record_complaint_finding(context, reference=reference, incident=incident, given=given)
        draft.end()
        session.say_after_rerun(f"The finding on {incident} is {'withdrawn' if withdraws else 'recorded'}.")
        st.rerun()
