"""The room's screen: what everyone in the room may see, in initials, and nothing to press."""

from __future__ import annotations

import pytest

from dashboard.navigation import PLACES_OF
from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role
from engine.domain.conference.agenda import ItemPlan
from engine.domain.conference.attendance import AttendanceAct
from engine.domain.conference.risk import Domain, Level
from engine.domain.conference.room import RoomShows
from engine.services.conference import agenda, session
from engine.services.conference.room import open_room, view_room
from tests.builders import Desk
from tests.conferences import Room, a_room
from tests.dashboard.views.conference.test_in_session import pulse_in, with_answers
from tests.dashboard.visits import Visit, Visits, a_view, answers
from tests.engine.services.sharing.test_release_rules import a_rule, ruled


@pytest.fixture
def room(desk: Desk) -> Room:
    return a_room(desk)


def wall(visits: Visits, room: Room) -> Visit:
    """The room's screen, shown by the co-ordinator's browser."""
    codes = {"conference": room.conference, "part": "room"}
    return visits(room.desk.coordinator, Place.CONFERENCES, codes=codes)


def test_it_shows_levels_and_initials_and_neither_a_name_nor_a_reason_nor_a_button(
    room: Room, visits: Visits
) -> None:
    with_answers(room).started()
    assert "The conference is in session." in wall(visits, room).words
    room.next()
    shown = wall(visits, room)
    assert "A. K., alleged: D. R." in shown.words
    assert "Harbour Office" in shown.words
    assert "Differ by 2 levels" in shown.words
    assert "Missing: Harbour Office: The phone is not examined yet." in shown.words
    assert "Amira" not in shown.source
    assert "Said to be" not in shown.source


def test_it_narrows_when_a_person_arrives_and_widens_when_they_leave(room: Room, visits: Visits) -> None:
    with_answers(room).started().next()
    room.attend("harbour-later")
    assert "A. K." in wall(visits, room).words
    room.attend("lantern-later")  # is named on no case
    blank = wall(visits, room)
    assert "Private item. This screen is blank." in blank.words
    assert room.cases[0] not in blank.source
    room.attend("lantern-later", AttendanceAct.LEFT)
    assert "A. K." in wall(visits, room).words


def test_an_observer_without_an_account_makes_every_item_private(room: Room, visits: Visits) -> None:
    with_answers(room).started().next()
    for act in (AttendanceAct.SIGNED, AttendanceAct.ARRIVED):
        room.attend(None, act, name="Visiting student", is_observer=True)  # type: ignore[arg-type]
    assert "Private item. This screen is blank." in wall(visits, room).words


def test_a_level_that_one_person_in_the_room_may_not_see_is_not_shown_and_is_not_said_to_be_missing(
    room: Room, visits: Visits
) -> None:
    with_answers(room).started().next()
    room.attend("harbour-later")

    def persistence() -> object:
        item = view_room(**room.here()).item
        assert item is not None
        (harbour,) = [agency for agency in item.agencies if agency.name == "Harbour Office"]
        assert harbour.levels[Domain.VIOLENCE] is Level.MODERATE
        return harbour.levels.get(Domain.PERSISTENCE, "not shown")

    assert persistence() is Level.HIGH
    ruled(room.desk, room.workers["harbour"], room.cases[0], a_rule("view:persistence"))
    assert persistence() == "not shown"
    room.attend("harbour-later", AttendanceAct.LEFT)
    assert persistence() == "not shown"
    assert "Not shown in this room" in wall(visits, room).words


def test_a_closed_conference_leaves_the_screen_empty_and_shows_nobodys_minutes(
    room: Room, visits: Visits
) -> None:
    with_answers(room).started().next()
    room.closed()
    shown = wall(visits, room)
    assert "The conference is closed." in shown.words
    assert "Copy for" not in shown.words
    assert room.cases[0] not in shown.source


def a_screen(room: Room) -> Acting:
    """An account of a room's screen."""
    return room.desk.add("wall", Role.ROOM_SCREEN)


def test_an_account_of_the_screen_has_one_page_and_shows_a_conference_once_it_is_opened_there(
    room: Room, visits: Visits
) -> None:
    with_answers(room).started().next()
    screen = a_screen(room)
    waiting = visits(screen, Place.ROOM)
    assert "No conference is open on this screen." in waiting.words
    assert room.cases[0] not in waiting.source
    assert pulse_in(waiting)["stays_open"]
    assert PLACES_OF[Role.ROOM_SCREEN] == (Place.ROOM,)
    chair = visits(room.desk.chair, Place.CONFERENCES, codes={"conference": room.conference})
    chair.app.selectbox(key="room-account-None").set_value("wall")
    chair.run()
    shown = visits(screen, Place.ROOM)
    assert "A. K., alleged: D. R." in shown.words
    assert "Amira" not in shown.source
    room.closed()
    assert "No conference is open on this screen." in visits(screen, Place.ROOM).words


def test_the_chair_chooses_the_domain_which_is_shown_with_reasons_that_name_no_person(
    room: Room, visits: Visits
) -> None:
    case = room.cases[0]
    with_answers(room).started().next()
    named = a_view(Level.HIGH, reasons="Amira says that Daniel came to the car park.")
    answers(room.desk, room.workers["voice"], case, named, a_view(Level.LOW, Domain.PERSISTENCE))
    open_room(**room.here(), shows=RoomShows.VIOLENCE)
    shown = wall(visits, room)
    assert "Harbour Office Moderate Said to be moderate at the last review." in shown.words
    assert "Her Voice High Reason not shown in this room" in shown.words
    assert "Persistence Differ by 2 levels" in shown.words  # beside it, without a level of an agency
    assert "Low" not in shown.words
    open_room(**room.here(), shows=RoomShows.BLANK)
    assert "This screen is blank." in wall(visits, room).words


def test_a_guest_of_an_item_leaves_it_on_the_screen_and_makes_every_other_private(
    room: Room, visits: Visits
) -> None:
    with_answers(room)
    agenda.add_cases(**room.here(), cases=room.cases)
    agenda.plan_item(**room.here(), place=1, seen=1, plan=ItemPlan(guests=("School nurse",)))
    session.start_conference(**room.here())
    room.next()
    for act in (AttendanceAct.SIGNED, AttendanceAct.ARRIVED):
        room.attend(None, act, name="school nurse", is_observer=True)  # type: ignore[arg-type]
    assert "A. K." in wall(visits, room).words
    room.next()
    assert "Private item. This screen is blank." in wall(visits, room).words
