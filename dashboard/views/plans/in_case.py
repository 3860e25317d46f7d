"""The plan on its case, with what may be done: edit it, start an urgent action, report, approve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated

import streamlit as st

from dashboard import forms, markup, record, words
from dashboard.form_model import Form
from dashboard.views.plans import editor, gate, offers, sides, urgent
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.asked import Asked
from engine.domain.base import Frozen
from engine.domain.cases.lifecycle import Act
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.domain.plans.actions import ActionStatus
from engine.domain.plans.views import ActionView, PlanView
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
            if reportable:
                forms.button(reporting(view.reference, reportable), "Update an action", key="report-action")
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


class _Report(Frozen):
    action: Annotated[str, Asked("Action", offered=True, code="which")]
    status: Annotated[ActionStatus, Asked("Status")]
    note: Annotated[str | None, Asked("Note (required if not done or no longer possible)", rows=2)] = None


def reporting(reference: str, actions: Sequence[ActionView]) -> Form[_Report, object]:
    """Return the form for the status of an action."""
    return Form(
        _Report,
        draft=DraftForm.ACTION,
        case=reference,
        key=f"report-{reference}",
        title="Update an action",
        offers={"action": {each.reference: f"{each.what} (due {words.day(each.due)})" for each in actions}},
        begins={"action": actions[0].reference if actions else None},
        button="Save",
        records=lambda context, given: act(
            context, action=given.action, status=given.status, note=given.note
        ),
        done=lambda given, _: f"Action {given.action} is now '{given.status.value}'.",
        undone_by="a newer status",
    )
