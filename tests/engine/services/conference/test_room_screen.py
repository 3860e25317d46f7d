"""The room's screen shows what everyone in the room may see, and nothing says why something is not shown."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.domain.accounts.acting import flow_acting
from engine.domain.conference.attendance import AttendanceAct, AttendanceGiven
from engine.domain.conference.risk import Domain, Level
from engine.domain.errors import NotPermittedError
from engine.domain.responses.answers import DomainView, Professional
from engine.domain.sharing import WHOLE_ANSWER, AudienceKind, Grounds, RuleGiven
from engine.services.access import conflicts
from engine.services.conference import quorum, session
from engine.services.conference import room_screen as rooms
from engine.services.responses import requests as response_requests
from engine.services.responses.agency_answers import answer_by_hand
from engine.services.sharing.release_rules import set_rule
from tests.builders import SAFE_HOUSE, a_contribution
from tests.conferences import Room

VIEW = DomainView(
    domain=Domain.VIOLENCE,
    level=Level.HIGH,
    reasons="Two threats in a week.",
    recorded_by=Professional(name="A. Example", post="officer"),
    recorded_on=date(2026, 3, 1),
)


@pytest.fixture
def shown(room: Room) -> Room:
    """The first case is on the screen; harbour released a view, and its worker is in the room."""
    case = room.cases[0]
    response_requests.open_requests(room.context(flow_acting("test", "cora")), reference=case)
    answer_by_hand(
        room.context(harbour(room)),
        reference=case,
        agency="harbour",
        answer=a_contribution(views=(VIEW,), gaps=(f"Who lives at {SAFE_HOUSE}.",)),
    )
    room.started()
    room.attend("harbour-later")
    room.next()
    return room


def harbour(there: Room) -> Any:
    return there.workers["harbour"]


def screen(there: Room, acting: Any = None) -> rooms.RoomScreen:
    return rooms.read_room_screen(**there.here(acting))


def levels(there: Room) -> dict[str, list[str]]:
    item = screen(there).item
    assert item is not None
    return {agency.name: [view.level.value for view in agency.views] for agency in item.agencies}


def test_levels_that_everyone_in_the_room_may_see_are_shown_with_initials_only(shown: Room) -> None:
    found = screen(shown)
    assert found.in_words == "Item 1."
    assert found.item is not None
    assert found.item.initials == "A. K., alleged: D. R."
    assert sorted(levels(shown).values()) == [[], [], ["high"]]
    assert SAFE_HOUSE not in found.model_dump_json()
    assert not {"Amira", "A. Example"} & set(found.model_dump_json().split('"'))


def test_the_arrival_of_a_person_without_access_blanks_it_and_their_departure_does_not_tell_why(
    shown: Room,
) -> None:
    shown.attend("lantern-later")
    blank = screen(shown)
    assert (blank.item, blank.in_words) == (None, "Private item. This screen is blank.")
    shown.attend("lantern-later", AttendanceAct.LEFT)
    assert screen(shown).item is not None


def test_an_observer_without_an_account_blanks_it(shown: Room) -> None:
    for act in (AttendanceAct.SIGNED, AttendanceAct.ARRIVED):
        given = AttendanceGiven(act=act, name="A. Visitor", is_observer=True)
        quorum.record_attendance(**shown.here(), given=given)
    assert screen(shown).item is None


def test_what_its_owner_keeps_from_one_in_the_room_is_on_no_screen(shown: Room) -> None:
    grounds = Grounds(purpose="case work", necessity="So.")
    rule = RuleGiven(
        item=WHOLE_ANSWER, audience=AudienceKind.NAMED, agencies=("voice", "desk"), grounds=grounds, why="So."
    )
    set_rule(shown.context(harbour(shown)), reference=shown.cases[0], agency="harbour", rule=rule)
    assert sorted(levels(shown).values()) == [[], [], ["high"]]
    shown.attend("voice-worker")
    assert sorted(levels(shown).values()) == [[], [], ["high"]]
    shown.attend("lantern-worker")
    assert sorted(levels(shown).values()) == [[], [], []]


def test_before_the_start_in_a_break_and_after_the_end_it_has_no_case(shown: Room) -> None:
    session.take_break(**shown.here())
    assert (screen(shown).item, screen(shown).in_words) == (None, "Break.")
    session.show_item(**shown.here(), place=1)
    shown.closed()
    closed = screen(shown)
    assert (closed.item, closed.place, closed.in_words) == (None, None, "The conference is closed.")


def test_it_shows_no_more_than_its_opener_may_see(shown: Room) -> None:
    conflicts.say_of(
        shown.context(shown.workers["voice"]),
        reference=shown.cases[0],
        user="deputy",
        is_connected=True,
        why="A neighbour.",
    )
    assert screen(shown, shown.deputy).item is None
    assert screen(shown).item is not None
    with pytest.raises(NotPermittedError):
        screen(shown, harbour(shown))
