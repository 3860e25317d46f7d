"""Silence is not agreement: each agency that took part was not asked, stated no dissent, or dissents."""

from __future__ import annotations

import pytest

from engine.domain.conference.risk import Attendance, Dissent
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.services.access import conflicts
from engine.services.cases.views import view_case
from engine.services.conference import amending
from engine.services.conference.minutes import read_minutes
from tests.builders import a_decision
from tests.conferences import Room

NOTED = Dissent(agency="voice", who="V. Worker", reasons="It asks too little.")
SORRY = Attendance(agency="lantern", apologies=True)
WROTE = Attendance(agency="lantern", written_input=True)


@pytest.fixture
def item(room: Room) -> Room:
    """The first case on the screen, with harbour and the advocate in the room."""
    room.started()
    room.attend("harbour-later")
    room.attend("voice-worker")
    room.next()
    return room


def positions(room: Room) -> list[str]:
    """What the case says of each agency; the minutes have the same and perhaps more."""
    decision = view_case(room.context(), reference=room.cases[0]).decision
    assert decision is not None
    on_case = [f"{each.agency}: {each.in_words}" for each in decision.positions]
    assert minuted(room)[: len(on_case)] == on_case
    return on_case


def minuted(room: Room) -> list[str]:
    return [f"{each.agency}: {each.in_words}" for each in read_minutes(**room.here()).items[0].positions]


def state_none(room: Room, who: str) -> None:
    amending.state_no_dissent(room.context(room.workers[who]), reference=room.cases[0])


def attended(*more: Attendance) -> list[Attendance]:
    return [Attendance(agency="harbour", who="A. Officer"), Attendance(agency="voice", who="V. W."), *more]


def test_an_agency_that_was_silent_was_not_asked_and_one_that_was_absent_has_no_position(item: Room) -> None:
    item.decide(item.cases[0], attendance=attended(SORRY))
    assert positions(item) == ["harbour: position not recorded", "voice: position not recorded"]


def test_an_agency_that_wrote_took_part(item: Room) -> None:
    item.decide(item.cases[0], attendance=attended(WROTE))
    assert "lantern: position not recorded" in positions(item)


def test_the_minutes_list_the_agencies_in_the_room_where_the_decision_lists_none(item: Room) -> None:
    item.attend("lantern-worker")
    item.decide(item.cases[0])
    conflicts.say_of(
        item.context(), reference=item.cases[0], user="lantern-worker", is_connected=True, why="A cousin."
    )
    assert positions(item) == []
    assert minuted(item) == ["harbour: position not recorded", "voice: position not recorded"]


def test_a_person_of_the_agency_who_attended_states_that_it_has_no_dissent(item: Room) -> None:
    item.decide(item.cases[0], attendance=attended())
    state_none(item, "harbour")
    assert positions(item) == ["harbour: no dissent stated by harbour-later", "voice: position not recorded"]
    decision = view_case(item.context(), reference=item.cases[0]).decision
    assert decision is not None
    assert decision.dissent == ()
    slip = a_decision(amended_because="A slip.", attendance=attended())
    amending.amend_decision(item.context(), reference=item.cases[0], decision=slip)
    assert positions(item)[0] == "harbour: no dissent stated by harbour-later"


def test_a_dissent_that_comes_later_replaces_the_statement_and_is_not_unsaid(item: Room) -> None:
    item.decide(item.cases[0], attendance=attended())
    state_none(item, "voice")
    voice = item.context(item.workers["voice"])
    amending.enter_dissent(voice, reference=item.cases[0], reasons="It asks too little.")
    assert positions(item)[1] == "voice: dissent"
    with pytest.raises(
        InvalidInputError, match="your agency recorded its dissent from this decision; it stays"
    ):
        state_none(item, "voice")


def test_what_the_chair_noted_yields_to_the_agencys_own_statement_and_stays_as_noted(item: Room) -> None:
    item.decide(item.cases[0], attendance=attended(), dissent=(NOTED,))
    assert positions(item)[1] == "voice: dissent"
    state_none(item, "voice")
    assert positions(item)[1] == "voice: no dissent stated by voice-worker"
    decision = view_case(item.context(), reference=item.cases[0]).decision
    assert decision is not None
    assert [each.source for each in decision.dissent] == ["as noted by chair"]


def test_only_a_practitioner_who_attended_states_it(room: Room) -> None:
    room.started().next()
    room.decide(room.cases[0])
    with pytest.raises(NotPermittedError, match="who attended the conference"):
        state_none(room, "voice")
    with pytest.raises(NotPermittedError):
        amending.state_no_dissent(room.context(), reference=room.cases[0])
