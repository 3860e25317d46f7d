"""Corrections asked of an owner: asking for one, and answering those of one's own items."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, record, session
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from dashboard.views.alarms.topics import ask_about_response
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.domain.responses.corrections import ChangeAsked
from engine.domain.rights.retention import DESK_OWNER
from engine.domain.shown import shown
from engine.services.responses import corrections


def draw_button(view: CaseView, acting: Acting) -> None:
    """Draw the button of the dialog, for those who work the case."""
    if view.is_worked_by(acting) and st.button("Corrections", key="corrections"):
        _draft(view.reference).begin()
        dialog(view)


def _draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.CHANGE_ASKED, reference, f"change-{reference}")


@st.dialog("Corrections", width="large")
def dialog(view: CaseView) -> None:
    """Show what is asked and answered, and a new request."""
    draw(view)


def draw(view: CaseView) -> None:
    """Draw requests that concern this person; then asking for one."""
    draft = _draft(view.reference)
    draft.top()
    with show_errors():
        acting = session.acting()
        there = corrections.changes_on(record.runtime().context(acting), reference=view.reference)
        if not there:
            markup.draw(markup.none_recorded("No corrections that you can see."))
        for asked in there:
            _draw_one(asked, acting, draft)
        _draw_new(view, acting, draft)
    draft.remember(without=("-item",))


def _draw_one(asked: ChangeAsked, acting: Acting, draft: FormDraft) -> None:
    of = "the STAC coordinator and chair" if asked.owner == DESK_OWNER else asked.owner
    head = markup.element("b", f"{asked.reference}, {asked.item} of {of}: ")
    markup.draw(markup.element("p", head, asked.what))
    markup.draw(markup.element("p", f"{session.named(asked.by)}. {asked.stands}", class_="sub"))
    owns = acting.speaks_for(asked.owner) or (
        asked.owner == DESK_OWNER and acting.role in COORDINATOR_AND_CHAIR
    )
    if asked.answered is not None or not owns:
        return
    key = asked.reference
    sentence = ""
    if asked.owner != DESK_OWNER:
        sentence = st.text_input(
            "New text of the finding (leave blank to withdraw the item)", key=f"{draft.key}-says-{key}"
        )
    why = st.text_input("Reason", key=f"{draft.key}-why-{key}")
    topics = ask_about_response(f"{draft.key}-{key}") if asked.owner != DESK_OWNER else {}
    with st.container(horizontal=True):
        for label, accept in (("Accept", True), ("Refuse", False)):
            if st.button(label, key=f"change-{key}-{accept}"):
                answered = corrections.answer_change(
                    record.runtime().context(acting),
                    request=key,
                    accept=accept,
                    why=why,
                    sentence=(sentence or None) if accept else None,
                    topics=topics if accept else None,
                )
                _after(draft, f"{key}: {answered.stands}")


def _draw_new(view: CaseView, acting: Acting, draft: FormDraft) -> None:
    findings = {
        f"{answer.agency}: {finding.says[:80]}": (answer.agency, finding.key)
        for answer in view.answers
        for finding in answer.findings
        if not acting.speaks_for(answer.agency)
    }
    desk = {
        f"STAC coordinator and chair: the {name}": (DESK_OWNER, name)
        for name in ("referral", "screening", "decision", "plan")
    }
    chosen = st.selectbox("Item to correct", [*findings, *desk], key=f"{draft.key}-item", format_func=shown)
    what = st.text_input("Error in it, and the correct text", key=f"{draft.key}-what")
    if st.button("Request correction", key="change-ask"):
        owner, item = {**findings, **desk}[chosen]
        asked = corrections.ask_change(
            record.runtime().context(acting), reference=view.reference, owner=owner, item=item, what=what
        )
        _after(draft, f"{asked.reference}: its owner is asked. You will see the owner's response.")


def _after(draft: FormDraft, said: str) -> None:
    draft.end()
    session.say_after_rerun(said)
    st.rerun()
