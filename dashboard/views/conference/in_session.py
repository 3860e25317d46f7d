"""A conference in session: its item on the screen, for the chair and for everyone who follows."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple, assert_never

import streamlit as st

from dashboard import markup, pulses, record, session, words
from dashboard.errors import show_errors
from dashboard.page_order import FOLLOWERS
from dashboard.pages import Place
from dashboard.pulse import component
from dashboard.pulse.component import Pulse
from dashboard.views.conference import item as item_page
from dashboard.views.conference import parts, room
from dashboard.views.conference.parts import Part
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting, Role
from engine.domain.conference.agenda import PRIVATE_ITEM, ItemView
from engine.domain.conference.meetings import ConferenceState
from engine.domain.conference.timer import TimerAct
from engine.services.cases.following import Followed, ItemHead, follow_conference
from engine.services.conference import session as sessions
from engine.services.conference.meetings import ConferenceView

_ASKED = "conference-turn"
_CHOSE = "conference-chose-item"
_DRAWN = "conference-case-drawn"
"""The case whose rest this screen has drawn."""


class _Turn(Enum):
    """A button of the chair: its code, and its label."""

    START = ("start", "Start the timer")
    STOP = ("stop", "Stop the timer")
    RESET = ("reset", "Reset the timer")
    BREAK = ("break", "Break")
    PREVIOUS = ("previous", "Previous item")
    NEXT = ("next", "Next item")
    SHOW = ("show", "Show item")

    @property
    def code(self) -> str:
        """Code in its key."""
        return self.value[0]

    @property
    def label(self) -> str:
        """Label of the button."""
        return self.value[1]


class _Asked(NamedTuple):
    """The button that was pressed, and the change of the screen that its person saw."""

    conference: str
    turn: _Turn
    seen: int
    place: int | None = None


@st.fragment
def draw(reference: str) -> None:
    """Draw the conference's line with the timer, the agenda, and the item that this person views.

    It is a part of the page that is drawn again without the others. Of all screens that follow, the first
    part comes before the rest of any: the item, its people and its levels.
    """
    with show_errors():
        acting = session.acting()
        _turn_if_asked(acting)
        if session.stored_value(_CHOSE):
            session.keep(_CHOSE, None)
            _clear_message()
        with FOLLOWERS.first():
            own = session.number(_own_item(reference), 0) or None
            followed = follow_conference(record.runtime().context(acting), conference=reference, place=own)
            if followed.view.conference.state is not ConferenceState.IN_SESSION:
                st.rerun()  # its minutes have taken the place of this part
            _draw_bar(followed, acting)
            rail, main = st.columns([2, 10], gap="medium")
            with main:
                draw_rest = _draw_item(followed, acting)
            if acting.role is Role.CHAIR:  # all who follow wait for this person
                with rail:
                    _draw_rail(followed, acting)
                return
        with FOLLOWERS.rest():
            with main:
                draw_rest()
            with rail:
                _draw_rail(followed, acting)


def _draw_bar(followed: Followed, acting: Acting) -> None:
    view, item = followed.view, followed.item
    presides = _presides(view, acting)
    with st.container(key="conference-bar"):
        _draw_head(view, item)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            component.draw(pulse_of(view), key=f"pulse-{view.conference.reference}")
            if presides:
                _draw_turns(view)
        if presides or acting.user == view.conference.minute_taker:
            room.draw_controls(view.conference, view.room, acting=acting)
    if item is not None and item.place != view.on_screen:
        _draw_return(view)


def _draw_item(followed: Followed, acting: Acting) -> Callable[[], None]:
    """Draw what comes first of the item, and return what draws the rest where that was drawn."""
    view, item, head = followed.view, followed.item, followed.head
    if item is None:
        said = "The room takes a break." if view.screen else "The first item is not on the screen yet."
        markup.draw(markup.notice("info", said))
    elif item.is_private or item.case is None:
        markup.draw(
            markup.notice(
                "info",
                "It is not open to you. You return at the next item that is.",
                heading="The room is on a private item" if item.is_on_screen else PRIVATE_ITEM,
            )
        )
    elif head is None:
        markup.draw(
            markup.notice(
                "info",
                "You are asked a question before this case opens. ",
                markup.go("Answer it on the case", Place.CASE, item.case),
                ", then return.",
            )
        )
    elif acting.role is Role.CHAIR:
        item_page.draw_with_decision(view, item, head, acting=acting)
    else:
        item_page.draw_head(item, head, acting=acting)
        return _rest_of_item(view, item, head, acting)
    return _nothing_more


def _rest_of_item(view: ConferenceView, item: ItemView, head: ItemHead, acting: Acting) -> Callable[[], None]:
    """Return what draws the rest. Nothing of another case is left below the new item meanwhile."""
    is_new = session.stored_value(_DRAWN) != head.case
    session.keep(_DRAWN, head.case)
    place = st.empty() if is_new else st.container()
    if is_new:
        with place:
            markup.draw(markup.element("p", "The decision, the plan and what was said follow.", class_="sub"))

    def draw_rest() -> None:
        rest = item_page.read_rest(view, head, acting=acting)
        with place.container() if is_new else place:
            item_page.draw_rest(view.conference, item, head.people, rest, acting=acting)

    return draw_rest


def _nothing_more() -> None:
    session.keep(_DRAWN, None)


def _presides(view: ConferenceView, acting: Acting) -> bool:
    return view.conference.is_presided_by(acting.user)


def _draw_head(view: ConferenceView, item: ItemView | None) -> None:
    there = view.conference
    line = [f"Case conference, {words.day(there.held_on, year=True)}"]
    line += [f"chair {session.named(there.chair)}"]
    line += [f"minutes {session.named(there.minute_taker)}"] if there.minute_taker else []
    links = [
        parts.link(each.title, there.reference, each)
        for each in parts.offered(there)
        if each is not Part.IN_SESSION
    ]
    about = markup.join([f"{', '.join(line)}. ", *links], " ")
    markup.draw(
        markup.join(
            [
                markup.element("p", about, class_="sub"),
                markup.element("h1", _title(view, item), class_="page"),
            ]
        )
    )


def _title(view: ConferenceView, item: ItemView | None) -> markup.Content:
    if item is None:
        return "Break" if view.screen else "The conference is in session"
    if item.is_private or item.case is None:
        return f"{item.place}. {PRIVATE_ITEM}"
    named = item.names.title if item.names else item.case
    return f"{item.place}. {named}"


def pulse_of(view: ConferenceView) -> Pulse:
    """Return what the screen's own part is given. Of the item there are its planned minutes only."""
    on_screen = next((each for each in view.items if each.is_on_screen), None)
    after = view.items[on_screen.place :] if on_screen else view.items
    return Pulse(
        address=pulses.ASK,
        conference=view.conference.reference,
        version=view.conference.version,
        changes={kind.value: mark for kind, mark in view.changes.items()},
        screen=view.screen,
        planned=on_screen.minutes if on_screen else None,
        minutes_after=sum(each.minutes for each in after if each.deferral is None),
    )


