"""One item of a conference: the views of agencies, what is missing, the decision, dissent and actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.pages import Place
from dashboard.views.cases import plain_facts
from dashboard.views.conference import (
    about_item,
    amending,
    decisions,
    dissent,
    formulation,
    meeting,
    remarks,
    victim_words,
)
from dashboard.views.orders import in_item, victim_not_reached
from dashboard.views.plans import in_case as plan_in_case
from dashboard.views.responses import voices
from engine.domain.accounts.acting import Acting
from engine.domain.cases.lifecycle import Act
from engine.domain.cases.views import AgencyAnswerView, CaseView
from engine.domain.conference.agenda import ItemView
from engine.domain.conference.attendance import AttendanceAct, Stay
from engine.domain.conference.meetings import Conference
from engine.domain.conference.risk import Attendance
from engine.services.cases.following import ItemHead, ItemRest, view_item_case
from engine.services.conference.meetings import ConferenceView
from engine.services.conference.room import ItemPeople


def draw_with_decision(view: ConferenceView, item: ItemView, head: ItemHead, *, acting: Acting) -> None:
    """Draw the whole item for a chair: who presides has the fields of the decision beside it."""
    rest = read_rest(view, head, acting=acting)
    case, people = rest.case, head.people
    decides = (
        view.conference.is_presided_by(acting.user)
        and item.is_on_screen
        and Act.DECIDE.value in case.allowed_acts
    )
    attended = [_attended(answer, people, view) for answer in case.answers]
    if not decides:
        _draw_top(item, case, acting=acting)
        draw_head(item, head, acting=acting)
        draw_rest(view.conference, item, people, rest, acting=acting, has_top=True)
        if item.is_on_screen:
            amending.draw_button(case, attended=attended)
        return
    left, right = st.columns([7, 4], gap="medium")
    with left:
        _draw_top(item, case, acting=acting)
        draw_head(item, head, acting=acting)
        draw_rest(view.conference, item, people, rest, acting=acting, has_top=True)
    with right, st.container(key="decision-column"):
        note = "Attendance is taken from this conference."
        markup.draw(markup.heading("Decision", at="decide", note=note))
        meeting.decide_in_place(case, attended=attended)


def draw_head(item: ItemView, head: ItemHead, *, acting: Acting) -> None:
    """Draw people and quorum, and the views of agencies."""
    _draw_people(item, head.people, head.case, _names(head.answers))
    markup.draw(markup.heading("Views by agency", at="views"))
    views = formulation.side_by_side(
        head.answers, is_open=head.is_open, own=acting.agency, newest=head.newest
    )
    markup.draw(views)


def draw_rest(
    there: Conference,
    item: ItemView,
    people: ItemPeople,
    rest: ItemRest,
    *,
    acting: Acting,
    has_top: bool = False,
) -> None:
    """Draw the top unless the page has it, decision, orders, victim's words, dissent, actions, remarks.

    A follower's page draws the head first, which has not read the case.
    """
    case, agencies = rest.case, _names()
    names = _names(case.answers)
    decisions.draw(case, names, with_levels=True)  # the panel's levels are below those of the agencies
    dissent.draw_asked_aloud(there, case, people, acting, names)
    if not has_top:
        _draw_top(item, case, acting=acting)
    victim_not_reached.draw(case.not_reached)
    in_item.draw(case.reference, rest.orders)
    victim_words.draw_in_item(case, acting)
    dissent.draw_in_item(case, acting)
    plan_in_case.draw(case, acting=acting, agencies=agencies, today=record.runtime().clock.today())
    remarks.draw(there, case.reference, rest.remarks, people, acting=acting, agencies=names)


def _draw_top(item: ItemView, case: CaseView, *, acting: Acting) -> None:
    """Draw why the case is here, what is new, the facts, and that no agency speaks for the victim."""
    about_item.draw(item, case, acting=acting, today=record.runtime().clock.today())
    markup.draw(plain_facts.line(case))
    nobody = voices.nobody(case)
    if nobody is not None:
        markup.draw(nobody)


def read_rest(view: ConferenceView, head: ItemHead, *, acting: Acting) -> ItemRest:
    """Read the whole case of the item, and what was said about it."""
    context = record.runtime().context(acting)
    return view_item_case(context, conference=view.conference.reference, case=head.case)


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


def _names(answers: Sequence[AgencyAnswerView] = ()) -> dict[str, str]:
    """Return the names of agencies by code: installed ones, and those that answered and are no longer."""
    installed = {agency.code: agency.name for agency in record.runtime().agencies_described}
    return {**installed, **{answer.agency: answer.agency_name for answer in answers}}


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
