"""Planning a conference on its page: the list, the agenda, its order, one item, the attendance."""

from __future__ import annotations

import pytest

from dashboard.pages import Place
from engine.domain.conference.agenda import PRIVATE_ITEM
from engine.domain.conference.attendance import AttendanceAct, AttendanceGiven
from engine.domain.conference.meetings import ConferenceState
from engine.services.access import conflicts
from engine.services.conference import agenda, meetings, quorum
from tests.builders import Desk
from tests.conferences import Room, a_room
from tests.dashboard.visits import Visit, Visits


@pytest.fixture
def room(desk: Desk) -> Room:
    return a_room(desk)


def at(visits: Visits, room: Room, user: str = "chair", part: str | None = None) -> Visit:
    """The page of the conference, as one of its people sees it."""
    desk = room.desk
    own = {"chair": desk.chair, "coordinator": desk.coordinator, "deputy": room.deputy, **room.workers}
    acting = own[user]
    codes = {"conference": room.conference, **({"part": part} if part else {})}
    return visits(acting, Place.CONFERENCES, codes=codes)


def cases_of(room: Room) -> list[str | None]:
    return [item.case for item in room.view().items]


def test_a_chair_plans_a_conference_and_builds_its_agenda(room: Room, visits: Visits) -> None:
    visit = visits(room.desk.chair, Place.CONFERENCES).open("plan-conference")
    visit.press("conference-save")
    assert "date: give the date of the conference" in visit.words
    visit.app.text_input(key="conference-date").set_value("2 June 2026")
    visit.app.text_input(key="conference-place").set_value("Room 7")
    visit.finish("conference-save")
    assert "is planned. Now build its agenda." in visit.words
    assert "Case conference, 2 Jun 2026" in visit.words
    (planned,) = [each for each in meetings.list_conferences(room.context()) if each.place == "Room 7"]
    assert planned.chair == "chair"
    visit.press("agenda-ready")
    assert "no case that you can view is ready for a conference" in visit.words
    for case in room.cases[1:]:
        view = meetings.view_conference(room.context(), conference=planned.reference)
        visit.app.text_input(key=f"agenda-case-{view.agenda}").set_value(case)
        visit.press("agenda-add")
    assert "2 items, 30 minutes planned." in visit.words


def test_a_reader_who_has_no_part_in_it_reads_the_page_of_one_that_does_not_exist(
    room: Room, visits: Visits
) -> None:
    room.started()
    lantern = at(visits, room, "lantern").words
    nowhere = visits(room.workers["lantern"], Place.CONFERENCES, codes={"conference": "U-0000000"}).words
    assert "Problem." in lantern
    assert "Problem." in nowhere
    assert (
        "No conference is planned that you have a part in."
        in visits(room.workers["lantern"], Place.CONFERENCES).words
    )


def test_items_are_moved_and_taken_off_by_buttons_and_a_second_person_is_not_overruled(
    room: Room, visits: Visits
) -> None:
    first, second, third = room.cases
    agenda.add_cases(**room.here(), cases=room.cases)
    visit = at(visits, room)
    visit.press("down-1")
    assert cases_of(room) == [second, first, third]
    assert not visit.offers("up-1")
    assert not visit.offers("down-3")
    agenda.order_agenda(**room.here(), places=[3, 1, 2], seen=room.view().agenda)
    visit.press("up-2")
    assert "The agenda changed at" in visit.words
    assert cases_of(room) == [third, second, first]
    visit.run()
    visit.press("off-2")
    assert cases_of(room) == [third, first]


def test_an_item_that_was_on_the_screen_cannot_be_taken_off(room: Room, visits: Visits) -> None:
    room.started().next()
    room.next()  # the first item was on the screen, the second is
    for user in ("chair", "coordinator"):
        visit = at(visits, room, user, part="agenda")
        assert [place for place in (1, 2, 3) if visit.offers(f"off-{place}")] == [3], user
        assert visit.offers("up-2")
    assert [item.was_on_screen for item in room.view().items] == [True, True, False]
    conflicts.say_own(room.context(room.deputy), reference=room.cases[0], is_connected=True)
    deputy = at(visits, room, "deputy", part="agenda")
    assert PRIVATE_ITEM in deputy.words
    assert not deputy.offers("off-1")
    assert [item.was_on_screen for item in room.view(room.workers["harbour"]).items] == [True, False, False]


