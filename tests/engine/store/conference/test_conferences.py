"""A conference on both databases: from its agenda to agreed copies, and two who do the same thing at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from engine.domain.accounts.acting import Acting
from engine.domain.conference.agenda import Deferral, ItemPlan
from engine.domain.conference.attendance import AttendanceAct
from engine.domain.conference.minutes import MinutesPhase
from engine.domain.conference.timer import TimerAct
from engine.domain.errors import AgendaChangedError, ConflictError, InvalidInputError
from engine.services.conference import agenda, agreeing, amending, session
from engine.services.conference.minutes import read_minutes
from tests.builders import Desk, a_decision
from tests.conferences import Room, a_room
from tests.engine.store.test_two_at_once import at_once


def one_of_two(room: Room, act: Callable[[Acting], object]) -> None:
    """Chair and deputy do it at once: one is recorded, the other reads one sentence."""
    done = at_once([room.desk.chair, room.deputy], act)
    errors = [error for _, error in done if error is not None]
    assert len(errors) == 1, done
    assert isinstance(errors[0], InvalidInputError | AgendaChangedError | ConflictError), errors


def test_a_conference_goes_from_its_agenda_to_agreed_copies(desk: Desk) -> None:
    room = a_room(desk)
    first, second, third = room.cases
    room.attend("lantern-later", AttendanceAct.APOLOGIES)
    room.started()
    deferral = Deferral(because="No report.", until=date(2026, 4, 1), meanwhile="An alarm.")
    agenda.plan_item(
        **room.here(), place=3, seen=room.view().agenda, plan=ItemPlan(minutes=20, deferral=deferral)
    )
    for user in ("voice-worker", "harbour-later"):
        room.attend(user)
    room.next()
    session.turn_timer(**room.here(), act=TimerAct.STOP)
    room.decide(first)
    voice = room.workers["voice"]
    amending.enter_dissent(room.context(voice), reference=first, reasons="The victim is more afraid.")
    assert room.next().place == 2
    room.closed()
    room.minuted(MinutesPhase.PREPARED, MinutesPhase.CORRECTIONS)
    said = "The action is due in June. \u200f\u0436 \u4e2d"
    proposed = agreeing.propose_correction(**room.here(voice), case=first, text=said)
    agreeing.answer_correction(room.context(), correction=proposed, accepted=False, why="As recorded.")
    draft = read_minutes(**room.here(voice))
    room.minuted(MinutesPhase.AGREED)
    desk.clock.forward(timedelta(days=1))
    amended = a_decision(summary="Another summary.", amended_because="A slip.")
    amending.amend_decision(room.context(), reference=first, decision=amended)
    copy = read_minutes(**room.here(voice))
    assert [item.case for item in copy.items] == [first, second, third]
    item = copy.items[0]
    assert item.model_copy(update={"amended_later": None}) == draft.items[0]
    assert item.amended_later == "Amended later. See version 2 of the decision, 11 March 2026."
    assert [(each.reasons, each.source) for each in item.dissent] == [
        ("The victim is more afraid.", "entered by voice-worker")
    ]
    assert copy.items[2].deferral == deferral
    assert [(each.says, each.status) for each in item.corrections] == [(said, "refused, annexed")]
    assert [(each.who, each.written_at) for each in copy.apologies] == [("lantern-later", None)]
    assert (copy.attendance, copy.phase) == (draft.attendance, MinutesPhase.AGREED)
    assert [item.case for item in read_minutes(**room.here(room.workers["harbour"])).items] == [first]


def test_of_two_who_press_next_at_once_one_turns_the_screen_and_the_other_finds_it_there(desk: Desk) -> None:
    room = a_room(desk).started()
    seen, shown = room.view().screen, []

    def press(acting: Acting) -> None:
        shown.append(session.turn_to(**room.here(acting), turn=session.Turn.NEXT, seen=seen))

    assert [error for _, error in at_once([desk.chair, room.deputy], press) if error] == []
    assert [each.place for each in shown] == [1, 1]
    assert sorted(each.was_there for each in shown) == [False, True]


def test_what_two_do_at_once_to_a_conference_is_done_once(desk: Desk) -> None:
    room = a_room(desk).started()
    seen, orders = room.view().agenda, {"chair": [2, 1, 3], "deputy": [3, 2, 1]}
    one_of_two(
        room,
        lambda each: agenda.order_agenda(**room.here(each), places=orders[each.user], seen=seen),
    )
    room.attend("voice-worker")
    one_of_two(room, lambda each: session.close_conference(**room.here(each)))
    room.minuted(MinutesPhase.PREPARED, MinutesPhase.CORRECTIONS)
    voice = room.here(room.workers["voice"])
    proposed = agreeing.propose_correction(**voice, case=room.cases[0], text="Another date.")

    def answer(each: Acting) -> None:
        accepts = each.user == "chair"
        agreeing.answer_correction(room.context(each), correction=proposed, accepted=accepts, why="No.")

    one_of_two(room, answer)
    desk.clock.forward(timedelta(days=8))
    one_of_two(room, lambda each: agreeing.move_minutes(**room.here(each), to=MinutesPhase.AGREED))
    assert read_minutes(**room.here()).digest is not None
