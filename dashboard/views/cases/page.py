"""The case page, top to bottom as a conference works: who, what changed, who differs, what next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import assert_never

import streamlit as st

from dashboard import forms, markup, record, review_step, session, words
from dashboard.errors import show_errors
from dashboard.pages import Place, go
from dashboard.views.access import need_to_know
from dashboard.views.alarms import questions as alarm_questions
from dashboard.views.cases import (
    band,
    complaints,
    incidents,
    person_acts,
    plain_facts,
    responsible,
    stepping_up,
    trend,
)
from dashboard.views.cases import header as case_header
from dashboard.views.conference import amending, decisions, dissent, formulation, meeting, victim_words
from dashboard.views.links import panel as link_panel
from dashboard.views.orders import victim_not_reached
from dashboard.views.outcomes import agency_returns, follow_up, recording, victim_account
from dashboard.views.plans import changes
from dashboard.views.plans import in_case as plan_in_case
from dashboard.views.referrals import alarms
from dashboard.views.referrals import intake as referral_intake
from dashboard.views.responses import answer_by_hand, corrections, release, released, voices, withdrawal
from dashboard.views.rights import informing_victims, retention, victim_rights
from dashboard.views.sharing import log as sharing_log
from dashboard.views.vault import protected_details
from engine.domain.accounts.acting import CASE_WORKERS, COORDINATOR_AND_CHAIR, Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.lifecycle import Act
from engine.domain.cases.views import AgencyAnswerView, CaseView
from engine.domain.errors import RecordError, StacError
from engine.domain.responses.answers import AnswerState
from engine.services.access.conflicts import question
from engine.services.access.reasons import reason_is_due
from engine.services.cases.views import view_case


def page() -> None:
    """Draw the case that the address names."""
    reference = session.open_reference()
    if reference is None:
        markup.draw(markup.page_title("Case", note="Choose a case from Worklist or Cases."))
        return
    with show_errors():
        view = _opened(reference)
        if view is not None:
            runtime = record.runtime()
            draw(
                view,
                acting=session.acting(),
                agencies=runtime.agencies_known,
                today=runtime.clock.today(),
            )


def _opened(reference: str) -> CaseView | None:
    """Return the case; None where a question comes before it. A refused case is no longer the open one.

    It stays the open one until then: the next click may end this run at any place, and a case that was
    forgotten first would be gone from the page and from its address.
    """
    context = record.runtime().context(session.acting())
    try:
        asked = question(context, reference=reference)
        if asked is not None:
            session.store_reference(asked.reference)
            need_to_know.ask(asked)
            return None
        if reason_is_due(context, reference=reference):
            session.store_reference(reference)
            need_to_know.ask_why(reference)
            return None
        view = view_case(context, reference=reference)
    except RecordError:
        raise  # the same case is read when the record can be read again
    except StacError:
        session.store_reference(None)
        raise
    session.store_reference(view.reference)
    return view


def draw(view: CaseView, *, acting: Acting, agencies: Sequence[AgencyKnown], today: date) -> None:
    """Draw everything that this person may see of it."""
    names = {agency.code: agency.name for agency in agencies}
    names |= {answer.agency: answer.agency_name for answer in view.answers}
    with st.container(key="casebar"):
        markup.draw(case_header.bar(view, room=session.room_view(), today=today))
    responsible.draw(view, acting, agencies, names)
    band.draw(view, acting=acting, agencies=agencies, today=today)
    markup.draw(plain_facts.line(view))
    person_acts.draw_buttons(view, acting)
    if view.is_restricted:
        markup.draw(need_to_know.RESTRICTED)
    victim_not_reached.draw(view.not_reached)
    if view.warning:
        markup.draw(
            markup.notice(
                "warning",
                (
                    f"It arrived {words.age(view.age_hours)} ago. Agencies are asked only after a "
                    "person screens it."
                ),
                heading=words.sentence(view.warning),
            )
        )
    alarm_questions.draw(view, acting)
    changes.draw(view, acting)
    markup.draw(case_header.strip(view, agencies=names, today=today))
    _draw_acts(view, acting)
    if not view.answers:
        _draw_referral(view)
    planned_by = {code: name for code, name in names.items() if code in {each.code for each in agencies}}
    plan_in_case.draw(view, acting=acting, agencies=planned_by, today=today)
    decisions.draw(view, names)
    victim_words.draw(view)
    victim_words.draw_withdrawals(view, acting)
    _draw_formulation(view)
    if view.answers:
        released.draw(view)
    _draw_more(view, acting, names, today)
    follow_up.draw_endings(view, acting)
    review_step.draw_again()


class Part(StrEnum):
    """A part of the page that is drawn when it is asked for; it stays open on the next case."""

    INCIDENTS = "Incidents and links"
    FACTS = "Facts in the order of time"
    TREND = "Incident trends, with tests"
    OTHERS = "Linked cases"
    REFERRAL = "Referral and screening"
    OUTCOMES = "Outcomes"
    HISTORY = "History and people"


def _draw_more(view: CaseView, acting: Acting, names: Mapping[str, str], today: date) -> None:
    """Draw the choice of the other parts, each with how much is in it, and those that are chosen."""
    markup.draw(markup.heading("More on this case", at="more"))
    outcomes = str(len(view.outcomes)) if view.outcomes else "not yet known"
    counts = {
        Part.INCIDENTS: str(len(view.incidents)),
        Part.FACTS: str(len(view.facts)),
        Part.OTHERS: str(len(view.other_involvements)),
        Part.OUTCOMES: outcomes,
        Part.HISTORY: str(len(view.history)),
    }
    chosen = st.pills(
        "Show these parts",
        [part for part in Part if part is not Part.TREND or view.trend is not None],
        selection_mode="multi",
        format_func=lambda part: f"{part.value} ({counts[part]})" if part in counts else part.value,
        key="case-parts",
        label_visibility="collapsed",
    )
    for part in Part:
        if part in chosen:
            _draw_part(part, view, acting, names, today)


def _draw_part(part: Part, view: CaseView, acting: Acting, names: Mapping[str, str], today: date) -> None:
    match part:
        case Part.INCIDENTS:
            left, right = st.columns([7, 5], gap="medium")
            with left:
                incidents.draw(view, today=today)
            with right:
                link_panel.draw(view.reference)
        case Part.FACTS:
            plain_facts.draw(view, names)
        case Part.TREND:
            trend.draw(view)
        case Part.OTHERS:
            follow_up.draw_others(view.other_involvements, of_episode=view.episode)
        case Part.REFERRAL:
            if view.answers:  # else it is open above: nothing else is known yet
                _draw_referral(view)
        case Part.OUTCOMES:
            asks = acting.role in CASE_WORKERS and view.decision is not None
            if asks and st.button("Outcomes from agencies", key="agency-outcomes"):
                agency_returns.dialog(view.reference)
            recording.draw_outcomes(view)
            victim_account.draw(view.reference)
        case Part.HISTORY:
            follow_up.draw_history(view)
        case _:
            assert_never(part)


def _draw_formulation(view: CaseView) -> None:
    markup.draw(markup.heading("Risk formulation by agency", at="formulation"))
    nobody = voices.nobody(view)
    if nobody is not None:
        markup.draw(nobody)
    if not view.answers:
        markup.draw(markup.none_recorded("Agencies are asked only after a person screens the referral."))
        return
    markup.draw(formulation.matrix(view))


def _draw_acts(view: CaseView, acting: Acting) -> None:
    """Draw what may be done next, and the switch for the meeting's screen."""
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="case-acts"
    ):
        st.toggle(
            "Meeting view",
            key=session.ROOM_KEY,
            help="Larger text and initials only, for a shared screen",
        )
        _draw_buttons(view, acting)


