"""Said in the room, on the page of the item: entered in a dialog, released beside it, noted by the taker."""

from __future__ import annotations

import pytest

from engine.domain.absence import YesNo
from engine.domain.conference.meetings import ConferenceGiven
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.responses.answers import Nature
from engine.services.cases.views import view_case
from engine.services.conference import meetings
from engine.services.conference.minutes import read_minutes
from engine.services.responses import requests as response_requests
from tests.builders import Desk
from tests.conferences import Room, a_room
from tests.dashboard.views.conference.test_in_session import at
from tests.dashboard.visits import Visits


@pytest.fixture
def table(desk: Desk) -> Room:
    """The first item on the screen; harbour is in the room, and the coordinator takes the minutes."""
    room = a_room(desk)
    response_requests.open_requests(room.context(desk.coordinator), reference=room.cases[0])
    given = ConferenceGiven(held_on=desk.clock.today(), minute_taker=desk.coordinator.user)
    taken = meetings.create_conference(room.context(), given=given).reference
    room = Room(desk, room.workers, room.deputy, taken, room.cases).started()
    room.attend("harbour-later")
    room.next()
    return room


def test_what_was_said_is_entered_in_one_step_and_released_in_another(table: Room, visits: Visits) -> None:
    harbour, case = table.workers["harbour"], table.cases[0]
    visit = at(visits, table, harbour).open("add-remark")
    key = f"remark-{case}"
    visit.press(f"{key}-save")
    assert "nature: choose fact or opinion" in visit.words
    visit.app.radio(key=f"{key}-nature").set_value(Nature.FACT)
    visit.press(f"{key}-save")
    assert "text: String should have at least 1 character" in visit.words
    visit.type(f"{key}-text", "He came to the car park.")
    visit.type(f"{key}-source", "A visit, 28 February.")
    visit.finish(f"{key}-save")
    assert "Recorded. It waits for Harbour Office to release it." in visit.words
    assert "He came to the car park." not in at(visits, table).source
    (release,) = [str(each.key) for each in visit.app.button if str(each.key).startswith("remark-released")]
    visit.press(release)
    assert not visit.offers(release)
    words = at(visits, table).words
    assert "Harbour Office He came to the car park. Released by harbour-later" in words
    assert "Fact. Source: A visit, 28 February. Grade: not recorded. For: panel." in words
    assert visit.open("add-remark").typed(f"{key}-text") == ""


def test_a_topic_of_what_was_said_is_asked_and_is_an_alarm_of_its_agency(table: Room, visits: Visits) -> None:
    harbour, case = table.workers["harbour"], table.cases[0]
    visit = at(visits, table, harbour).open("add-remark")
    key = f"remark-{case}"
    visit.app.radio(key=f"{key}-nature").set_value(Nature.FACT)
    visit.type(f"{key}-text", "He has a knife.")
    visit.type(f"{key}-source", "A visit, 28 February.")
    visit.app.button_group(key=f"{key}-topic-weapon").set_value(YesNo.YES)
    visit.finish(f"{key}-save")
    for acting, raised in ((harbour, [(AlarmTopic.WEAPON,)]), (table.desk.chair, [])):
        view = view_case(table.context(acting), reference=case)
        assert [alarm.raised for alarm in view.alarms_since] == raised


def test_who_is_not_at_the_table_adds_nothing_and_the_minute_taker_adds_a_note(
    table: Room, visits: Visits
) -> None:
    voice = at(visits, table, table.workers["voice"])
    assert "Nothing recorded for this item" in voice.words
    assert not voice.offers("add-remark")
    assert not at(visits, table).offers("add-note")
    taker = at(visits, table, table.desk.coordinator).open("add-note")
    taker.type(f"note-{table.cases[0]}-text", "The panel asked for the report.")
    weapon = f"note-{table.cases[0]}-topic-weapon"
    taker.app.button_group(key=weapon).set_value(YesNo.NO)
    taker.run()
    taker = at(visits, table, table.desk.coordinator).open("add-note")
    assert taker.app.button_group(key=weapon).value == YesNo.NO, "the page was refreshed"
    taker.finish(f"note-{table.cases[0]}-save")
    table.closed()
    assert [each.text for each in read_minutes(**table.here()).items[0].remarks]
    assert "Note: The panel asked for the report." in at(visits, table).words
