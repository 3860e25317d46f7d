"""What screens of a conference read first: the same as other readers get, and at the same cost for all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.conference.risk import Domain, Level
from engine.domain.errors import NotFoundError
from engine.services.access import conflicts, restrictions
from engine.services.cases import following
from engine.services.cases.views import view_case
from engine.services.conference import session
from engine.services.conference.remarks import view_remarks
from engine.services.conference.room import view_item_people
from engine.services.referrals import screening
from engine.services.responses import requests as response_requests
from tests.builders import Desk
from tests.conferences import Room, a_room
from tests.dashboard.visits import a_view, answers
from tests.differential import statements_of


@pytest.fixture
def room(desk: Desk) -> Room:
    """The first item is on the screen. Two agencies answered about it, and one person attends."""
    off = desk.runtime.settings.model_copy(update={"ask_about_connections": False})
    desk.runtime.settings = off
    room = a_room(desk).started()
    case = room.cases[0]
    response_requests.open_requests(room.context(desk.coordinator), reference=case)
    answers(desk, room.workers["voice"], case, a_view(Level.MODERATE), a_view(Level.LOW, Domain.PERSISTENCE))
    answers(desk, room.workers["harbour"], case, a_view(Level.HIGH), gaps=("The phone is not examined.",))
    room.next()
    room.attend("voice-worker")
    return room


def followed(room: Room, acting: Acting, place: int | None = None) -> following.Followed:
    return following.follow_conference(**room.here(acting), place=place)


def test_each_person_first_gets_what_the_pages_of_conference_and_case_show_them(room: Room) -> None:
    workers, case = room.workers, room.cases[0]
    for acting in (room.desk.chair, room.desk.coordinator, workers["voice"], workers["harbour"]):
        there = followed(room, acting)
        assert there.view == room.view(acting)
        assert there.item == there.view.items[0]
        assert there.head is not None
        assert there.head.people == view_item_people(**room.here(acting), place=1)
        whole = view_case(room.context(acting), reference=case)
        assert there.head.answers == whole.answers
        assert there.head.is_open
        rest = following.view_item_case(**room.here(acting), case=case)
        assert rest.case == whole
        assert rest.remarks == view_remarks(**room.here(acting), case=case)


def test_what_one_person_gets_is_not_changed_by_who_asked_before(room: Room) -> None:
    conflicts.say_own(room.context(room.workers["voice"]), reference=room.cases[1], is_connected=True)
    room.next()
    readers = [room.desk.chair, room.workers["voice"], room.desk.coordinator, room.workers["harbour"]]
    alone = {acting.user: followed(room, acting) for acting in readers}
    for acting in [*readers, *reversed(readers)]:
        assert followed(room, acting) == alone[acting.user]
    assert [alone[acting.user].head is None for acting in readers] == [False, True, False, True]


def test_a_private_item_has_its_place_and_nothing_else_whatever_makes_it_private(room: Room) -> None:
    voice = room.workers["voice"]
    conflicts.say_own(room.context(voice), reference=room.cases[1], is_connected=True)
    for acting in (voice, room.workers["harbour"]):
        there = followed(room, acting, 2)
        assert there.item is not None
        assert (there.item.is_private, there.item.case, there.head) == (True, None, None)
        with pytest.raises(NotFoundError):
            following.view_item_case(**room.here(acting), case=room.cases[1])
    assert followed(room, voice, 9).item is None


def test_nothing_of_a_case_is_read_before_its_question_or_its_reason_is_answered(room: Room) -> None:
    voice, case = room.workers["voice"], room.cases[0]
    asking = room.desk.runtime.settings.model_copy(update={"ask_about_connections": True})
    given: dict[str, Any] = {"context": replace(room.context(voice), settings=asking)}
    asked = following.follow_conference(**given, conference=room.conference)
    assert (asked.asks_first, asked.head) == (True, None)
    conflicts.say_own(room.context(voice), reference=case, is_connected=False)
    assert following.follow_conference(**given, conference=room.conference).head is not None
    restrictions.restrict(room.context(), reference=case, why="A brother of the perpetrator works here.")
    owed = followed(room, voice)
    assert (owed.asks_first, owed.head) == (True, None)
    assert followed(room, room.desk.chair).head is not None


def test_more_people_in_the_room_are_no_more_statements(room: Room) -> None:
    def asked() -> tuple[list[str], list[str]]:
        with statements_of(room.desk) as first:
            assert followed(room, room.workers["voice"]).head is not None
        with statements_of(room.desk) as pulse:
            session.read_pulse(**room.here(room.workers["voice"]))
        return first, pulse

    asked()
    few = asked()
    for number in range(4):
        room.desk.add(f"later-{number}", Role.PRACTITIONER, "voice")
        room.attend(f"later-{number}")
    screening.name_people(room.context(), reference=room.cases[0], people=["later-0", "later-1"])
    many = asked()
    assert [len(each) for each in many] == [len(each) for each in few]
    assert len(many[0]) < 60
    assert len(many[1]) < 25


def test_the_first_part_is_one_audit_entry_and_the_whole_case_is_a_view_of_it(room: Room) -> None:
    voice, case = room.workers["voice"], room.cases[0]
    with room.desk.runtime.uow.unrecorded() as work:
        before = work.audit.count()
    following.read_conference(**room.here(voice))
    followed(room, voice)
    following.view_item_case(**room.here(voice), case=case)
    with room.desk.runtime.uow.unrecorded() as work:
        written = list(work.audit.entries(after=before))
    assert ['"view conference"' in each.body or '"view case"' in each.body for each in written] == [True] * 2
    assert [each.cases for each in written] == [tuple(sorted(room.cases)), (case,)]
