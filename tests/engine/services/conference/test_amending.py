"""Amending looks forward only; dissent is an agency's own, or says who noted it."""

from __future__ import annotations

import pytest

from engine.domain.cases.views import DecisionView
from engine.domain.conference.attendance import AttendanceAct
from engine.domain.conference.risk import Decision, Dissent, Domain, Level
from engine.domain.errors import ConflictError, InvalidInputError, NotPermittedError
from engine.services.cases.views import view_case
from engine.services.conference import amending
from tests.builders import a_decision
from tests.conferences import Room
from tests.dashboard.visits import planned
from tests.prepared import prepared

WHY = "The review date was wrong."
NOTED = Dissent(agency="voice", who="V. Worker", reasons="It asks too little.")


@pytest.fixture
def decided(room: Room) -> tuple[Room, str]:
    """A provisional decision with a dissent that the chair noted."""
    prepared(room.desk, _decide, room)
    return room, room.cases[0]


def _decide(room: Room) -> None:
    room.started()
    room.attend("voice-worker")
    room.next()
    room.decide(room.cases[0], dissent=(NOTED,))


def amended(room: Room, case: str, decision: Decision) -> amending.Amended:
    return amending.amend_decision(room.context(), reference=case, decision=decision)


def newest(room: Room, case: str) -> DecisionView:
    decision = view_case(room.context(), reference=case).decision
    assert decision is not None
    return decision


def test_a_slip_is_corrected_at_any_time_and_stays_as_quorate_as_it_was(decided: tuple[Room, str]) -> None:
    room, case = decided
    amending.enter_dissent(room.context(room.workers["voice"]), reference=case, reasons=None)
    room.closed()
    done = amended(room, case, a_decision(amended_because=WHY, review_on="2026-04-01", dissent=(NOTED,)))
    assert (done.version, done.changed) == (2, ())
    shown = newest(room, case)
    assert shown.provisional is not None
    assert shown.amended_because == WHY
    assert [each.source for each in shown.dissent] == ["confirmed by voice-worker"]
    assert view_case(room.context(), reference=case).earlier_decisions[0].review_on is None


def test_nobody_else_changes_a_dissent_that_its_agency_confirmed(decided: tuple[Room, str]) -> None:
    room, case = decided
    changed = NOTED.model_copy(update={"reasons": "It asks enough."})
    noted_anew = amended(room, case, a_decision(amended_because=WHY, dissent=(changed,)))
    assert noted_anew.version == 2  # as long as it is the chair's note
    amending.enter_dissent(room.context(room.workers["voice"]), reference=case, reasons=None)
    with pytest.raises(InvalidInputError, match="voice confirmed its dissent and changes it itself"):
        amended(room, case, a_decision(amended_because=WHY, dissent=(NOTED,)))
    amended(room, case, a_decision(amended_because=WHY))
    assert [(each.reasons, each.source) for each in newest(room, case).dissent] == [
        ("It asks enough.", "confirmed by voice-worker")
    ]


def test_an_amendment_is_shown_first_with_the_same_checks_and_records_nothing(
    decided: tuple[Room, str],
) -> None:
    room, case = decided
    planned(room.desk, case)
    moderate = a_decision(Level.MODERATE, amended_because="New facts.")
    shown = amending.show_amendment(room.context(), reference=case, decision=moderate)
    assert (shown.amends, len(shown.changed), shown.plan) == (1, 4, 1)
    assert set(shown.informs) >= {"voice-worker"}
    assert newest(room, case).version == 1
    room.closed()
    with pytest.raises(InvalidInputError, match="a changed level needs a conference in session"):
        amending.show_amendment(room.context(), reference=case, decision=moderate)


def test_what_rests_on_a_level_is_named_by_its_actions() -> None:
    rests = {Domain.VIOLENCE: ("A-1", "A-2", "A-3"), Domain.PERSISTENCE: ("A-1",), Domain.RECURRENCE: ()}
    shown = amending.AmendmentShown(
        reference="R", amends=1, changed=tuple(rests), informs=(), plan=1, rests=rests
    )
    assert shown.rests_in_words == (
        "3 actions rest on the level of violence: A-1, A-2, A-3.",
        "1 action rests on the level of persistence: A-1.",
        "No action of the plan rests on the level of recurrence.",
    )


def test_a_version_that_is_not_the_newest_is_not_amended(decided: tuple[Room, str]) -> None:
    room, case = decided
    amended(room, case, a_decision(amended_because=WHY))
    with pytest.raises(ConflictError, match="recorded version 2"):
        amending.amend_decision(
            room.context(), reference=case, decision=a_decision(amended_because=WHY), base_version=1
        )


def test_a_changed_level_needs_a_conference_that_has_taken_the_case(decided: tuple[Room, str]) -> None:
    room, case = decided
    moderate = a_decision(Level.MODERATE, amended_because="New facts.")
    done = amended(room, case, moderate)
    assert len(done.changed) == 4
    assert done.quorum is not None
    room.closed()
    with pytest.raises(InvalidInputError, match="a changed level needs a conference in session"):
        amended(room, case, a_decision(Level.HIGH, amended_because="New facts."))


def test_low_over_a_gap_is_refused_in_an_amendment_too(decided: tuple[Room, str]) -> None:
    room, case = decided
    with pytest.raises(InvalidInputError, match="low"):
        amended(room, case, a_decision(Level.LOW, amended_because="New facts."))


def test_an_amendment_has_a_reason_and_a_decision_has_none(decided: tuple[Room, str]) -> None:
    room, case = decided
    with pytest.raises(InvalidInputError, match="give the reason"):
        amended(room, case, a_decision())
    room.next()
    with pytest.raises(InvalidInputError, match="leave it out"):
        room.decide(room.cases[1], amended_because=WHY)
    with pytest.raises(InvalidInputError, match="no decision to amend"):
        amended(room, room.cases[1], a_decision(amended_because=WHY))
    with pytest.raises(NotPermittedError):
        amending.amend_decision(
            room.context(room.workers["voice"]), reference=case, decision=a_decision(amended_because=WHY)
        )


def test_an_amendment_lists_who_is_to_be_informed(decided: tuple[Room, str]) -> None:
    room, case = decided
    done = amended(room, case, a_decision(amended_because=WHY))
    assert "voice-worker" in done.informs
    assert done.plan is None


def test_a_dissent_says_who_noted_confirmed_or_entered_it(decided: tuple[Room, str]) -> None:
    room, case = decided
    assert [each.source for each in newest(room, case).dissent] == ["as noted by chair"]
    voice = room.context(room.workers["voice"])
    amending.enter_dissent(voice, reference=case, reasons=None)
    amending.enter_dissent(voice, reference=case, reasons="The victim was not asked.")
    assert [(each.reasons, each.source) for each in newest(room, case).dissent] == [
        ("It asks too little.", "confirmed by voice-worker"),
        ("The victim was not asked.", "entered by voice-worker"),
    ]


def test_only_an_attendee_of_the_agency_enters_its_dissent(decided: tuple[Room, str]) -> None:
    room, case = decided
    harbour = room.context(room.workers["harbour"])
    with pytest.raises(NotPermittedError, match="who attended the conference"):
        amending.enter_dissent(harbour, reference=case, reasons="Too much.")
    room.attend("harbour-later", AttendanceAct.ARRIVED)
    with pytest.raises(InvalidInputError, match="none was noted for your agency"):
        amending.enter_dissent(harbour, reference=case, reasons=None)
    assert amending.enter_dissent(harbour, reference=case, reasons="Too much.").agency == "harbour"
