"""A case that was opened alone, and not by an agenda, is as quorate as the meeting that decides it."""

from __future__ import annotations

import pytest

from engine.domain.accounts.acting import Role
from engine.domain.cases.views import DecisionView
from engine.domain.conference.risk import Attendance
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.services.access import conflicts
from engine.services.cases.views import view_case
from engine.services.conference import agenda, amending, decisions, minutes
from tests.builders import a_decision
from tests.conferences import Room

HARBOUR = Attendance(agency="harbour", who="A. Officer")
LANTERN = Attendance(agency="lantern", who="A. Nurse")
VOICE = Attendance(agency="voice", who="An advocate")
WROTE = Attendance(agency="voice", written_input=True)
SORRY = Attendance(agency="voice", apologies=True)
VOICE_MISSING = "Provisional: not quorate. Missing: Her Voice."


def opened(room: Room) -> str:
    """A case that its chair opened alone; it is on no agenda."""
    case = room.cases[2]
    decisions.open_conference(room.context(), reference=case)
    return case


def newest(room: Room, case: str) -> DecisionView:
    decision = view_case(room.context(), reference=case).decision
    assert decision is not None
    return decision


def test_in_a_conference_that_sits_it_has_the_attendance_of_that_conference(room: Room) -> None:
    room.started(*room.cases[:2])
    case = opened(room)
    room.attend("harbour-worker")
    room.attend("lantern-worker")
    decided = room.decide(case, attendance=[HARBOUR, LANTERN, VOICE])  # the conference's record counts
    assert decided.quorum is not None
    assert decided.quorum.in_words == VOICE_MISSING
    assert newest(room, case).provisional == VOICE_MISSING


def test_in_a_quorate_conference_it_is_not_provisional(room: Room) -> None:
    room.started(*room.cases[:2])
    case = opened(room)
    for user in ("harbour-worker", "lantern-worker", "voice-worker"):
        room.attend(user)
    assert room.decide(case).quorum is not None
    assert newest(room, case).provisional is None


def test_a_person_in_conflict_does_not_count_there_either(room: Room) -> None:
    room.started(*room.cases[:2])
    case = opened(room)
    for user in ("harbour-worker", "lantern-worker", "voice-worker"):
        room.attend(user)
    conflicts.say_own(room.context(room.workers["voice"]), reference=case, is_connected=True)
    room.decide(case)
    assert newest(room, case).provisional == VOICE_MISSING


def test_its_conference_has_it_as_last_item_of_its_minutes(room: Room) -> None:
    room.started(*room.cases[:2])
    case = opened(room)
    decided = room.decide(case)
    assert decided.conference == room.conference
    *_, item = minutes.read_minutes(**room.here()).items
    assert (item.case, item.number) == (case, 3)
    assert (item.shown_from, item.shown_to) == (None, None)
    assert item.decision is not None
    assert item.decision.reference == decided.decision
    assert room.view().items[-1].minutes == 1
    with pytest.raises(InvalidInputError, match="an item with a decision stays"):
        agenda.order_agenda(**room.here(), places=[1, 2], seen=room.view().agenda)


def test_an_item_that_was_taken_off_comes_back_with_its_decision(room: Room) -> None:
    room.started(*room.cases)
    case = room.cases[2]
    agenda.order_agenda(**room.here(), places=[1, 2], seen=room.view().agenda)
    decisions.open_conference(room.context(), reference=case)
    decided = room.decide(case)
    assert [item.case for item in room.view().items] == [*room.cases]
    assert minutes.read_minutes(**room.here()).items[-1].decision is not None
    assert decided.conference == room.conference


def test_a_conference_that_another_chair_presides_over_lends_no_quorum(room: Room) -> None:
    case = opened(room)
    room.started(*room.cases[:2])
    for user in ("harbour-worker", "lantern-worker", "voice-worker"):
        room.attend(user)
    another = room.desk.add("another-chair", Role.CHAIR)
    decided = room.decide(case, another, attendance=[HARBOUR, LANTERN, SORRY])
    assert decided.quorum is not None
    assert decided.quorum.in_words == VOICE_MISSING


@pytest.mark.parametrize(
    ("attendance", "sentence"),
    [
        ((HARBOUR, LANTERN, SORRY), VOICE_MISSING),
        ((HARBOUR, VOICE), "Provisional: not quorate. Missing: supervision or Lantern House."),
        ((HARBOUR, LANTERN, VOICE), None),
        ((HARBOUR, LANTERN, WROTE), None),
    ],
)
def test_outside_a_conference_it_has_the_attendance_that_the_decision_lists(
    room: Room, attendance: tuple[Attendance, ...], sentence: str | None
) -> None:
    case = opened(room)
    decided = room.decide(case, attendance=attendance)
    assert decided.quorum is not None
    assert newest(room, case).provisional == sentence


def test_a_corrected_slip_is_as_quorate_as_it_was(room: Room) -> None:
    case = opened(room)
    room.decide(case, attendance=[HARBOUR, LANTERN, SORRY])
    slip = a_decision(amended_because="The review date was wrong.", attendance=[HARBOUR, LANTERN, VOICE])
    amending.amend_decision(room.context(), reference=case, decision=slip)
    assert newest(room, case).version == 2
    assert newest(room, case).provisional == VOICE_MISSING


def test_dissent_on_it_is_entered_by_a_person_who_attended_the_conference(room: Room) -> None:
    room.started(*room.cases[:2])
    case = opened(room)
    room.decide(case)
    voice = room.context(room.workers["voice"])
    with pytest.raises(NotPermittedError, match="who attended the conference"):
        amending.enter_dissent(voice, reference=case, reasons="It asks too little.")
    room.attend("voice-worker")
    assert amending.enter_dissent(voice, reference=case, reasons="It asks too little.").agency == "voice"
