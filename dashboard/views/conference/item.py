"""One item of a conference: the views of agencies, what is missing, the decision, dissent and actions."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.pages import Place
from dashboard.views.conference import (
    amending,
    decisions,
    dissent,
    formulation,
    meeting,
    remarks,
    victim_words,
)
from dashboard.views.plans import in_case as plan_in_case
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.lifecycle import Act
from engine.domain.cases.views import AgencyAnswerView, CaseView
from engine.domain.conference.agenda import ItemView
from engine.domain.conference.attendance import AttendanceAct, Stay
from engine.domain.conference.meetings import Conference
from engine.domain.conference.risk import Attendance
from engine.services.access.conflicts import question
from engine.services.access.reasons import reason_is_due
from engine.services.cases.views import view_case
from engine.services.conference.meetings import ConferenceView
from engine.services.conference.room import ItemPeople, view_item_people


def page(view: ConferenceView, item: ItemView, reference: str, *, acting: Acting) -> None:
    """Read the case of the item and draw it, after the questions that come before a case opens."""
    runtime = record.runtime()
    context = runtime.context(acting)
    asked = question(context, reference=reference) is not None
    if asked or reason_is_due(context, reference=reference):
        markup.draw(
            markup.notice(
                "info",
                "You are asked a question before this case opens. ",
                markup.go("Answer it on the case", Place.CASE, reference),
                ", then return.",
            )
        )
        return
    people = view_item_people(context, conference=view.conference.reference, place=item.place)
    case = view_case(context, reference=reference)
    agencies = {agency.code: agency.name for agency in runtime.agencies_known}
    decides = (
        acting.role is Role.CHAIR
        and view.conference.is_presided_by(acting.user)
        and item.is_on_screen
        and Act.DECIDE.value in case.allowed_acts
    )
    attended = [_attended(answer, people, view) for answer in case.answers]
    if not decides:
        draw(view.conference, item, case, people, acting=acting, agencies=agencies)
        if acting.role is Role.CHAIR and item.is_on_screen:
            amending.draw_button(case, attended=attended)
        return
    left, right = st.columns([7, 4], gap="medium")
    with left:
        draw(view.conference, item, case, people, acting=acting, agencies=agencies)
    with right, st.container(key="decision-column"):
        note = "Attendance is taken from this conference."
        markup.draw(markup.heading("Decision", at="decide", note=note))
        meeting.decide_in_place(case, attended=attended)


def draw(
    there: Conference,
    item: ItemView,
    case: CaseView,
    people: ItemPeople,
    *,
    acting: Acting,
    agencies: Mapping[str, str],
) -> None:
    """Draw people and quorum, the views of agencies, the decision, dissent, actions and what was said."""
    names = {**agencies, **{answer.agency: answer.agency_name for answer in case.answers}}
    _draw_people(item, people, case.reference, names)
    markup.draw(markup.heading("Views by agency", at="views"))
    markup.draw(formulation.side_by_side(case, own=acting.agency))
    decisions.draw(case, names)
    victim_words.draw_in_item(case, acting)
    dissent.draw_in_item(case, acting)
    plan_in_case.draw(case, acting=acting, agencies=agencies, today=record.runtime().clock.today())
    remarks.draw(there, case.reference, people, acting=acting, agencies=names)


def _draw_people(item: ItemView, people: ItemPeople, reference: str, names: Mapping[str, str]) -> None:
    look = "t-done" if people.quorum.is_quorate else "t-missing"
    line = [
        markup.go(reference, Place.CASE, reference),
        markup.tag("Quorate" if people.quorum.is_quorate else people.quorum.in_words, look),
    ]
    present = [_named(stay, names) for stay in people.present]
    facts: list[tuple[markup.Content, markup.Content]] = [
        ("Present for this item", ", ".join(present) or markup.none_recorded("No person is recorded"))
    ]
    if people.out:
        out = ", ".join(_named(stay, names) for stay in people.out)
        facts.append(("Out for this item", f"{out}: conflict of interest"))
    if item.guests:
        facts.append(("Guests", ", ".join(item.guests)))
    if item.chair_note:
        facts.append(("Note for the chair", item.chair_note))
    if item.deferral:
        until = words.day(item.deferral.until, year=True)
        facts.append(
            (
                f"Deferred until {until}",
                f"{item.deferral.because} Meanwhile: {item.deferral.meanwhile}",
            )
        )
    markup.draw(markup.join([markup.element("p", markup.join(line, " ")), markup.definitions(facts)]))


def _named(stay: Stay, names: Mapping[str, str]) -> str:
    who = session.named(stay.user) if stay.user else stay.name or ""
    role = "observer" if stay.is_observer else names.get(stay.agency, stay.agency) if stay.agency else None
    return f"{who} ({role})" if role else who


def _attended(answer: AgencyAnswerView, people: ItemPeople, view: ConferenceView) -> Attendance:
    """Return an agency's attendance as this conference has recorded it, without those out of the item."""
    present = [
        session.named(stay.user)
        for stay in people.present
        if stay.agency == answer.agency and stay.user and not stay.is_observer
    ]
    acts = {each.act for each in view.absent if each.agency == answer.agency}
    return Attendance(
        agency=answer.agency,
        who=", ".join(present)[:120] or None,
        apologies=not present and AttendanceAct.APOLOGIES in acts,
        written_input=AttendanceAct.WRITTEN in acts,
    )
