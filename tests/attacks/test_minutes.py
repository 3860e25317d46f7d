"""What an insider tries with minutes: gaps in the agenda, the copy of another, digests, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.domain.accounts.acting import Role
from engine.domain.conference.agenda import Deferral, ItemPlan
from engine.domain.conference.attendance import AttendanceAct
from engine.domain.conference.minutes import Minutes, MinutesPhase
from engine.domain.errors import NotFoundError
from engine.domain.system.audit import canonical, digest
from engine.services.access import restrictions
from engine.services.conference import agenda, agreeing
from engine.services.conference.minutes import read_minutes
from tests.builders import Desk, a_desk
from tests.conferences import Room, a_room

ALL = (MinutesPhase.PREPARED, MinutesPhase.CORRECTIONS, MinutesPhase.AGREED)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as made:
        yield made


@pytest.fixture
def room(desk: Desk) -> Room:
    """Of three items "harbour" sees the one in the middle; much was recorded in the two around it."""
    room = a_room(desk)
    first, second, third = room.cases
    room.started(second, first, third)
    deferral = Deferral(because="No report.", until=date(2026, 4, 1), meanwhile="An alarm.")
    plan = ItemPlan(guests=("School nurse",), deferral=deferral)
    agenda.plan_item(**room.here(), place=3, seen=room.view().agenda, plan=plan)
    for user in ("voice-worker", "harbour-later"):
        room.attend(user)
    for case in (second, first):
        room.next()
        room.decide(case)
    return room.closed()


def copy_of(room: Room, who: str) -> Minutes:
    return read_minutes(**room.here(room.workers[who]))


def test_a_copy_has_no_trace_of_the_items_around_its_own(room: Room) -> None:
    first, *others = room.cases
    room.minuted(MinutesPhase.PREPARED, MinutesPhase.CORRECTIONS)
    voice = room.here(room.workers["voice"])
    for case in others:
        agreeing.propose_correction(**voice, case=case, text="Another date.")
    draft = copy_of(room, "harbour")
    proposed = _corrections_of(room, others)
    for reference in proposed:
        agreeing.answer_correction(room.context(), correction=reference, accepted=False, why="As recorded.")
    room.minuted(MinutesPhase.AGREED)
    for copy in (draft, copy_of(room, "harbour")):
        (item,) = copy.items
        assert (item.number, item.case, item.shown_from, item.shown_to) == (1, first, None, None)
        written = copy.model_dump_json(by_alias=True)
        assert '"from":null,"to":null' in written
        for trace in (*others, "School nurse", "No report.", "Another date.", *proposed):
            assert trace not in written
        assert not re.search(r'"(total|of|private)"', written)


def _corrections_of(room: Room, cases: list[str]) -> list[str]:
    copy = copy_of(room, "voice")
    return [each.reference for item in copy.items if item.case in cases for each in item.corrections]


def test_copies_of_the_same_items_have_the_same_shape_whatever_else_was_on_the_agenda(room: Room) -> None:
    item = copy_of(room, "harbour").items[0]
    (same,) = [each for each in copy_of(room, "voice").items if each.case == item.case]
    assert same.model_copy(update={"number": item.number}) == item


def test_a_guessed_copy_of_another_person_is_not_confirmed_by_its_digest(room: Room) -> None:
    room.minuted(*ALL)
    own, other = (
        _stored(room, room.desk.chair.user),
        _stored(room, room.deputy.user),
    )
    assert [item.case for item in own.items] == [item.case for item in other.items]
    guess = own.model_copy(update={"recipient": other.recipient, "digest": None, "steps": own.steps[:-1]})
    assert own.digest == _digested(own.model_copy(update={"digest": None, "steps": own.steps[:-1]}))
    assert _digested(guess) != other.digest


def _stored(room: Room, user: str) -> Minutes:
    with room.desk.runtime.uow.unrecorded() as work:
        copy = work.conference_minutes.copy_for(room.conference, user)
    assert copy is not None
    return copy


def _digested(copy: Minutes) -> str:
    return digest(canonical([copy.model_dump(mode="json")]))


def test_who_was_absent_gets_their_own_items_and_corrects_none(room: Room) -> None:
    absent = room.desk.add("voice-second", Role.PRACTITIONER, "voice")
    room.workers["absent"] = absent
    unknown = [_refusal(room, reference) for reference in (room.conference, "U-7K3M9QV")]
    assert unknown[0] == unknown[1].replace("U-7K3M9QV", room.conference)
    room.minuted(MinutesPhase.PREPARED, MinutesPhase.CORRECTIONS)
    with pytest.raises(NotFoundError):
        agreeing.propose_correction(**room.here(absent), case=room.cases[0], text="I was not there.")


def _refusal(room: Room, reference: str) -> str:
    with pytest.raises(NotFoundError) as refused:
        read_minutes(room.context(room.workers["absent"]), conference=reference)
    return str(refused.value)


def test_apologies_alone_open_no_item_and_let_nobody_correct(desk: Desk) -> None:
    room = a_room(desk).started()
    room.attend("lantern-later", AttendanceAct.APOLOGIES)
    room.next()
    room.closed()
    room.minuted(MinutesPhase.PREPARED, MinutesPhase.CORRECTIONS)
    lantern = room.workers["lantern"]
    assert read_minutes(**room.here(lantern)).items == ()
    with pytest.raises(NotFoundError):
        agreeing.propose_correction(**room.here(lantern), case=room.cases[0], text="I was not there.")


def test_a_case_that_is_restricted_after_the_minutes_are_agreed_leaves_no_gap_in_a_copy(room: Room) -> None:
    room.workers["coordinator"] = room.desk.add("not-named", Role.COORDINATOR)
    room.minuted(*ALL)
    before = copy_of(room, "coordinator")
    hidden = before.items[1].case
    restrictions.restrict(room.context(), reference=hidden, why="A member of staff.")
    after = copy_of(room, "coordinator")
    assert [(item.number, item.case) for item in after.items] == [
        (number, case) for number, case in enumerate((before.items[0].case, before.items[2].case), start=1)
    ]
    assert hidden not in after.model_dump_json()


def test_a_copy_is_not_read_by_a_person_whose_account_came_after_it_was_agreed(room: Room) -> None:
    room.minuted(*ALL)
    room.desk.clock.forward(timedelta(days=1))
    late = room.desk.add("late", Role.COORDINATOR)
    with pytest.raises(NotFoundError, match="ask the chair"):
        read_minutes(**room.here(late))
