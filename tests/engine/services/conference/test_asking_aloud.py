"""The chair asks the room aloud for dissent: for who was there, until an agency enters its own."""

from __future__ import annotations

import pytest

from engine.domain.conference.attendance import AttendanceAct
from engine.domain.conference.risk import Attendance, Dissent, Position
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.services.access import conflicts
from engine.services.cases.views import view_case
from engine.services.conference import amending
from engine.services.conference.asking_aloud import record_asked_aloud
from tests.builders import a_decision
from tests.conferences import Room

ALOUD = "no dissent voiced when asked aloud by chair"


@pytest.fixture
def item(room: Room) -> Room:
    """The first case on the screen, with the police and the advocate in the room."""
    room.started()
    for user in ("harbour-later", "voice-worker"):
        room.attend(user)
    room.next()
    return room


def positions(room: Room) -> dict[str, str]:
    decision = view_case(room.context(), reference=room.cases[0]).decision
    assert decision is not None
    return {each.agency: each.in_words for each in decision.positions}


def ask(room: Room, **more: object) -> tuple[str, ...]:
    return record_asked_aloud(room.context(), reference=room.cases[0], **more).agencies  # type: ignore[arg-type]


def test_it_is_recorded_for_who_is_in_the_room_the_victims_voice_first(item: Room) -> None:
    item.decide(item.cases[0], attendance=[Attendance(agency="lantern", who="L. Worker")])
    assert ask(item) == ("voice", "harbour")
    assert positions(item) == {"lantern": "position not recorded", "harbour": ALOUD, "voice": ALOUD}


def test_who_left_or_observes_or_has_a_conflict_of_interest_was_not_asked(item: Room) -> None:
    item.decide(item.cases[0])
    item.attend("harbour-later", AttendanceAct.LEFT)
    item.attend("lantern-worker", AttendanceAct.SIGNED, is_observer=True)
    item.attend("lantern-worker", is_observer=True)
    conflicts.say_of(
        item.context(), reference=item.cases[0], user="voice-worker", is_connected=True, why="A cousin."
    )
    with pytest.raises(InvalidInputError, match="there is none to ask"):
        ask(item)
    assert positions(item) == {}


def test_a_noted_dissent_and_an_own_entry_stay_and_an_own_entry_replaces_it_later(item: Room) -> None:
    noted = Dissent(agency="harbour", who="A. Officer", reasons="It asks too much.")
    item.decide(item.cases[0], dissent=(noted,))
    assert ask(item) == ("voice",)
    assert positions(item) == {"harbour": "dissent", "voice": ALOUD}
    voice = item.context(item.workers["voice"])
    amending.state_no_dissent(voice, reference=item.cases[0])
    assert positions(item)["voice"] == "no dissent stated by voice-worker"
    amending.enter_dissent(voice, reference=item.cases[0], reasons="It asks too little.")
    assert positions(item)["voice"] == Position.DISSENT.value


def test_a_corrected_slip_carries_it_over(item: Room) -> None:
    item.decide(item.cases[0])
    ask(item)
    slip = a_decision(amended_because="A slip.")
    amending.amend_decision(item.context(), reference=item.cases[0], decision=slip)
    assert positions(item) == {"harbour": ALOUD, "voice": ALOUD}


def test_of_two_who_ask_the_second_is_refused_and_so_is_a_list_that_changed(item: Room) -> None:
    item.decide(item.cases[0])
    amending.state_no_dissent(item.context(item.workers["voice"]), reference=item.cases[0])
    with pytest.raises(InvalidInputError, match="voice: left the room, or its position is recorded"):
        ask(item, agencies=("voice", "harbour"))
    assert "harbour" not in positions(item), "nothing is half recorded"
    assert ask(item, agencies=("harbour",)) == ("harbour",)
    with pytest.raises(InvalidInputError, match="there is none to ask"):
        ask(item)


def test_an_agency_that_came_after_the_list_was_shown_is_not_recorded(item: Room) -> None:
    item.decide(item.cases[0])
    item.attend("lantern-later")
    assert ask(item, agencies=("voice", "harbour")) == ("voice", "harbour")
    assert ask(item) == ("lantern",)


def test_only_who_presides_over_a_conference_in_session_that_decided_it(item: Room) -> None:
    with pytest.raises(InvalidInputError, match="no conference in session has decided it"):
        ask(item)
    item.decide(item.cases[0])
    for acting in (item.desk.coordinator, item.workers["voice"]):
        with pytest.raises(NotPermittedError):
            record_asked_aloud(item.context(acting), reference=item.cases[0])
    another = item.desk.add("another-chair", item.desk.chair.role)
    with pytest.raises(NotPermittedError, match="its chair or its deputy"):
        record_asked_aloud(item.context(another), reference=item.cases[0])
    item.closed()
    with pytest.raises(InvalidInputError, match="agencies enter their own positions"):
        ask(item)


def test_the_deputy_may_ask_too(item: Room) -> None:
    item.decide(item.cases[0])
    record_asked_aloud(item.context(item.deputy), reference=item.cases[0])
    assert positions(item)["voice"] == "no dissent voiced when asked aloud by deputy"
