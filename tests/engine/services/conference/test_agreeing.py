"""Minutes from a draft to agreed copies: only attendees correct them, and agreed ones do not change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.domain.accounts.acting import Role
from engine.domain.cases.lifecycle import Act, State
from engine.domain.conference.minutes import Minutes, MinutesHeading, MinutesPhase
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.services.access import conflicts
from engine.services.conference import agreeing, amending
from engine.services.conference.minutes import read_minutes
from engine.services.rights import retention
from tests.builders import a_decision, in_one_entry
from tests.conferences import Room
from tests.prepared import prepared

SAYS = "The action is due in June."


@pytest.fixture
def closed(room: Room) -> Room:
    """A conference that decided its first case, with two who attended, one of whom sees only that case."""
    prepared(room.desk, _close, room)
    return room


def _close(room: Room) -> None:
    room.started()
    for user in ("voice-worker", "harbour-later"):
        room.attend(user)
    room.next()
    room.decide(room.cases[0])
    room.closed()


def agreed(room: Room) -> Room:
    room.minuted(MinutesPhase.PREPARED, MinutesPhase.CORRECTIONS, MinutesPhase.AGREED)
    return room


def copy_of(room: Room, who: str) -> Minutes:
    return read_minutes(**room.here(room.workers[who]))


def propose(room: Room, who: str, case: str | None = None, **more: Any) -> str:
    here = room.here(room.workers[who])
    return agreeing.propose_correction(**here, case=case or room.cases[0], text=SAYS, **more)


def answer(room: Room, correction: str, *, accepted: bool, why: str | None = None) -> str:
    answered = agreeing.answer_correction(room.context(), correction=correction, accepted=accepted, why=why)
    return answered.status


def test_the_phases_follow_one_another(closed: Room) -> None:
    with pytest.raises(InvalidInputError, match="'draft' and cannot be 'agreed' now"):
        closed.minuted(MinutesPhase.AGREED)
    closed.minuted(MinutesPhase.PREPARED, MinutesPhase.CORRECTIONS)
    minutes = copy_of(closed, "voice")
    assert minutes.phase is MinutesPhase.CORRECTIONS
    assert minutes.steps[-1].until == closed.desk.clock.today() + timedelta(days=7)
    with pytest.raises(NotPermittedError):
        closed.minuted(MinutesPhase.AGREED, by=closed.workers["voice"])


def test_minutes_are_not_agreed_while_somebody_may_still_correct_them(closed: Room) -> None:
    closed.minuted(MinutesPhase.PREPARED, MinutesPhase.CORRECTIONS)
    closed.desk.clock.forward(timedelta(days=7))
    with pytest.raises(InvalidInputError, match="corrections are open until the end of 9 March 2026; agree"):
        agreeing.move_minutes(**closed.here(), to=MinutesPhase.AGREED)
    propose(closed, "voice")
    closed.desk.clock.forward(timedelta(days=1))
    with pytest.raises(InvalidInputError, match="answer these first"):
        agreeing.move_minutes(**closed.here(), to=MinutesPhase.AGREED)


def test_only_who_attended_corrects_in_time_and_an_item_of_their_own_copy(closed: Room) -> None:
    with pytest.raises(InvalidInputError, match="not open for corrections"):
        propose(closed, "voice")
    closed.minuted(MinutesPhase.PREPARED, MinutesPhase.CORRECTIONS)
    closed.workers["absent"] = closed.desk.coordinator
    with pytest.raises(NotPermittedError, match="a person who attended"):
        propose(closed, "absent")
    with pytest.raises(NotFoundError, match="choose an item of your copy"):
        propose(closed, "harbour", closed.cases[1])
    propose(closed, "harbour")
    closed.desk.clock.forward(timedelta(days=8))
    with pytest.raises(InvalidInputError, match="corrections closed on 9 March 2026"):
        propose(closed, "voice")


def test_a_refused_correction_is_annexed_whole_and_each_is_answered_once(closed: Room) -> None:
    closed.minuted(MinutesPhase.PREPARED, MinutesPhase.CORRECTIONS)
    first, second = propose(closed, "voice"), propose(closed, "harbour")
    with pytest.raises(InvalidInputError, match=f"answer these first: {first}, {second}"):
        closed.minuted(MinutesPhase.AGREED)
    with pytest.raises(InvalidInputError, match="reason: write"):
        answer(closed, first, accepted=False)
    assert answer(closed, first, accepted=False, why="The victim is quoted.") == "refused, annexed"
    assert answer(closed, second, accepted=True) == "accepted"
    with pytest.raises(InvalidInputError, match="'accepted' already"):
        answer(closed, second, accepted=True)
    closed.minuted(MinutesPhase.AGREED)
    corrections = copy_of(closed, "voice").items[0].corrections
    assert [(each.says, each.status) for each in corrections] == [
        (SAYS, "refused, annexed"),
        (SAYS, "accepted"),
    ]


def test_a_correction_names_its_item_by_the_number_of_each_copy_and_its_heading(closed: Room) -> None:
    closed.minuted(MinutesPhase.PREPARED, MinutesPhase.CORRECTIONS)
    conflicts.say_own(closed.context(closed.deputy), reference=closed.cases[0], is_connected=True)
    propose(closed, "voice", closed.cases[1], heading=MinutesHeading.ACTIONS)
    propose(closed, "voice", closed.cases[1])
    for reader, number in ((closed.desk.chair, 2), (closed.deputy, 1)):
        copy = read_minutes(**closed.here(reader))
        (item,) = (each for each in copy.items if each.corrections)
        about = [each.about(item.number) for each in item.corrections]
        assert about == [f"item {number}, actions", f"item {number}"]


def test_a_correction_of_an_item_is_in_no_copy_without_it(closed: Room) -> None:
    closed.minuted(MinutesPhase.PREPARED, MinutesPhase.CORRECTIONS)
    proposed = propose(closed, "voice", closed.cases[1])
    assert proposed not in copy_of(closed, "harbour").model_dump_json()
    assert proposed in copy_of(closed, "voice").model_dump_json()


def test_a_correction_on_an_item_that_is_private_to_the_chair_neither_shows_nor_holds_up_the_minutes(
    closed: Room,
) -> None:
    closed.minuted(MinutesPhase.PREPARED, MinutesPhase.CORRECTIONS)
    proposed = propose(closed, "voice", closed.cases[1])
    conflicts.say_own(closed.context(), reference=closed.cases[1], is_connected=True)
    with pytest.raises(NotFoundError):
        answer(closed, proposed, accepted=True)
    closed.minuted(MinutesPhase.AGREED)
    copy = copy_of(closed, "voice")
    ((item, annexed),) = copy.annexed
    assert (item.case, annexed.reference) == (closed.cases[1], proposed)
    assert copy.status_of(annexed) == "not answered, annexed"
    with pytest.raises(InvalidInputError, match="'agreed' and not open for corrections"):
        agreeing.answer_correction(closed.context(closed.deputy), correction=proposed, accepted=True)


def test_agreed_minutes_do_not_change_and_name_a_later_amendment(closed: Room) -> None:
    agreed(closed)
    before = copy_of(closed, "harbour")
    assert before.digest is not None
    amending.amend_decision(
        closed.context(),
        reference=closed.cases[0],
        decision=a_decision(summary="Another summary.", amended_because="A slip."),
    )
    after = copy_of(closed, "harbour")
    sentence = "Amended later. See version 2 of the decision, 10 March 2026."
    assert after.items[0].amended_later == sentence
    assert after.items[0].model_copy(update={"amended_later": None}) == before.items[0]
    assert after.digest == before.digest


def test_the_digest_of_each_copy_is_in_the_audit_log(closed: Room) -> None:
    agreed(closed)
    digests = {copy_of(closed, who).digest for who in ("voice", "harbour")}
    with closed.desk.runtime.uow.unrecorded() as work:
        logged = "".join(str(entry) for entry in work.audit.entries())
    assert len(digests) == 2
    assert all(str(digest) in logged for digest in digests)


def test_a_case_that_closed_to_a_reader_since_is_out_of_their_agreed_copy(closed: Room) -> None:
    agreed(closed)
    other = closed.desk.add("other", Role.COORDINATOR)
    with pytest.raises(NotFoundError, match="copy of the minutes"):
        read_minutes(**closed.here(other))
    voice = closed.context(closed.workers["voice"])
    conflicts.say_own(voice, reference=closed.cases[0], is_connected=True)
    assert [(item.number, item.case) for item in copy_of(closed, "voice").items] == [
        (1, closed.cases[1]),
        (2, closed.cases[2]),
    ]


def test_an_erasure_empties_the_item_in_agreed_copies_and_says_by_which_decision(closed: Room) -> None:
    agreed(closed)
    case = closed.cases[2]
    with in_one_entry(closed.desk.runtime) as work:
        before = work.cases.get(case)
        ended = before.model_copy(update={"state": State.CLOSED, "version": before.version + 1})
        at = closed.desk.clock.now()
        work.cases.save_move(before, ended, act=Act.CLOSE, by="test", why="Over.", at=at)
    retention.review(closed.context(), reference=case, owner="desk", erase=True, why="Its time is over.")
    erased = retention.erase(closed.context(closed.deputy), reference=case, owner="desk")
    item = next(item for item in copy_of(closed, "voice").items if item.case == case)
    assert item.erased_by == erased.reference
    assert (item.names, item.decision, item.guests) == (None, None, ())
