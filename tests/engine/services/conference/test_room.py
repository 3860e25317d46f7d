"""Who opens the room's screen, on which account, and that an account of a screen reads nothing else."""

from __future__ import annotations

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.conference.attendance import AttendanceAct
from engine.domain.conference.changes import ChangeKind
from engine.domain.conference.meetings import ConferenceGiven
from engine.domain.conference.room import RoomShows
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.services.cases.views import view_case
from engine.services.conference import meetings, session
from engine.services.conference.room import open_room, read_room_pulse, view_room
from tests.conferences import MINUTE, Room


@pytest.fixture
def screen(room: Room) -> Acting:
    """An account of a room's screen, with the first item shown there."""
    wall = room.desk.add("wall", Role.ROOM_SCREEN)
    room.started().next()
    open_room(**room.here(), account="wall")
    return wall


def test_an_account_of_a_screen_reads_the_room_of_its_conference_and_nothing_else(
    room: Room, screen: Acting
) -> None:
    own = room.context(screen)
    item = view_room(own).item
    assert item is not None
    assert item.case == room.cases[0]
    for tried in (
        lambda: view_case(own, reference=room.cases[0]),
        lambda: meetings.view_conference(own, conference=room.conference),
        lambda: meetings.list_conferences(own),
        lambda: session.read_pulse(own, conference=room.conference),
        lambda: open_room(own, conference=room.conference, shows=RoomShows.ALL),
    ):
        with pytest.raises((NotPermittedError, NotFoundError)):
            tried()
    given = ConferenceGiven(held_on=room.desk.clock.today())
    other = meetings.create_conference(room.context(), given=given)
    with pytest.raises(NotFoundError):
        view_room(own, conference=other.reference)


def test_it_shows_nothing_before_it_is_opened_there_after_the_close_and_once_it_is_opened_elsewhere(
    room: Room, screen: Acting
) -> None:
    other = room.desk.add("other-wall", Role.ROOM_SCREEN)
    with pytest.raises(NotFoundError, match="its chair opens this screen"):
        view_room(room.context(other))
    open_room(**room.here(), account="other-wall")
    assert view_room(room.context(other)).item is not None
    with pytest.raises(NotFoundError):
        read_room_pulse(room.context(screen))
    room.closed()
    with pytest.raises(NotFoundError):
        view_room(room.context(other))


def test_it_sees_nothing_of_its_own_so_an_empty_room_and_an_arrival_narrow_it(
    room: Room, screen: Acting
) -> None:
    before = read_room_pulse(room.context(screen))
    room.attend("lantern-later")  # named on no case
    assert view_room(room.context(screen)).item is None
    assert read_room_pulse(room.context(screen)).version != before.version
    room.desk.clock.forward(MINUTE)
    for user in ("lantern-later", room.desk.chair.user):
        room.attend(user, AttendanceAct.LEFT)
    room.desk.clock.forward(MINUTE)
    assert view_room(room.context(screen)).item is None


def test_the_chair_the_deputy_and_the_minute_taker_open_it_and_only_on_a_screen(
    room: Room, screen: Acting
) -> None:
    with pytest.raises(NotPermittedError, match="its chair, its deputy or its minute taker"):
        open_room(**room.here(room.desk.coordinator), shows=RoomShows.BLANK)
    with pytest.raises(InvalidInputError, match="another role than 'room screen'"):
        open_room(**room.here(), account="harbour-worker")
    with pytest.raises(InvalidInputError, match="name a person"):
        room.attend("wall")
    before = read_room_pulse(room.context(screen))
    followers = session.read_pulse(**room.here())
    assert open_room(**room.here(room.deputy), shows=RoomShows.VIOLENCE) is RoomShows.VIOLENCE
    after = read_room_pulse(room.context(screen))
    assert before.changes[ChangeKind.ROOM] != after.changes[ChangeKind.ROOM]
    assert session.read_pulse(**room.here()).version == followers.version
