"""Conferences: all that this person has a part in, planning a new one, and the page of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

import streamlit as st

from dashboard import days, markup, record, session, words
from dashboard.errors import show_errors
from dashboard.views.conference import in_session, minutes, parts, planning, room
from dashboard.views.conference.parts import CONFERENCE, Part
from engine.domain.accounts.acting import CASE_WORKERS, COORDINATOR_AND_CHAIR, Acting, Role, User
from engine.domain.conference.meetings import Conference, ConferenceGiven, ConferenceState
from engine.domain.errors import InvalidInputError
from engine.domain.shown import shown
from engine.services.accounts.users import list_users
from engine.services.cases.following import read_conference
from engine.services.conference.meetings import (
    ConferenceView,
    create_conference,
    list_conferences,
    view_conference,
)


def page() -> None:
    """Draw the conference that the address names, or the list of all."""
    with show_errors():
        context = record.runtime().context(session.acting())
        reference = session.query(CONFERENCE)
        if reference is None:
            draw(list_conferences(context), acting=session.acting())
            return
        draw_one(read_conference(context, conference=reference), acting=session.acting())


def draw_one(there: Conference, *, acting: Acting) -> None:
    """Draw the part of a conference that the address names."""
    part = parts.chosen(there)
    match part:
        case Part.PLANNING:
            planning.draw(_with_head(there.reference, part, acting), acting=acting)
        case Part.IN_SESSION:
            in_session.draw(there.reference)
        case Part.MINUTES:
            _with_head(there.reference, part, acting)
            minutes.page(there.reference, acting=acting)
        case Part.ROOM:
            room.page(there.reference, acting=acting)
        case _:
            assert_never(part)


def _with_head(reference: str, part: Part, acting: Acting) -> ConferenceView:
    view = view_conference(record.runtime().context(acting), conference=reference)
    markup.draw(parts.head(view, part))
    return view


def draw(listed: Sequence[Conference], *, acting: Acting) -> None:
    """Draw the list, the newest date first, and the button that plans another."""
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        markup.draw(markup.page_title("Conferences", note=_lead(listed)))
        if acting.role in COORDINATOR_AND_CHAIR and st.button(
            "Plan a conference", key="plan-conference", type="primary"
        ):
            plan_new(acting)
    if not listed:
        markup.draw(markup.notice("info", "No conference is planned that you have a part in."))
        return
    rows = [
        (
            parts.link(words.day(each.held_on, year=True), each.reference),
            parts.state_tag(each.state),
            each.place or markup.none_recorded(),
            session.named(each.chair),
            session.named(each.deputy) if each.deputy else markup.none_recorded("Not named"),
            session.named(each.minute_taker) if each.minute_taker else markup.none_recorded("Not named"),
            each.reference,
        )
        for each in listed
    ]
    headers = ("Date", "Status", "Place", "Chair", "Deputy", "Minute taker", "Reference")
    markup.draw(markup.table(headers, rows, caption="Conferences that you have a part in"))


def _lead(listed: Sequence[Conference]) -> str:
    sitting = sum(each.state is ConferenceState.IN_SESSION for each in listed)
    planned = sum(each.state is ConferenceState.PLANNED for each in listed)
    return f"{sitting} in session, {planned} planned."


@st.dialog("Plan a conference")
def plan_new(acting: Acting) -> None:
    """Ask for the date, the place and the people; cases come on the agenda next."""
    users = [user for user in list_users(record.runtime().context(acting)) if user.active]
    chairs = [user for user in users if user.role is Role.CHAIR]
    held_on = days.field("Date", key="conference-date")
    place = st.text_input("Room, or link of a call", key="conference-place", max_chars=200)
    own = next((number for number, user in enumerate(chairs) if user.name == acting.user), None)
    chair = _choice("Chair", chairs, key="conference-chair", index=own)
    deputy = _choice("Deputy, if the chair has a conflict of interest", chairs, key="conference-deputy")
    takers = [user for user in users if user.role in CASE_WORKERS]
    minute_taker = _choice("Minute taker", takers, key="conference-minutes")
    if not st.button("Plan the conference", key="conference-save", type="primary"):
        return
    with show_errors():
        day = days.read("date", held_on)
        if day is None:
            raise InvalidInputError("date", "give the date of the conference, such as 9 March 2026")
        given = ConferenceGiven(
            held_on=day, place=place.strip() or None, chair=chair, deputy=deputy, minute_taker=minute_taker
        )
        planned = create_conference(record.runtime().context(acting), given=given)
        parts.go_to(planned.reference)
        session.say_after_rerun(f"Conference {planned.reference} is planned. Now build its agenda.")
        st.rerun()


def _choice(label: str, users: Sequence[User], *, key: str, index: int | None = None) -> str | None:
    names = {user.name: user.display_name for user in users}
    return st.selectbox(
        label,
        list(names),
        index=index,
        key=key,
        format_func=lambda name: shown(names[name]),
        placeholder="Choose a person",
    )
