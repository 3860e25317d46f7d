"""The agenda of a conference while it is built and changed, with who attends beside it."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple, assert_never

import streamlit as st

from dashboard import days, markup, record, session, words
from dashboard.errors import show_errors
from dashboard.pages import Place
from dashboard.views.conference import attendance, parts
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.conference.agenda import PRIVATE_ITEM, Deferral, ItemPlan, ItemView
from engine.domain.conference.meetings import ConferenceState
from engine.domain.errors import InvalidInputError
from engine.services.conference.agenda import add_cases, add_ready_cases, order_agenda, plan_item
from engine.services.conference.meetings import ConferenceView
from engine.services.conference.session import start_conference
from engine.services.context import Context

_LONGEST_NOTE = 2_000
_LONGEST_LINE = 600
_ORDER = "agenda-order"


class _Move(Enum):
    UP = "up"
    DOWN = "down"
    OFF = "off"


class _Order(NamedTuple):
    """An order that a button asked for, and the version of the agenda that its person saw."""

    conference: str
    seen: int
    places: tuple[int, ...]


def draw(view: ConferenceView, *, acting: Acting) -> None:
    """Draw the agenda, its buttons for those who plan it, and the attendance."""
    may_plan = acting.role in COORDINATOR_AND_CHAIR and not view.conference.has_ended
    left, right = st.columns([7, 5], gap="large")
    with left:
        _move_if_asked(acting)
        markup.draw(markup.heading("Agenda", at="agenda", note=_note(view)))
        if may_plan:
            _draw_building(view, acting)
        for item in view.items:
            _draw_item(view, item, acting, may_plan=may_plan)
        if not view.items:
            markup.draw(markup.none_recorded("The agenda is empty."))
    with right:
        markup.draw(markup.heading("Confidentiality statement", at="confidentiality"))
        markup.draw(markup.element("p", view.confidentiality, class_="reason"))
        attendance.draw(view, acting=acting)


def _note(view: ConferenceView) -> str:
    minutes = sum(item.minutes for item in view.items if item.deferral is None)
    end = f" Expected end: {words.time_of(view.ends_at)}." if view.ends_at else ""
    planned = f"{words.counted(len(view.items), 'item')}, {words.counted(minutes, 'minute')} planned."
    return f"{planned}{end} Each person sees only the cases that are open to them."


def _draw_building(view: ConferenceView, acting: Acting) -> None:
    there = view.conference
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.button(
            "Add all cases that are ready",
            key="agenda-ready",
            type="secondary" if view.items else "primary",
            help="Overdue actions first, then cases ready, then 12 months since the last referral",
        ):
            _change(lambda: add_ready_cases(_context(acting), conference=there.reference))
        case = st.text_input("Case reference", key=f"agenda-case-{view.agenda}", max_chars=40, width=220)
        if st.button("Add this case", key="agenda-add"):
            with show_errors():
                if not case.strip():
                    raise InvalidInputError(
                        "case reference", "give the reference of a case, such as R-7K3M9Q"
                    )
                _change(lambda: add_cases(_context(acting), conference=there.reference, cases=[case]))
        may_start = there.is_presided_by(acting.user) and there.state is ConferenceState.PLANNED
        if may_start and view.items and st.button("Start the conference", key="start", type="primary"):
            start(view)


def _draw_item(view: ConferenceView, item: ItemView, acting: Acting, *, may_plan: bool) -> None:
    with st.container(
        key=f"agenda-row-{item.place}", horizontal=True, vertical_alignment="center", gap="small"
    ):
        with st.container(width="stretch", key=f"agenda-text-{item.place}"):
            markup.draw(line(item))
        if not may_plan:
            return
        if item.place > 1:
            _draw_move(view, item, _Move.UP)
        if item.place < len(view.items):
            _draw_move(view, item, _Move.DOWN)
        if not item.is_private and st.button(f"Change item {item.place}", key=f"change-{item.place}"):
            change_item(view, item)
        if not item.was_on_screen:  # its decision would be in no minutes, so the service refuses
            _draw_move(view, item, _Move.OFF)


def line(item: ItemView) -> markup.Markup:
    """Return an item as it is listed. Of a private one there are its place and its minutes."""
    planned = f"{item.minutes} min"
    number = markup.element("b", f"{item.place}.")
    if item.case is None or item.part is None:
        return markup.element("div", number, " ", markup.element("i", PRIVATE_ITEM), f", {planned}")
    about = [planned, item.part.value]
    about += [f"guests: {', '.join(item.guests)}"] if item.guests else []
    lines = [markup.element("small", words.sentence(", ".join(about)))]
    if item.deferral is not None:
        said = (
            f"Deferred until {words.day(item.deferral.until, year=True)}: {item.deferral.because} "
            f"Meanwhile: {item.deferral.meanwhile}"
        )
        lines.append(markup.element("div", said))
    if item.chair_note:
        lines.append(markup.element("div", f"Note for the chair: {item.chair_note}"))
    title = markup.element("b", item.names.title) if item.names else None
    case = markup.go(item.case, Place.CASE, item.case)
    return markup.element("div", number, " ", title, " ", case, markup.Markup("<br>"), *lines)


def _draw_move(view: ConferenceView, item: ItemView, move: _Move) -> None:
    """Draw a button that gives the agenda another order. It counts for the version that is drawn here."""
    order, place = [each.place for each in view.items], item.place
    match move:
        case _Move.UP:
            label, places = f"Item {place} up", _swapped(order, place - 1, place)
        case _Move.DOWN:
            label, places = f"Item {place} down", _swapped(order, place, place + 1)
        case _Move.OFF:
            label, places = f"Take item {place} off", [each for each in order if each != place]
        case _:
            assert_never(move)
    asked = _Order(view.conference.reference, view.agenda, tuple(places))
    st.button(label, key=f"{move.value}-{place}", on_click=session.keep, args=(_ORDER, asked))


def _move_if_asked(acting: Acting) -> None:
    asked = session.stored_value(_ORDER, _Order)
    session.keep(_ORDER, None)
    if asked is not None:
        _change(
            lambda: order_agenda(
                _context(acting), conference=asked.conference, places=asked.places, seen=asked.seen
            )
        )


def _swapped(order: list[int], one: int, other: int) -> list[int]:
    return [other if place == one else one if place == other else place for place in order]


def _change(change: Callable[[], object]) -> None:
    with show_errors():
        change()
        st.rerun()


@st.dialog("Change an item")
def change_item(view: ConferenceView, item: ItemView) -> None:
    """Ask for the planned minutes, the guests, the note of the chair, and whether the item is deferred."""
    acting, key = session.acting(), f"item-{item.case}-{view.agenda}"
    markup.draw(line(item))
    minutes = st.number_input("Planned minutes", 1, 240, value=item.minutes, key=f"{key}-minutes", step=5)
    guests = st.text_input(
        "Guests for this item, separated by semicolons",
        value="; ".join(item.guests),
        key=f"{key}-guests",
        max_chars=_LONGEST_NOTE,
    )
    note: str | None = None
    if view.conference.is_presided_by(acting.user):
        note = st.text_input(
            "Note that only the chair and the deputy can read",
            value=item.chair_note or "",
            key=f"{key}-note",
            max_chars=_LONGEST_NOTE,
        )
    deferral = _deferral(item, key)
    if not st.button("Save the item", key=f"{key}-save", type="primary"):
        return
    with show_errors():
        plan = ItemPlan(
            minutes=minutes,
            guests=tuple(guest.strip() for guest in guests.split(";") if guest.strip()),
            chair_note=(note or "").strip() or None,
            deferral=deferral(),
        )
        plan_item(
            _context(acting),
            conference=view.conference.reference,
            place=item.place,
            seen=view.agenda,
            plan=plan,
        )
        session.say_after_rerun(f"Item {item.place} is changed.")
        st.rerun()


def _deferral(item: ItemView, key: str) -> Callable[[], Deferral | None]:
    """Draw the fields of a deferral; return what reads them once the item is saved."""
    before = item.deferral
    is_deferred = st.checkbox("Deferred: not taken now", value=before is not None, key=f"{key}-deferred")
    if not is_deferred:
        return lambda: None
    because = st.text_input(
        "Why it is deferred",
        value=before.because if before else "",
        key=f"{key}-because",
        max_chars=_LONGEST_LINE,
    )
    until = st.text_input(
        "Until when, such as 9 March 2026",
        value=words.day(before.until, year=True) if before else "",
        key=f"{key}-until",
        max_chars=40,
    )
    meanwhile = st.text_input(
        "Protection of the victim meanwhile",
        value=before.meanwhile if before else "",
        key=f"{key}-meanwhile",
        max_chars=_LONGEST_LINE,
    )

    def read() -> Deferral:
        day = days.read("until when", until)
        if day is None or not because.strip() or not meanwhile.strip():
            raise InvalidInputError(
                "deferral", "give why, until when, and what protects the victim meanwhile"
            )
        return Deferral(because=because, until=day, meanwhile=meanwhile)

    return read


@st.dialog("Start the conference?", width="large")
def start(view: ConferenceView) -> None:
    """Draw the confidentiality statement, which the chair reads aloud, and the button that starts."""
    markup.draw(markup.heading("Read this aloud", at="read-aloud", level=3))
    markup.draw(markup.element("p", view.confidentiality, class_="reason"))
    if st.button("Start now", key="start-now", type="primary"):
        with show_errors():
            start_conference(_context(session.acting()), conference=view.conference.reference)
            parts.go_to(view.conference.reference)
            session.say_after_rerun("The conference is in session. You are recorded as present.")
            st.rerun()


def _context(acting: Acting) -> Context:
    return record.runtime().context(acting)
