"""The room's screen: the item in large type, with only what everyone in the room may see, and no control."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, pulses, record, session, words
from dashboard.errors import show_errors
from dashboard.pulse import component
from dashboard.pulse.component import Pulse
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.names import CaseNames
from engine.domain.conference.differences import furthest_apart
from engine.domain.conference.meetings import Conference, ConferenceState
from engine.domain.conference.risk import Domain
from engine.domain.conference.room import RoomAgency, RoomItem, RoomSet, RoomShows, RoomView
from engine.domain.errors import NotFoundError
from engine.domain.responses.answers import AnswerState
from engine.services.accounts.users import list_users
from engine.services.conference.room import open_room, view_room

_NOT_SHOWN = "Not shown in this room"
_NO_REASON = "Reason not shown in this room"
_KEY = "pulse-of-room"


def page(conference: str, *, acting: Acting) -> None:
    """Read the screen and draw it."""
    draw(view_room(record.runtime().context(acting), conference=conference))


def page_of_account() -> None:
    """Draw the only page of an account of a room's screen: the conference that was opened on it, or none."""
    acting = session.acting()
    try:
        view = view_room(record.runtime().context(acting))
    except NotFoundError:
        waiting = Pulse(
            address=pulses.ASK,
            conference="",
            version=0,
            changes={},
            screen=0,
            planned=None,
            minutes_after=0,
            is_room=True,
            stays_open=True,
        )
        with st.container(key="room-screen"):
            component.draw(waiting, key=_KEY)
            with st.container(key="room"):
                markup.draw(_alone("No conference is open on this screen."))
                note = f"Its chair or minute taker opens it here: account {session.named(acting.user)}."
                markup.draw(markup.element("p", note, class_="sub"))
        return
    draw(view, stays_open=True)


def draw(view: RoomView, *, stays_open: bool = False) -> None:
    """Draw the screen. Without contact for 5 seconds, the browser hides all of it but the time."""
    pulse = Pulse(
        address=pulses.ASK,
        conference=view.conference,
        version=view.version,
        changes={kind.value: mark for kind, mark in view.changes.items()},
        screen=view.screen,
        planned=view.planned,
        minutes_after=view.minutes_after,
        is_room=True,
        stays_open=stays_open,
    )
    with st.container(key="room-screen"):
        component.draw(pulse, key=_KEY)
        with st.container(key="room"):
            if view.state is ConferenceState.PLANNED:
                markup.draw(_alone("The conference has not started."))
            elif view.state is not ConferenceState.IN_SESSION:
                markup.draw(_alone("The conference is closed."))
            elif view.place is None:
                said = "Break" if view.screen else "The conference is in session."
                markup.draw(_alone(said))
            elif view.shows is RoomShows.BLANK:
                markup.draw(_alone("This screen is blank."))
            elif view.item is None:
                markup.draw(_alone("Private item. This screen is blank."))
            else:
                markup.draw(_item(view.item, view))


def draw_controls(there: Conference, room: RoomSet, *, acting: Acting) -> None:
    """Draw the choice of what is on the room's screen, and of its account."""
    with st.container(horizontal=True, key="room-controls", vertical_alignment="bottom"):
        chosen = st.pills(
            "Room's screen",
            list(RoomShows),
            format_func=lambda shows: words.sentence(shows.value),
            default=room.shows,
            key=f"room-shows-{room.at}",
        )
        if chosen is not None and chosen is not room.shows:
            _set(there, shows=chosen, acting=acting)
        users = list_users(record.runtime().context(acting))
        accounts = {user.name: user.display_name for user in users if user.role is Role.ROOM_SCREEN}
        if not accounts:
            return
        account = st.selectbox(
            "Open it on",
            list(accounts),
            index=list(accounts).index(room.account) if room.account in accounts else None,
            format_func=lambda name: accounts[name],
            key=f"room-account-{room.at}",
            placeholder="Choose a screen",
        )
        if account is not None and account != room.account:
            _set(there, account=account, acting=acting)


