"""The plan on its case, with what may be done: edit it, start an urgent action, report, approve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from dashboard.views.plans import editor, gate, offers, sides, urgent
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.cases.lifecycle import Act
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError
from engine.domain.plans.actions import ActionStatus
from engine.domain.plans.views import ActionView, PlanView
from engine.domain.shown import shown
from engine.services.plans.actions import act

_BEFORE_DECISION = "The panel has not decided yet. Its plan adds to these urgent safety actions."


def draw(view: CaseView, *, acting: Acting, agencies: Mapping[str, str], today: date) -> None:
    """Draw the plan by its sides with what may be done, and before approval what it still needs."""
    plan = view.plan
    if editor.is_open(view.reference):
        markup.draw(markup.heading("Plan: you are editing it", at="plan"))
        editor.draw(view.reference, agencies, today, proposals=offers.proposals_in(view.answers))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        markup.draw(markup.heading(sides.title(plan) if plan else "Plan", at="plan"))
        with st.container(horizontal=True, horizontal_alignment="right", width="content"):
            reportable = _reportable(plan, acting)
            if reportable and st.button("Update an action", key="report-action"):
                _report(view.reference, reportable)
            urgent.draw_button(view, acting)
            may_plan = Act.PLAN.value in view.allowed_acts and acting.role in COORDINATOR_AND_CHAIR
            if may_plan and st.button("Edit plan" if plan else "Write plan", key="edit-plan"):
                editor.begin(view.reference, plan)
                st.rerun()
            may_approve = Act.APPROVE_PLAN.value in view.allowed_acts
            if plan is not None and not plan.is_before_decision and may_approve:
                gate.draw_approve(view.reference, plan, acting)
    if plan is None:
        markup.draw(markup.none_recorded("A plan has not been written."))
        return
    markup.draw(markup.element("p", sides.caption(plan), class_="sub"))
    if plan.is_before_decision:
        markup.draw(markup.element("p", _BEFORE_DECISION, class_="sub"))
    sides.draw(plan, agencies, today)
    if plan.is_before_decision:
        return
    known = record.runtime().agencies_known
    speaks = any(agency.speaks_for_victim and acting.speaks_for(agency.code) for agency in known)
    gate.draw(
        view.reference,
        plan,
        acting=acting,
        agencies=agencies,
        speaks_for_victim=speaks,
        may_change=Act.PLAN.value in view.allowed_acts,
    )


def _reportable(plan: PlanView | None, acting: Acting) -> tuple[ActionView, ...]:
    """Return the actions in delivery that the person may report on: the coordinator and chair any,
    a practitioner the own agency's.
    """
    if plan is None:
        return ()
    if acting.role in COORDINATOR_AND_CHAIR:
        return plan.in_delivery
    return tuple(action for action in plan.in_delivery if acting.speaks_for(action.agency))


@st.dialog("Update an action")
def _report(reference: str, actions: Sequence[ActionView]) -> None:
    by_reference = {action.reference: action for action in actions}
    draft = FormDraft(DraftForm.ACTION, reference, "report")
    draft.top()
    chosen = st.selectbox(
        "Action",
        list(by_reference),
        format_func=lambda ref: f"{shown(by_reference[ref].what)} (due {words.day(by_reference[ref].due)})",
        key="report-which",
    )
    status = st.selectbox(
        "Status",
        list(ActionStatus),
        index=None,
        format_func=lambda each: words.sentence(each.value),
        key="report-status",
    )
    note = draft.text(
        f"{chosen}-note", "Note (required if not done or no longer possible)", rows=2, one_line=True
    )
    if st.button("Save", type="primary", key="report-save"):
        with show_errors():
            if status is None or chosen is None:
                raise InvalidInputError("status", "choose one")
            runtime = record.runtime()
            act(runtime.context(session.acting()), action=chosen, status=status, note=note.strip() or None)
            draft.end(f"{chosen}-note")
            session.say_after_rerun(f"Action {chosen} is now '{status.value}'.")
            st.rerun()