def _draw_buttons(view: CaseView, acting: Acting) -> None:
    """Draw what may be done next. At most one button is filled: what the case now waits for."""
    acts = set(view.allowed_acts)
    need_to_know.draw_buttons(view, acting)
    protected_details.draw_button(view, acting)
    _draw_keeping(view, acting)
    if acting.role in CASE_WORKERS:
        _draw_own_answer(view, acting)
        dissent.draw_button(view, acting)
        forms.button(incidents.recording(view.reference), "Record incident", key="record-incident")
        complaints.draw_buttons(view, acting)
        if view.screening is not None and st.button("Record outcome", key="record-outcome"):
            recording.begin(view)
        victim_account.draw_buttons(view, acting)
    if acting.role in COORDINATOR_AND_CHAIR:
        if Act.SCREEN.value in acts and st.button(
            "Screen again" if view.screening else "Screen", key="to-screening"
        ):
            go(Place.SCREENING, view.reference)
        if not band.offers_step_up(view):
            stepping_up.draw_button(view)
        if Act.RECORD_SAFEGUARDING.value in acts:
            forms.button(follow_up.safeguarding(view.reference), "Record safeguarding", key="safeguarding")
    if acting.role is Role.CHAIR:
        if Act.OPEN_CONFERENCE.value in acts and st.button(
            "Open conference", key="start-conference", type="primary"
        ):
            meeting.start(view.reference, view.answers)
        if Act.DECIDE.value in acts and st.button("Record decision", key="record-decision", type="primary"):
            meeting.begin_decision(view)
        amending.draw_button(view)


def _draw_keeping(view: CaseView, acting: Acting) -> None:
    """Draw what concerns the record of the case rather than its work, behind one button."""
    if acting.role not in CASE_WORKERS:
        return
    with st.popover("Records and rights", key="record-and-rights"):
        sharing_log.draw_button(view, acting, _own(view.answers, acting))
        corrections.draw_button(view, acting)
        retention.draw_button(view, acting)
        victim_rights.draw_button(view, acting)
        informing_victims.draw_button(view, acting)


def _draw_own_answer(view: CaseView, acting: Acting) -> None:
    own = _own(view.answers, acting)
    if own is None or own.state is AnswerState.NOT_ASKED:
        return
    if own.state is AnswerState.WAITING_RELEASE and st.button("Review and release", key="read-and-release"):
        release.ask(view.reference, own.agency, own)
    if withdrawal.may_be_withdrawn(own) and st.button("Withdraw an item", key="withdraw-item"):
        withdrawal.dialog(view.reference, own)
    if st.button("Write a response", key="answer-by-hand"):
        answer_by_hand.begin(view.reference, own.agency, base=own.version or 0)


def _own(answers: Sequence[AgencyAnswerView], acting: Acting) -> AgencyAnswerView | None:
    return next((answer for answer in answers if acting.speaks_for(answer.agency)), None)


def _draw_referral(view: CaseView) -> None:
    if session.room_view():
        markup.draw(
            markup.none_recorded("The referral is not shown in meeting view because it contains names.")
        )
        return
    markup.draw(markup.element("div", id="referral"))
    alarms.draw(view.alarms, view.reference, may_acknowledge=False)
    referral_intake.draw_people(view)
    referral_intake.draw_reason(view)
    referral_intake.draw_position(view)
    if view.screening is not None:
        referral_intake.draw_screening(view.screening, _numbers(view))


def _numbers(view: CaseView) -> Mapping[str, str]:
    """Return the label of an incident where only its reference is known."""
    return {
        incident.reference: incident.happened.in_words()
        if incident.happened
        else "an incident without a date"
        for incident in view.incidents
    }