def _set(
    there: Conference, *, acting: Acting, account: str | None = None, shows: RoomShows | None = None
) -> None:
    with show_errors():
        context = record.runtime().context(acting)
        open_room(context, conference=there.reference, account=account, shows=shows)
        st.rerun()


def _alone(said: str) -> markup.Markup:
    return markup.element("h1", said, class_="page")


def _item(item: RoomItem, view: RoomView) -> markup.Markup:
    people = [f"Item {view.place}", item.case]
    title = _initials(item.names) if item.names else item.case
    one = view.shows.domain
    missing = markup.element("p", markup.element("b", "Missing: "), "; ".join(item.missing), class_="missing")
    return markup.join(
        [
            markup.element("p", ". ".join(people), class_="sub"),
            markup.element("h1", title, class_="page"),
            _levels(item) if one is None else _one_domain(item, one),
            missing if item.missing else None,
            markup.element("p", f"{_present(view)} {item.quorum.in_words}", class_="sub present"),
        ]
    )


def _levels(item: RoomItem) -> markup.Markup:
    head = [markup.element("th", "Agency", scope="col")]
    head += [
        markup.element("th", words.domain_in_words(domain), _differ(item, domain), scope="col")
        for domain in Domain
    ]
    return _table(
        "Levels by agency",
        head,
        [_row(agency) for agency in item.agencies],
        [markup.element("td", _decided(item, domain)) for domain in Domain],
    )


def _one_domain(item: RoomItem, domain: Domain) -> markup.Markup:
    """Return one domain: each agency's level, with its reason where the room may see it, beside all four."""
    head = [markup.element("th", title, scope="col") for title in ("Agency", "Level", "Reason")]
    rows = []
    for agency in item.agencies:
        level = agency.levels.get(domain)
        reason = agency.reasons.get(domain) or markup.none_recorded(_NO_REASON if level else "")
        rows.append(
            markup.element(
                "tr",
                markup.element("th", agency.name, scope="row"),
                markup.element("td", _level(agency, domain)),
                markup.element("td", reason),
            )
        )
    title = words.domain_in_words(domain)
    panel = [markup.element("td", _decided(item, domain), colspan=2)]
    table = _table(f"{title}: levels and reasons by agency", head, rows, panel)
    beside = [
        markup.element(
            "li",
            markup.element("b", words.domain_in_words(each)),
            _differ(item, each),
            aria_current="true" if each is domain else None,
        )
        for each in Domain
    ]
    return markup.element(
        "div",
        markup.element("section", markup.element("h2", title, " ", _differ(item, domain)), table),
        markup.element("ol", *beside),
        class_="one-domain",
    )


def _table(
    caption: str, head: list[markup.Markup], rows: list[markup.Markup], panel: list[markup.Markup]
) -> markup.Markup:
    return markup.element(
        "table",
        markup.element("caption", caption),
        markup.element("thead", markup.element("tr", *head)),
        markup.element(
            "tbody",
            *rows,
            markup.element("tr", markup.element("th", "Panel", scope="row"), *panel, class_="panel"),
        ),
        class_="room",
    )


def _decided(item: RoomItem, domain: Domain) -> markup.Markup:
    level = item.decided.get(domain)
    return markup.level_tag(level) if level is not None else markup.none_recorded("Not decided yet")


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
    return markup.element("tr", name, *(markup.element("td", _level(agency, domain)) for domain in Domain))


def _level(agency: RoomAgency, domain: Domain) -> markup.Markup:
    level = agency.levels.get(domain)
    if level is not None:
        return markup.level_tag(level)
    if agency.state is not None and agency.state is not AnswerState.CONTRIBUTION:
        return markup.none_recorded(words.state_in_words(agency.state))
    return markup.none_recorded("Not assessed" if domain in agency.levels else _NOT_SHOWN)


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
    here = sorted({agencies.get(code, code) for code in view.agencies})
    said = [*here, *([words.counted(view.observers, "observer")] if view.observers else [])]
    return f"Present: {words.listed(said)}." if said else "No agency is recorded as present."
