"""The room's screen: the item in large type, with only what everyone in the room may see, and no control."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, record, words
from dashboard.pulse import component
from dashboard.views.conference import in_session
from engine.domain.accounts.acting import Acting
from engine.domain.cases.names import CaseNames
from engine.domain.conference.differences import furthest_apart
from engine.domain.conference.meetings import ConferenceState
from engine.domain.conference.risk import Domain
from engine.domain.responses.answers import AnswerState
from engine.services.conference.meetings import ConferenceView
from engine.services.conference.room import RoomAgency, RoomItem, RoomView, view_room

_NOT_SHOWN = "Not shown in this room"


def page(conference: str, *, acting: Acting) -> None:
    """Read the screen and draw it."""
    draw(view_room(record.runtime().context(acting), conference=conference))


def draw(view: RoomView) -> None:
    """Draw the screen. Without contact for 5 seconds, the browser hides all of it but the time."""
    meeting = view.meeting
    with st.container(key="room-screen"):
        component.draw(in_session.pulse_of(meeting, is_room=True), key="pulse-of-room")
        with st.container(key="room"):
            if meeting.conference.state is ConferenceState.PLANNED:
                markup.draw(_alone("The conference has not started."))
            elif meeting.conference.has_ended:
                markup.draw(_alone("The conference is closed."))
            elif meeting.on_screen is None:
                said = "Break" if meeting.screen else "The conference is in session."
                markup.draw(_alone(said))
            elif view.item is None:
                markup.draw(_alone("Private item. This screen is blank."))
            else:
                markup.draw(_item(view.item, meeting, _present(view)))


def _alone(said: str) -> markup.Markup:
    return markup.element("h1", said, class_="page")


def _item(item: RoomItem, meeting: ConferenceView, present: str) -> markup.Markup:
    people = [f"Item {meeting.on_screen}", item.case]
    title = _initials(item.names) if item.names else item.case
    rows = [_row(agency) for agency in item.agencies]
    panel = [
        markup.level_tag(item.decided[domain])
        if domain in item.decided
        else markup.none_recorded("Not decided yet")
        for domain in Domain
    ]
    head = [markup.element("th", "Agency", scope="col")]
    head += [
        markup.element("th", words.domain_in_words(domain), _differ(item, domain), scope="col")
        for domain in Domain
    ]
    body = [
        *rows,
        markup.element(
            "tr",
            markup.element("th", "Panel", scope="row"),
            *(markup.element("td", said) for said in panel),
            class_="panel",
        ),
    ]
    table = markup.element(
        "table",
        markup.element("caption", "Levels by agency"),
        markup.element("thead", markup.element("tr", *head)),
        markup.element("tbody", *body),
        class_="room",
    )
    missing = markup.element("p", markup.element("b", "Missing: "), "; ".join(item.missing))
    return markup.join(
        [
            markup.element("p", ". ".join(people), class_="sub"),
            markup.element("h1", title, class_="page"),
            table,
            missing if item.missing else None,
            markup.element("p", f"{present} {item.quorum.in_words}", class_="sub"),
        ]
    )


def _initials(names: CaseNames) -> str:
    """Return the initials of both people: no name is on the room's screen."""
    victim, other = (
        " ".join(f"{part[:1]}." for part in name.split()) for name in (names.victim, names.perpetrator)
    )
    return f"{victim}, {names.perpetrator_status.value}: {other}"


def _row(agency: RoomAgency) -> markup.Markup:
    name = markup.element("th", agency.name, scope="row")
    if agency.state is None:
        return markup.element("tr", name, _whole(_NOT_SHOWN))
    if agency.state is not AnswerState.CONTRIBUTION and not any(agency.levels.values()):
        return markup.element("tr", name, _whole(words.state_in_words(agency.state)))
    cells = [
        markup.level_tag(level)
        if (level := agency.levels.get(domain)) is not None
        else markup.none_recorded("Not assessed" if domain in agency.levels else _NOT_SHOWN)
        for domain in Domain
    ]
    return markup.element("tr", name, *(markup.element("td", cell) for cell in cells))


def _whole(said: str) -> markup.Markup:
    return markup.element("td", markup.none_recorded(said), colspan=len(Domain))


def _differ(item: RoomItem, domain: Domain) -> markup.Markup:
    """Return how far apart the levels are that this screen shows."""
    levels = [level for agency in item.agencies if (level := agency.levels.get(domain)) is not None]
    apart = furthest_apart(levels)
    said = f"Differ by {words.counted(apart, 'level')}" if apart else "No difference shown"
    return markup.element("small", said)


def _present(view: RoomView) -> str:
    agencies = {agency.code: agency.name for agency in record.runtime().agencies_known}
    here = sorted({agencies.get(stay.agency, stay.agency) for stay in view.present if stay.agency})
    observers = sum(stay.is_observer for stay in view.present)
    said = [*here, *([words.counted(observers, "observer")] if observers else [])]
    return f"Present: {words.listed(said)}." if said else "No agency is recorded as present."
