"""The plan: who does what by when. One dialog changes it, another reports on an action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from dashboard import markup, plan_edits, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from dashboard.views.plans import editor, gate, sides
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.cases.lifecycle import Act
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.domain.errors import ConflictError, InvalidInputError
from engine.domain.plans.actions import ActionStatus, PlanGiven
from engine.domain.plans.views import ActionView, PlanView
from engine.domain.shown import shown
from engine.services.cases.views import view_case
from engine.services.plans.actions import act
from engine.services.plans.versions import make_plan


def draw(view: CaseView, *, acting: Acting, agencies: Mapping[str, str], today: date) -> None:
    """Draw the plan by its sides with what may be done, and before approval what it still needs."""
    plan = view.plan
    if editor.is_open(view.reference):
        markup.draw(markup.heading("Plan: you are editing it", at="plan"))
        editor.draw(view.reference, agencies, today)
        return
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        markup.draw(markup.heading(sides.title(plan) if plan else "Plan", at="plan"))
        with st.container(horizontal=True, horizontal_alignment="right", width="content"):
            reportable = _reportable(plan, acting)
            if reportable and st.button("Update an action", key="report-action"):
                _report(view.reference, reportable)
            may_plan = Act.PLAN.value in view.allowed_acts and acting.role in COORDINATOR_AND_CHAIR
            if may_plan and st.button("Edit by side" if plan else "Write by side", key="edit-sides"):
                editor.begin(view.reference, plan)
                st.rerun()
            if may_plan and st.button("Edit plan" if plan else "Write plan", key="edit-plan"):
                session.keep(_theirs(view.reference), None)
                edit(view.reference, plan, dict(agencies))
            if plan is not None:
                gate.draw_approve(view.reference, plan, acting)
    if plan is None:
        markup.draw(markup.none_recorded("A plan has not been written."))
        return
    markup.draw(markup.element("p", sides.caption(plan), class_="sub"))
    sides.draw(plan, agencies, today)
    known = record.runtime().agencies_known
    speaks = any(agency.speaks_for_victim and acting.speaks_for(agency.code) for agency in known)
    gate.draw(view.reference, plan, acting=acting, agencies=agencies, speaks_for_victim=speaks)


@st.dialog("Edit plan", width="large", dismissible=False)
def edit(reference: str, plan: PlanView | None, agencies: dict[str, str]) -> None:
    """Change the plan and save it once. Another user's save in between is shown, and yours is not lost."""
    import pandas  # the page without this dialog needs none

    opened_on = plan.actions if plan else ()
    theirs: PlanView | None = session.stored_value(_theirs(reference), PlanView)
    key = f"plan-{reference}-{plan.version if plan else 0}"
    rows = [plan_edits.as_row(action, agencies) for action in opened_on]
    above = st.container()
    if theirs is not None:
        with above:
            markup.draw(_conflict(theirs, agencies))
    with st.form(f"{key}-form", border=False, enter_to_submit=False):
        st.data_editor(
            pandas.DataFrame(rows, columns=list(plan_edits.COLUMNS)).astype({"Due": "datetime64[ns]"}),
            hide_index=True,
            num_rows="dynamic",
            key=key,
            alt=("Plan actions. Each row has an action, an agency, an owner, a due date and a risk domain."),
            column_config={
                "Action": st.column_config.TextColumn(width="large"),
                "Agency": st.column_config.SelectboxColumn(options=list(agencies.values())),
                "Owner": st.column_config.TextColumn(),
                "Due": st.column_config.DateColumn(format="D MMM YYYY"),
                "Risk domain": st.column_config.SelectboxColumn(options=list(plan_edits.DOMAIN_WORDS)),
            },
        )
        reason = st.text_input("Reason for the change", key=f"{key}-reason", max_chars=600)
        departs = st.text_input(
            "Why the plan departs from the victim's wishes (leave blank if it does not)",
            key=f"{key}-departs",
            max_chars=600,
        )
        base = theirs or plan
        saved = st.form_submit_button("Save plan", type="primary", key=f"{key}-save")
    if st.button("Leave without saving", key=f"{key}-leave"):
        session.keep(_theirs(reference), None)
        st.rerun()
    if saved:
        with show_errors():
            if not reason.strip():
                raise InvalidInputError("reason", "give the reason for the change in one line")
            changes = session.editor_changes(key, plan_edits.EDITABLE)
            newest = base.actions if base else ()
            given = PlanGiven(
                actions=plan_edits.planned(
                    opened_on=opened_on,
                    newest=newest,
                    changes=changes,
                    names=agencies,
                    today=record.runtime().clock.today(),
                ),
                reason=reason,
                base_version=base.version if base else 0,
                departs_from_wishes=departs.strip() or None,
            )
            newer = _save(reference, given, agencies)
            if newer is not None:
                session.keep(_theirs(reference), newer)
                with above:
                    markup.draw(_conflict(newer, agencies))


def _save(reference: str, given: PlanGiven, agencies: Mapping[str, str]) -> PlanView | None:
    """Save and close; or, where another user saved first, return what they saved."""
    runtime = record.runtime()
    acting = session.acting()
    try:
        done = make_plan(runtime.context(acting), reference=reference, plan=given, agencies=tuple(agencies))
    except ConflictError:
        newest = view_case(runtime.context(acting), reference=reference)
        return newest.plan
    session.keep(_theirs(reference), None)
    session.say_after_rerun(f"The plan is saved as version {done.version}.")
    st.rerun()


def _conflict(theirs: PlanView, agencies: Mapping[str, str]) -> markup.Markup:
    rows = [
        (action.what, agencies.get(action.agency, action.agency), action.owner, words.day(action.due))
        for action in theirs.actions
    ]
    return markup.join(
        [
            markup.notice(
                "warning",
                (
                    f"{session.named(theirs.by)} saved version {theirs.version} while you were "
                    f"editing ({theirs.reason}). Your changes are not saved, but are shown "
                    "below. Save again to add your changes to that version. Rows that you did "
                    "not change stay as they are in that version."
                ),
                heading="Another version was saved first",
            ),
            markup.table(
                ("Action", "Agency", "Owner", "Due"), rows, caption=f"Saved first: version {theirs.version}"
            ),
        ]
    )


def _theirs(reference: str) -> str:
    return f"plan-theirs-{reference}"


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