def test_an_item_has_minutes_guests_a_note_for_the_chair_and_is_deferred_with_all_three_answers(
    room: Room, visits: Visits
) -> None:
    agenda.add_cases(**room.here(), cases=room.cases)
    visit = at(visits, room).open("change-1")
    key = f"item-{room.cases[0]}-{room.view().agenda}"
    visit.app.number_input(key=f"{key}-minutes").set_value(25)
    visit.app.text_input(key=f"{key}-guests").set_value("Housing officer; School")
    visit.app.text_input(key=f"{key}-note").set_value("Begin with the advocate.")
    visit.app.checkbox(key=f"{key}-deferred").check()
    visit.run()
    visit.app.text_input(key=f"{key}-because").set_value("The advocate is ill.")
    visit.press(f"{key}-save")
    assert "give why, until when, and what protects the victim meanwhile" in visit.words
    assert room.view().items[0].minutes == 15
    visit.app.text_input(key=f"{key}-until").set_value("9 March 2026")
    visit.app.text_input(key=f"{key}-meanwhile").set_value("Police patrol each evening.")
    visit.finish(f"{key}-save")
    item = room.view().items[0]
    assert (item.minutes, item.guests) == (25, ("Housing officer", "School"))
    assert "Deferred until 9 Mar 2026: The advocate is ill. Meanwhile: Police patrol" in visit.words
    assert "Note for the chair: Begin with the advocate." in visit.words
    assert "Begin with the advocate." not in at(visits, room, "coordinator").words


def test_a_member_sees_the_cases_that_are_open_to_them_and_changes_nothing(
    room: Room, visits: Visits
) -> None:
    agenda.add_cases(**room.here(), cases=room.cases)
    visit = at(visits, room, "harbour")
    assert visit.words.count(PRIVATE_ITEM) == 2
    assert room.cases[0] in visit.words
    assert room.cases[1] not in visit.source
    assert "3 items, 45 minutes planned." in visit.words
    assert not [
        key for key in ("agenda-ready", "down-1", "change-1", "start", "attend-save") if visit.offers(key)
    ]


def recorded_here(visit: Visit, room: Room) -> int:
    stored = f"attendance-recorded-{room.view().conference.reference}"
    state = visit.app.session_state
    recorded: int = state[stored] if stored in state else 0  # noqa: SIM401  # it has no get
    return recorded


def test_what_others_record_empties_nothing_that_is_being_typed(room: Room, visits: Visits) -> None:
    agenda.add_cases(**room.here(), cases=room.cases)
    at(visits, room).open("start").finish("start-now")
    visit = at(visits, room, part="agenda")
    visit.app.selectbox(key="attend-0-act").set_value(AttendanceAct.ARRIVED)
    visit.run()
    visit.app.selectbox(key="attend-0-user").set_value("harbour-later")
    visit.run()
    there = AttendanceGiven(act=AttendanceAct.ARRIVED, user="lantern-worker")
    quorum.record_attendance(**room.here(), given=there)
    visit.press("attend-save")
    assert {stay.who for stay in room.view().attendance} >= {"harbour-later", "lantern-worker"}
    assert visit.app.selectbox(key="attend-1-user").value is None


def test_the_chair_reads_the_statement_starts_and_records_who_comes_and_who_is_absent(
    room: Room, visits: Visits
) -> None:
    agenda.add_cases(**room.here(), cases=room.cases)
    visit = at(visits, room).open("start")
    assert room.view().confidentiality[:40] in visit.words
    visit.finish("start-now")
    assert room.view().conference.state is ConferenceState.IN_SESSION
    visit = at(visits, room, part="agenda")
    assert "Recording attendance gives no one access to a case." in visit.words

    def record(act: AttendanceAct, **fields: str) -> None:
        key = f"attend-{recorded_here(visit, room)}"
        visit.app.selectbox(key=f"{key}-act").set_value(act)
        visit.run()
        for field, value in fields.items():
            kind = "text_input" if field in ("name", "at") else "selectbox"
            getattr(visit.app, kind)(key=f"{key}-{field}").set_value(value)
        visit.press("attend-save")

    record(AttendanceAct.ARRIVED, user="harbour-later")
    record(AttendanceAct.ARRIVED, name="Visiting student")
    assert "record first that the observer signed the conditions" in visit.words
    record(AttendanceAct.SIGNED, name="Visiting student")
    record(AttendanceAct.ARRIVED, name="Visiting student")
    assert "Visiting student, observer, conditions signed" in visit.words
    record(AttendanceAct.LEFT, user="harbour-later", at="quarter past")
    assert "give hours and minutes, such as 09:45" in visit.words
    record(AttendanceAct.WRITTEN, agency="lantern", at="")
    assert "written contribution" in visit.words
    assert {stay.who for stay in room.view().attendance} == {"chair", "harbour-later", "Visiting student"}