def _draw_turns(view: ConferenceView) -> None:
    with st.container(horizontal=True, key="conference-turns"):
        if view.on_screen is not None:
            _draw_turn(view, _Turn.BREAK)
            _draw_turn(view, _Turn.PREVIOUS)
        _draw_turn(view, _Turn.NEXT)
        if view.timer is not None:
            runs = view.timer.is_running
            _draw_turn(view, _Turn.STOP if runs else _Turn.START)
            _draw_turn(view, _Turn.RESET)
        if st.button("Close the conference", key="close-conference"):
            close(view)


def _draw_turn(view: ConferenceView, turn: _Turn, place: int | None = None) -> None:
    """Draw a button that counts for the screen as it is drawn here: of two presses the second is refused."""
    asked = _Asked(view.conference.reference, turn, view.screen, place)
    label = f"{turn.label} {place}" if place else turn.label
    key = f"turn-{turn.code}-{place}" if place else f"turn-{turn.code}"
    st.button(label, key=key, on_click=session.keep, args=(_ASKED, asked))


def _turn_if_asked(acting: Acting) -> None:
    asked = session.stored_value(_ASKED, _Asked)
    session.keep(_ASKED, None)
    if asked is None:
        return
    context, there = record.runtime().context(acting), asked.conference
    with show_errors():
        match asked.turn:
            case _Turn.START | _Turn.STOP | _Turn.RESET:
                sessions.turn_timer(context, conference=there, act=TimerAct(asked.turn.code))
            case _Turn.BREAK:
                sessions.take_break(context, conference=there)
            case _Turn.PREVIOUS | _Turn.NEXT:
                turn = sessions.Turn(asked.turn.code)
                _report(sessions.turn_to(context, conference=there, turn=turn, seen=asked.seen))
            case _Turn.SHOW:
                place = asked.place or 0
                _report(sessions.show_item(context, conference=there, place=place, seen=asked.seen))
            case _:
                assert_never(asked.turn)
        _clear_message()


