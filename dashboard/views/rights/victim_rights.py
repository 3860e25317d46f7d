"""Primary role and victim information requests: what is recorded, and what this person may decide."""

from __future__ import annotations

import streamlit as st

from dashboard import days, markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from engine.domain.access.primary_roles import RolesOnCase
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.domain.rights.information_requests import BINDS, RequestDecided, RequestGiven, VictimRequest
from engine.domain.shown import shown
from engine.services.access import primary_roles
from engine.services.rights import victim_requests


def draw_button(view: CaseView, acting: Acting) -> None:
    """Draw the button of the dialog, for those who work the case."""
    if view.is_worked_by(acting) and st.button("Roles and information requests", key="victim-rights"):
        _draft(view.reference).begin()
        dialog(view.reference)


@st.dialog("Roles and information requests", width="large")
def dialog(reference: str) -> None:
    """Show the roles, then the requests."""
    draw(reference)


def _draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.VICTIM_REQUEST, reference, f"rights-{reference}")


def draw(reference: str) -> None:
    """Draw what is recorded, and what this person may say."""
    draft = _draft(reference)
    draft.top()
    with show_errors():
        acting = session.acting()
        there = primary_roles.roles_on_case(record.runtime().context(acting), reference=reference)
        _draw_roles(there, acting, draft)
        markup.draw(markup.heading("Victim information requests", at="victim-requests", level=3))
        markup.draw(markup.element("p", BINDS, class_="sub"))
        requests = victim_requests.requests_on(record.runtime().context(acting), reference=reference)
        if not requests:
            markup.draw(markup.none_recorded("No requests that you can see."))
        for request in requests:
            _draw_request(request, acting, draft)
        if acting.role is not Role.PRACTITIONER:
            _draw_new(reference, acting, draft)
    draft.remember()


def _draw_roles(there: RolesOnCase, acting: Acting, draft: FormDraft) -> None:
    markup.draw(
        markup.element("p", "The victim's role is ", markup.element("b", words.label(there.standing)), ".")
    )
    if there.mirrored:
        sentence = (
            f"Counter-allegation: see {words.listed(list(there.mirrored))}. Different people "
            "must work on each case until the panel assesses which person is the victim."
        )
        markup.draw(markup.notice("warning", sentence))
    for named in there.investigators:
        markup.draw(markup.element("p", f"{session.named(named.user)} works on both cases: {named.why}"))
    for assessed in there.assessments:
        said = "the assessed victim" if assessed.is_primary else "not the assessed victim"
        markup.draw(
            markup.element(
                "p",
                f"Assessed as {said}, {session.named(assessed.by)}, "
                f"{words.moment(assessed.at)}: {assessed.why}",
            )
        )
    if not there.may_assess:
        return
    why = st.text_input("The panel's reasons", key=f"{draft.key}-roles-why")
    with st.container(horizontal=True):
        for label, primary in (
            ("Record as the assessed victim", True),
            ("Record as not the assessed victim", False),
        ):
            if st.button(label, key=f"roles-{primary}"):
                primary_roles.assess_roles(
                    record.runtime().context(acting), reference=there.reference, is_primary=primary, why=why
                )
                _after(draft, "The panel's judgement on the roles is recorded.")


def _draw_request(request: VictimRequest, acting: Acting, draft: FormDraft) -> None:
    given = request.given
    markup.draw(
        markup.element("p", markup.element("b", f"{request.reference} to {given.agency}: "), given.what)
    )
    facts: list[markup.Content] = [
        f"Why: {given.why}",
        f"Necessary: {given.necessary}",
        f"Handled: {given.handled}",
    ]
    if given.counselling_needed:
        facts.append(f"Counselling information, needed because: {given.counselling_needed}")
    decided = request.decided
    if decided is not None and decided.is_met:
        text = (
            f"The victim was informed on {decided.notice_on:%-d %B %Y}, {decided.notice_how}"
            if decided.notice_on
            else f"The victim was not informed: {decided.no_notice_because}"
        )
        made_by = decided.authorised_person or markup.none_recorded("not recorded")
        facts += [markup.join(["Authorised person: ", made_by]), text]
    markup.draw(markup.bullets([*facts, request.stands]))
    if decided is None and acting.role is Role.CHAIR:
        _draw_decision(request, acting, draft)
    if request.answered is None and acting.speaks_for(given.agency):
        why = st.text_input("Reason, in one line", key=f"{draft.key}-why-{request.reference}")
        with st.container(horizontal=True):
            for label, refuses in (("We will respond on the case", False), ("We refuse", True)):
                if st.button(label, key=f"request-answer-{request.reference}-{refuses}"):
                    victim_requests.answer_request(
                        record.runtime().context(acting), request=request.reference, refuses=refuses, why=why
                    )
                    _after(draft, f"{request.reference}: recorded.")


def _draw_decision(request: VictimRequest, acting: Acting, draft: FormDraft) -> None:
    key, fields = request.reference, f"{draft.key}-{request.reference}"
    who = st.text_input(
        "Authorised person who makes the request: name and office",
        key=f"{fields}-authorised",
        max_chars=600,
    )
    why = st.text_input("Why the test is met, or not", key=f"{fields}-why")
    day = days.field("Date of the written notice", key=f"{fields}-notice")
    how = st.text_input("How the notice was given", key=f"{fields}-notice-how")
    not_told = st.text_input("Or why no notice was given", key=f"{fields}-no-notice")
    with st.container(horizontal=True):
        for label, met in (("The test is met", True), ("It is not met", False)):
            if st.button(label, key=f"request-decide-{key}-{met}"):
                decision = RequestDecided.model_validate(
                    {
                        "is_met": met,
                        "authorised_person": (who or None) if met else None,
                        "why": why,
                        "notice_on": days.read("date of the written notice", day) if met else None,
                        "notice_how": (how or None) if met else None,
                        "no_notice_because": (not_told or None) if met else None,
                    }
                )
                victim_requests.decide_request(
                    record.runtime().context(acting), request=key, decision=decision
                )
                _after(draft, f"{key}: recorded.")


def _draw_new(reference: str, acting: Acting, draft: FormDraft) -> None:
    runtime = record.runtime()
    asked = [agency.code for agency in runtime.agencies_known if not agency.speaks_for_victim]
    with st.expander("Draft a request", key="request-new"):
        agency = st.selectbox(
            "Agency",
            asked,
            format_func=lambda code: shown(record.agency_named(code)),
            key=f"{draft.key}-agency",
        )
        what = st.text_input("Information requested, and its period", key=f"{draft.key}-what")
        why = st.text_input("Purpose", key=f"{draft.key}-for-what")
        necessary = st.text_input("Why it is necessary and proportionate", key=f"{draft.key}-necessary")
        handled = st.text_input("How it will be handled, and who handles it", key=f"{draft.key}-handled")
        needed = st.text_input(
            "If it is counselling information: why it is still needed", key=f"{draft.key}-counselling"
        )
        if st.button("Draft request", key="request-draft"):
            given = {
                "agency": agency,
                "what": what,
                "why": why,
                "necessary": necessary,
                "handled": handled,
                "is_counselling": bool(needed),
                "counselling_needed": needed or None,
            }
            drafted = victim_requests.ask_about_victim(
                record.runtime().context(acting),
                reference=reference,
                request=RequestGiven.model_validate(given),
            )
            _after(draft, f"{drafted.reference} is drafted. The chair records who makes the request.")


def _after(draft: FormDraft, said: str) -> None:
    draft.end()
    session.say_after_rerun(said)
    st.rerun()
