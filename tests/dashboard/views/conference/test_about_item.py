"""The box on top of an item: why the case is on the agenda, and what is newer than the agencies' views."""

from __future__ import annotations

import pytest

from engine.domain.cases.incidents import IncidentKind
from engine.domain.conference.risk import Domain, Level
from engine.services.access import conflicts
from engine.services.referrals.incidents import record_incident
from engine.services.responses import requests as response_requests
from tests.builders import Desk, an_incident
from tests.conferences import Room, a_room
from tests.dashboard.views.conference.test_in_session import at
from tests.dashboard.visits import Visits, a_view, answers


@pytest.fixture
def room(desk: Desk) -> Room:
    return a_room(desk)


def with_view(room: Room, recorded_on: str) -> str:
    """The first case, with one view of this day and its item on the screen."""
    case = room.cases[0]
    response_requests.open_requests(room.context(room.desk.coordinator), reference=case)
    answers(room.desk, room.workers["voice"], case, a_view(Level.HIGH, recorded_on=recorded_on))
    room.started().next()
    return case


def box(room: Room, visits: Visits, user: str | None = None) -> str:
    """The words of the box, as the chair or another person reads them."""
    said = at(visits, room, room.workers[user] if user else None).words
    return said.split("Why it is here", 1)[1].split("The case", 1)[0]


def test_what_is_newer_than_the_views_is_on_top_of_the_item_with_its_words(
    room: Room, visits: Visits
) -> None:
    case = with_view(room, "2026-02-25")
    breach = an_incident("2026-03-01", kind=IncidentKind.BREACH, what="It ends soon.")
    record_incident(room.context(room.workers["voice"]), reference=case, incident=breach)
    for user in (None, "voice"):
        said = box(room, visits, user)
        assert "For decision. Not decided before." in said
        assert "New since the views Breach 1 March , “It ends soon”. Not acknowledged" in said
        assert "27 February 2026, “Stood outside for an hour”." in said, said
        assert "The oldest view is of 25 Feb 2026." in said
        assert "20 February" not in said, "an incident of before the views is not new"
        assert "Last contact with the victim Not recorded" in said
        assert "Orders Not recorded One can exist: ask the police lead." in said
        assert "Recorded since: breach (2 Mar 2026; not asked at referral)." in said
        assert "Not asked: threat to kill, weapon," in said
        assert "borough-desk. Repeated unwanted contact since the separation. Former partner." in said


def test_in_meeting_view_the_box_has_no_typed_text(room: Room, visits: Visits) -> None:
    case = with_view(room, "2026-02-25")
    breach = an_incident("2026-03-01", kind=IncidentKind.BREACH, what="It ends soon.")
    record_incident(room.context(room.workers["voice"]), reference=case, incident=breach)
    visit = at(visits, room)
    typed = ("It ends soon", "Stood outside for an hour", "Repeated unwanted contact since the separation")
    assert [text for text in typed if text not in visit.words] == [], (
        "the near miss: without it they are there"
    )
    visit.app.session_state["room_view"] = True
    words = visit.run().words
    assert "borough-desk." in words
    assert [text for text in typed if text in words] == []


def test_that_nothing_is_new_is_said_of_what_the_reader_may_see(room: Room, visits: Visits) -> None:
    with_view(room, "2026-03-01")
    assert "Nothing new since the views of 1 Mar 2026 that you may see." in box(room, visits)
    assert "The oldest view is of" not in box(room, visits)


def test_without_a_view_nothing_is_compared_and_an_earlier_level_is_not_in_the_box(
    room: Room, visits: Visits
) -> None:
    room.started().next()
    assert "New since the views No view of an agency is shown to you." in box(room, visits)
    room.decide(room.cases[0])
    said = box(room, visits)
    assert "For decision. Decided on 2 Mar 2026." in said
    assert "High" not in said


def test_the_panels_levels_are_below_those_of_the_agencies_once_it_decided(
    room: Room, visits: Visits
) -> None:
    case = with_view(room, "2026-03-01")
    assert "Panel judgement Reasons" not in at(visits, room).words
    room.decide(case)
    for user in (room.desk.chair, room.workers["voice"]):
        said = at(visits, room, user).words
        after = said.split("Views by agency", 1)[1]
        assert after.index("Panel judgement Reasons") < after.index("Orders")
        judged = after.split("Panel judgement Reasons", 1)[1].split("Orders", 1)[0]
        assert judged.count("High The contact goes on after an arrest.") == len(Domain)


def test_an_agency_without_words_of_its_own_is_said_to_have_none(room: Room, visits: Visits) -> None:
    with_view(room, "2026-03-01")
    assert "In its own words Not recorded" in at(visits, room).words


def test_who_lost_the_case_reads_nothing_of_the_box(room: Room, visits: Visits) -> None:
    case = with_view(room, "2026-02-25")
    voice = room.workers["voice"]
    assert "Why it is here" in at(visits, room, voice).words
    conflicts.say_own(room.context(voice), reference=case, is_connected=True)
    assert "Why it is here" not in at(visits, room, voice).words


def test_the_agenda_says_which_item_is_taken_and_which_is_next(room: Room, visits: Visits) -> None:
    room.started().next()
    room.next()
    rail = at(visits, room).words.split("Agenda", 2)[-1]
    assert "1. " in rail
    first, second, third = (
        rail.split(f"{number}. {case}", 1)[1][:60] for number, case in enumerate(room.cases, 1)
    )
    assert "Taken" in first
    assert "Now" in second
    assert "Next" in third