def _report(shown: sessions.OnScreen) -> None:
    if shown.was_there:
        session.say_after_rerun(shown.in_words)
        st.rerun()


def _clear_message() -> None:
    """Draw the whole page where it shows a message: it is about what its reader did on another item."""
    if session.message_is_shown():
        session.note_page_is_whole()  # what was cut short would be shown again, on this item
        st.rerun()


def _choose(conference: str, place: int) -> None:
    """View an item of one's own choice; 0 is the one on the screen."""
    session.store_number(_own_item(conference), place)
    session.keep(_CHOSE, value=True)


@st.dialog("Close the conference?")
def close(view: ConferenceView) -> None:
    """Draw what closing does, and the button."""
    markup.draw(
        markup.element(
            "p", "Everyone leaves the room and the minutes exist from then on. You cannot undo this."
        )
    )
    if st.button("Close now", key="close-now", type="primary"):
        with show_errors():
            context = record.runtime().context(session.acting())
            sessions.close_conference(context, conference=view.conference.reference)
            parts.go_to(view.conference.reference)
            session.say_after_rerun("The conference is closed. These are its minutes.")
            st.rerun()


def _draw_return(view: ConferenceView) -> None:
    said = f"The room is on item {view.on_screen}." if view.on_screen else "The room takes a break."
    with st.container(key="return-bar", horizontal=True, vertical_alignment="center"):
        markup.draw(markup.element("p", said, role="status"))
        st.button(
            "Return to the room",
            key="return-to-room",
            type="primary",
            on_click=_choose,
            args=(view.conference.reference, 0),
        )


def _draw_rail(followed: Followed, acting: Acting) -> None:
    view, viewed, presides = followed.view, followed.item, _presides(followed.view, acting)
    markup.draw(markup.heading("Agenda", at="agenda", note=_used(view, acting)))
    after = view.on_screen or 0
    follows = next((each.place for each in view.items if each.place > after and not each.deferral), None)
    for item in view.items:
        with st.container(key=f"rail-{item.place}", gap=None):
            markup.draw(_rail_line(item, is_next=item.place == follows))
            if item is viewed and (item.is_on_screen or not presides):
                continue
            if presides and not item.is_on_screen:
                _draw_turn(view, _Turn.SHOW, item.place)
            elif not presides and not item.is_private:
                st.button(
                    f"View item {item.place}",
                    key=f"view-{item.place}",
                    on_click=_choose,
                    args=(view.conference.reference, 0 if item.is_on_screen else item.place),
                )


def _used(view: ConferenceView, acting: Acting) -> str | None:
    """Return the minutes of the items that were taken, for those who may read that of each private one."""
    used = [each.used_minutes for each in view.items if each.used_minutes is not None]
    if not used or acting.role not in COORDINATOR_AND_CHAIR:
        return None
    planned = sum(each.minutes for each in view.items if each.deferral is None)
    return f"{sum(used)} of {planned} min used before this item."


def _rail_line(item: ItemView, *, is_next: bool) -> markup.Markup:
    tags = [markup.tag("Now", "t-doing")] if item.is_on_screen else []
    tags += [markup.tag("Next", "t-todo")] if is_next else []
    tags += [markup.tag("Taken", "t-done")] if item.was_on_screen and not item.is_on_screen else []
    tags += [markup.tag("Deferred", "t-ended")] if item.deferral else []
    used = f"{item.used_minutes} of " if item.used_minutes is not None else ""
    planned = markup.element("small", f"{used}{item.minutes} min{' used' if used else ''}")
    if item.case is None:
        named: markup.Content = markup.element("i", PRIVATE_ITEM)
    else:
        named = markup.join([markup.element("b", item.case), f" {item.names.victim}" if item.names else None])
    return markup.element(
        "div",
        f"{item.place}. ",
        named,
        markup.Markup("<br>"),
        planned,
        " ",
        *tags,
        class_="rail now" if item.is_on_screen else "rail",
        aria_current="step" if item.is_on_screen else None,
    )


def _own_item(conference: str) -> str:
    return f"own-item-{conference}"
