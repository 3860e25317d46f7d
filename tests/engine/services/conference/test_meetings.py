"""A conference from its agenda to its minutes, and what each person sees of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engine.domain.accounts.acting import Role
from engine.domain.conference.agenda import PRIVATE_ITEM, Deferral, ItemPlan
from engine.domain.conference.attendance import AttendanceAct, AttendanceGiven
from engine.domain.conference.meetings import ConferenceGiven, ConferenceState
from engine.domain.conference.timer import TimerAct
from engine.domain.errors import (
    AgendaChangedError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from engine.services.access import conflicts, restrictions
from engine.services.cases.views import view_case
from engine.services.conference import agenda, decisions, meetings, quorum, session
from engine.services.conference.minutes import read_minutes
from engine.services.plans import versions as plan_versions
from engine.services.referrals import screening
from tests.builders import (
    TOY_CODES,
    a_plan,
)
from tests.conferences import MINUTE, Room


def test_a_conference_goes_from_its_agenda_to_minutes_of_what_was_recorded(room: Room) -> None:
    first, second, third = room.cases
    room.started()
    for user in ("harbour-worker", "lantern-worker", "voice-worker"):
        room.attend(user)
    assert room.next().opened == first
    assert room.decide(first).quorum is not None
    plan_versions.make_plan(room.context(), reference=first, plan=a_plan(agency="voice"), agencies=TOY_CODES)
    assert room.next().in_words == "Item 2."
    room.desk.clock.forward(MINUTE)
    room.closed()

    minutes = read_minutes(**room.here())
    assert [(item.case, item.quorate) for item in minutes.items] == [
        (first, True),
        (second, None),
        (third, None),
    ]
    assert [stay.who for stay in minutes.attendance] == [
        "chair",
        "harbour-worker",
        "lantern-worker",
        "voice-worker",
    ]
    assert all(stay.left_at is not None for stay in minutes.attendance)
    item = minutes.items[0]
    assert item.decision is not None
    assert item.decision.summary == "The panel plans for safety and an order."
    assert [action.what for action in item.actions] == ["Apply for an order."]
    assert item.shown_from is not None
    assert item.shown_to == minutes.items[1].shown_from
    assert minutes.items[2].shown_from is None
    assert minutes.phase.value == "draft"
    assert set(minutes.model_dump(mode="json", by_alias=True)["items"][0]) >= {
        "case",
        "from",
        "to",
        "quorate",
        "decision",
        "dissent",
        "actions",
        "conflicts",
    }


def test_a_case_that_does_not_name_a_person_is_a_private_item_and_attendance_opens_none(room: Room) -> None:
    room.started()
    room.attend("harbour-later")
    room.next()
    view = room.view(room.workers["harbour"])
    assert [item.in_words for item in view.items] == [
        f"{room.cases[0]}, for decision",
        PRIVATE_ITEM,
        PRIVATE_ITEM,
    ]
    assert view.items[1].model_dump(exclude_defaults=True) == {"place": 2, "minutes": 15, "is_private": True}
    with pytest.raises(NotFoundError):
        view_case(room.context(room.workers["harbour"]), reference=room.cases[1])


def test_a_guest_of_an_item_gets_no_screen_unless_the_case_names_them(room: Room) -> None:
    room.started()
    guest = room.workers["lantern"]
    for place in (1, 2):
        plan = ItemPlan(guests=(guest.user,))
        agenda.plan_item(**room.here(), place=place, seen=room.view().agenda, plan=plan)
    room.next()
    with pytest.raises(NotFoundError):
        room.view(guest)
    screening.name_people(room.context(), reference=room.cases[0], people=[guest.user])
    assert [item.is_private for item in room.view(guest).items] == [False, True, True]


def test_a_private_item_reads_the_same_whatever_is_behind_it(room: Room) -> None:
    """Deferred, with guests, restricted, decided: nothing but its place and minutes differs."""
    room.started()
    before = room.view(room.workers["harbour"]).model_copy(update={"conference": None})
    plan = ItemPlan(
        guests=("A school nurse",),
        chair_note="Ask about the car.",
        deferral=Deferral(because="No report yet.", until=date(2026, 4, 1), meanwhile="A police alarm."),
    )
    agenda.plan_item(**room.here(), place=3, seen=1, plan=plan)
    restrictions.restrict(room.context(), reference=room.cases[1], why="A colleague lives next door.")
    after = room.view(room.workers["harbour"]).model_copy(update={"conference": None})
    assert after == before
    assert room.view().items[2].chair_note == "Ask about the car."
    other = room.desk.add("other", Role.COORDINATOR)
    assert [item.is_private for item in room.view(other).items] == [False, True, False]


def test_a_coordinator_does_not_read_the_chairs_note_and_does_not_remove_it(room: Room) -> None:
    agenda.add_cases(**room.here(), cases=room.cases)
    agenda.plan_item(**room.here(), place=1, seen=1, plan=ItemPlan(chair_note="Ask about the car."))
    assert room.view(room.desk.coordinator).items[0].chair_note is None
    agenda.plan_item(**room.here(room.desk.coordinator), place=1, seen=1, plan=ItemPlan(minutes=20))
    assert (room.view().items[0].minutes, room.view().items[0].chair_note) == (20, "Ask about the car.")


def test_whoever_has_no_part_in_a_conference_finds_none(room: Room) -> None:
    room.started(room.cases[1])
    outsider = room.workers["lantern"]
    for ask in (room.view, lambda acting: read_minutes(**room.here(acting))):
        with pytest.raises(NotFoundError) as refused:
            ask(outsider)
        assert room.conference in str(refused.value)
    assert meetings.list_conferences(room.context(outsider)) == ()
    room.attend("lantern-later")
    assert [item.in_words for item in room.view(outsider).items] == [PRIVATE_ITEM]


def test_levels_wait_for_the_item_and_the_case_cannot_be_opened_before_it(room: Room) -> None:
    room.started()
    with pytest.raises(InvalidInputError, match="it opens with its item there"):
        decisions.open_conference(room.context(), reference=room.cases[1])
    room.next()
    assert view_case(room.context(), reference=room.cases[1]).conference_opened_at is None
    assert view_case(room.context(), reference=room.cases[0]).conference_opened_at is not None
    room.next()
    assert view_case(room.context(), reference=room.cases[1]).conference_opened_at is not None


def test_of_two_who_press_next_the_second_is_on_the_item_already(room: Room) -> None:
    room.started()
    seen = room.next().screen
    room.next(seen=seen)
    again = room.next(room.deputy, seen=seen)
    assert (again.in_words, again.screen) == ("Already on item 2.", seen + 1)


def test_next_from_a_screen_that_was_turned_elsewhere_is_refused(room: Room) -> None:
    room.started()
    seen = room.next().screen
    session.show_item(**room.here(room.deputy), place=3, seen=seen)
    with pytest.raises(AgendaChangedError, match=r"^The room is on item 3\. Choose again\.$"):
        room.next(seen=seen)


def test_an_item_that_is_moved_while_it_is_shown_stays_on_the_screen(room: Room) -> None:
    room.started()
    room.next()
    view = agenda.order_agenda(**room.here(), places=[2, 3, 1], seen=1)
    assert view.on_screen == 3
    with pytest.raises(InvalidInputError, match="no item after"):
        room.next()


def test_an_order_made_on_an_agenda_that_changed_is_refused_with_the_time(room: Room) -> None:
    agenda.add_cases(**room.here(), cases=room.cases[:2])
    agenda.add_cases(**room.here(room.desk.coordinator), cases=room.cases[2:])
    with pytest.raises(AgendaChangedError, match=r"^The agenda changed at 09:00\. Choose again\.$"):
        agenda.order_agenda(**room.here(), places=[2, 1], seen=1)


@pytest.mark.parametrize("places", [[1, 1, 2], [0, 1, 2], [1, 2, 3, 4]])
def test_an_order_of_places_that_are_not_there_is_refused(room: Room, places: list[int]) -> None:
    agenda.add_cases(**room.here(), cases=room.cases)
    with pytest.raises(InvalidInputError, match="places 1 to 3"):
        agenda.order_agenda(**room.here(), places=places, seen=1)


def test_the_item_on_the_screen_is_not_taken_off_the_agenda_and_another_is(room: Room) -> None:
    room.started()
    room.next()
    with pytest.raises(InvalidInputError, match="on the screen"):
        agenda.order_agenda(**room.here(), places=[2, 3], seen=1)
    assert len(agenda.order_agenda(**room.here(), places=[1, 3], seen=1).items) == 2


def test_an_item_that_was_on_the_screen_stays_so_that_its_decision_is_in_the_minutes(room: Room) -> None:
    room.started()
    room.next()
    decided = room.decide(room.cases[0])
    room.next()
    with pytest.raises(InvalidInputError, match="stays on the agenda; defer it"):
        agenda.order_agenda(**room.here(), places=[2, 3], seen=1)
    minuted = read_minutes(**room.closed().here()).items[0].decision
    assert minuted is not None
    assert minuted.reference == decided.decision


def test_an_inquorate_decision_is_provisional_wherever_it_is_shown(room: Room) -> None:
    room.started()
    room.attend("harbour-worker")
    room.attend("voice-worker", AttendanceAct.APOLOGIES)
    room.next()
    decided = room.decide(room.cases[0])
    sentence = "Provisional: not quorate. Missing: supervision or Lantern House, Her Voice."
    assert decided.quorum is not None
    assert decided.quorum.in_words == sentence
    shown = view_case(room.context(), reference=room.cases[0]).decision
    assert shown is not None
    assert shown.provisional == sentence
    minutes = read_minutes(**room.here())
    assert minutes.items[0].decision is not None
    assert minutes.items[0].decision.provisional == sentence
    assert [absent.who for absent in minutes.apologies] == ["voice-worker"]


def test_a_decision_without_any_record_of_attendance_has_no_quorum(room: Room) -> None:
    decisions.open_conference(room.context(), reference=room.cases[0])
    assert room.decide(room.cases[0]).quorum is None


def test_a_chair_in_conflict_turns_the_screen_and_the_deputy_opens_the_case(
    room: Room,
) -> None:
    agenda.add_cases(**room.here(), cases=room.cases)
    conflicts.say_of(
        room.context(room.workers["voice"]),
        reference=room.cases[0],
        user="chair",
        is_connected=True,
        why="A neighbour.",
    )
    session.start_conference(**room.here())
    shown = room.next()
    assert (shown.place, shown.opened) == (1, None)
    assert room.view().items[0].is_private
    with pytest.raises(NotFoundError):
        room.decide(room.cases[0])
    opened = session.show_item(**room.here(room.deputy), place=1)
    assert (opened.was_there, opened.opened) == (True, room.cases[0])
    decided = room.decide(room.cases[0], room.deputy)
    assert decided.quorum is not None
    assert "chair" not in decided.quorum.missing
    copy = read_minutes(**room.here(room.deputy))
    assert [person.who for person in copy.items[0].conflicts] == ["chair"]
    assert [item.case for item in read_minutes(**room.here()).items] == list(room.cases[1:])


def test_a_copy_has_its_own_numbers_and_no_times_unless_it_is_the_chairs_of_everything(room: Room) -> None:
    room.started(*reversed(room.cases))
    for _ in room.cases:
        room.next()
    room.decide(room.cases[0])
    room.closed()
    copy = read_minutes(**room.here(room.workers["harbour"]))
    assert [(item.number, item.case) for item in copy.items] == [(1, room.cases[0])]
    for reader in (room.workers["harbour"], room.workers["voice"], room.desk.coordinator):
        assert {(item.shown_from, item.shown_to) for item in read_minutes(**room.here(reader)).items} == {
            (None, None)
        }
    assert read_minutes(**room.here()).items[0].shown_from is not None
    conflicts.say_own(room.context(room.deputy), reference=room.cases[2], is_connected=True)
    assert read_minutes(**room.here(room.deputy)).items[0].shown_from is None


def test_only_its_chair_or_deputy_runs_it(room: Room) -> None:
    room.started()
    other = room.desk.add("another-chair", Role.CHAIR)
    for act in (lambda: room.next(other), lambda: session.close_conference(**room.here(other))):
        with pytest.raises(NotPermittedError, match="its chair or its deputy"):
            act()
    with pytest.raises(NotPermittedError):
        room.next(room.desk.coordinator)


def test_each_step_is_taken_once_and_in_order(room: Room) -> None:
    with pytest.raises(InvalidInputError, match="it is empty"):
        session.start_conference(**room.here())
    with pytest.raises(InvalidInputError, match="start it first"):
        room.next()
    with pytest.raises(InvalidInputError, match="it has not started"):
        read_minutes(**room.here())
    room.started()
    with pytest.raises(InvalidInputError, match="'in session' already"):
        session.start_conference(**room.here())
    room.closed()
    for act in (room.next, room.closed):
        with pytest.raises(InvalidInputError, match="does not go on"):
            act()
    with pytest.raises(InvalidInputError, match="no longer changes"):
        agenda.add_cases(**room.here(), cases=room.cases)
    assert meetings.list_conferences(room.context())[0].state is ConferenceState.CLOSED


@pytest.mark.parametrize("twice", [True, False])
def test_a_case_comes_on_an_agenda_once(room: Room, twice: bool) -> None:
    agenda.add_cases(**room.here(), cases=room.cases[:1])
    cases = room.cases[1:2] * 2 if twice else room.cases[:1]
    with pytest.raises(InvalidInputError, match="named twice" if twice else "on it already"):
        agenda.add_cases(**room.here(), cases=cases)


def test_a_case_that_was_taken_off_comes_on_again_at_the_end(room: Room) -> None:
    agenda.add_cases(**room.here(), cases=room.cases)
    agenda.order_agenda(**room.here(), places=[2, 3], seen=1)
    view = agenda.add_cases(**room.here(), cases=room.cases[:1])
    assert [item.case for item in view.items] == [*room.cases[1:], room.cases[0]]


def test_a_ready_agenda_takes_what_is_ready_and_nothing_twice(room: Room) -> None:
    with pytest.raises(InvalidInputError, match="no case that you can view is ready"):
        agenda.add_ready_cases(**room.here())
    with room.desk.runtime.uow.unrecorded() as work:
        assert {case.state.value for case in work.cases.all(room.cases)} == {"agencies asked"}


@pytest.mark.parametrize(
    ("user", "act", "more", "refused"),
    [
        ("voice-worker", AttendanceAct.LEFT, {}, "not in the room"),
        ("chair", AttendanceAct.ARRIVED, {}, "in the room already"),
        ("voice-worker", AttendanceAct.ARRIVED, {"is_observer": True}, "signed the conditions"),
    ],
)
def test_attendance_that_makes_no_sense_is_refused(
    room: Room, user: str, act: AttendanceAct, more: dict[str, Any], refused: str
) -> None:
    room.started()
    with pytest.raises(InvalidInputError, match=refused):
        room.attend(user, act, **more)


def test_an_observer_who_signed_attends_and_is_minuted_as_one(room: Room) -> None:
    room.started()
    visitor: dict[str, Any] = {"name": "A. Visitor", "is_observer": True}
    for act in (AttendanceAct.SIGNED, AttendanceAct.ARRIVED):
        quorum.record_attendance(**room.here(), given=AttendanceGiven(act=act, **visitor))
    (minuted,) = (stay for stay in read_minutes(**room.here()).attendance if stay.who != "chair")
    assert (minuted.who, minuted.is_observer, minuted.has_signed) == ("A. Visitor", True, True)


def test_the_default_is_the_conference_in_session_then_todays_and_several_are_listed(room: Room) -> None:
    context = room.context()
    assert meetings.find_conference(context) == room.conference
    other = meetings.create_conference(context, given=ConferenceGiven(held_on=room.desk.clock.today()))
    with pytest.raises(InvalidInputError, match="several come into question") as refused:
        meetings.find_conference(context)
    assert {room.conference, other.reference} <= set(
        str(refused.value).replace(",", "").replace(";", "").split()
    )
    room.started()
    assert meetings.find_conference(context) == room.conference
    assert meetings.find_conference(context, given=other.reference.lower()) == other.reference
    room.desk.clock.forward(timedelta(days=2))
    assert meetings.find_conference(context) == room.conference  # it went on over midnight
    room.closed()
    with pytest.raises(InvalidInputError, match="none is in session"):
        meetings.find_conference(context)


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"held_on": date(2026, 3, 1)}, "before today"),
        ({"chair": "cora"}, "cora is not a chair"),
        ({"deputy": "chair"}, "another person than the chair"),
        ({"deputy": "voice-worker"}, "voice-worker is not a chair"),
        ({"minute_taker": "max"}, "max is not a"),
    ],
)
def test_people_and_dates_that_do_not_fit_are_refused(
    room: Room, given: dict[str, Any], refused: str
) -> None:
    room.desk.add("max", Role.MANAGER)
    planned = ConferenceGiven.model_validate({"held_on": date(2026, 3, 9), **given})
    with pytest.raises(InvalidInputError, match=refused):
        meetings.create_conference(room.context(), given=planned)


def test_the_timer_starts_with_its_item_and_every_screen_reads_the_same(room: Room) -> None:
    room.started()
    room.next()
    first = session.read_pulse(**room.here(room.workers["harbour"]))
    room.desk.clock.forward(5 * MINUTE)
    later = session.read_pulse(**room.here())
    assert first.timer == later.timer == room.view().timer
    assert first.version == later.version
    assert later.timer is not None
    assert later.timer.left(later.now) == 10 * MINUTE
    session.turn_timer(**room.here(), act=TimerAct.STOP)
    assert session.read_pulse(**room.here()).version > later.version
    room.next()
    session.show_item(**room.here(), place=1)
    assert session.turn_timer(**room.here(), act=TimerAct.STOP).left(later.now) == 10 * MINUTE


def test_a_pulse_writes_no_audit_entry_and_is_for_those_with_a_part(room: Room) -> None:
    room.started()
    with room.desk.runtime.uow.unrecorded() as work:
        before = work.audit.newest_at()
    room.desk.clock.forward(MINUTE)
    session.read_pulse(**room.here())
    with room.desk.runtime.uow.unrecorded() as work:
        assert work.audit.newest_at() == before
    with pytest.raises(NotFoundError):
        session.read_pulse(**room.here(room.workers["lantern"]))


def test_a_conference_over_midnight_is_still_the_one_that_is_meant(room: Room) -> None:
    room.started().next()
    given = ConferenceGiven(held_on=room.desk.clock.today() + timedelta(days=1))
    tomorrow = meetings.create_conference(room.context(), given=given).reference
    assert meetings.find_conference(room.context()) == room.conference
    room.desk.clock.forward(timedelta(hours=16))
    assert meetings.find_conference(room.context()) == room.conference
    room.closed()
    assert meetings.find_conference(room.context()) == tomorrow


def test_a_timer_runs_the_same_over_the_change_of_clocks(room: Room) -> None:
    """In the night to 29 March 2026 the hour from 1 to 2 is left out; a minute is a minute."""
    room.started()
    at = datetime(2026, 3, 29, 0, 55, tzinfo=UTC)
    room.desk.clock.forward(at - room.desk.clock.now() - MINUTE)
    room.next()
    room.desk.clock.forward(10 * MINUTE)
    pulse = session.read_pulse(**room.here())
    assert pulse.timer is not None
    assert pulse.timer.left(pulse.now) == 5 * MINUTE
    assert room.view().ends_at == at + 45 * MINUTE


def test_a_conference_that_everyone_left_decides_provisionally_and_closes(room: Room) -> None:
    room.started().next()
    room.desk.clock.forward(MINUTE)
    room.attend(room.desk.chair.user, AttendanceAct.LEFT)
    room.desk.clock.forward(MINUTE)
    decided = room.decide(room.cases[0])
    assert decided.quorum is not None
    assert not decided.quorum.is_quorate
    assert [stay.left_at is not None for stay in read_minutes(**room.closed().here()).attendance] == [True]
