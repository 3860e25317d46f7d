"""A conference in session: it starts, its screen goes from item to item, it closes."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from engine.access.policy import May
from engine.domain.base import Frozen
from engine.domain.cases.lifecycle import MOVES, Act, State
from engine.domain.conference.agenda import AgendaItem, AgendaPart, next_place, previous_place
from engine.domain.conference.attendance import AttendanceAct, AttendanceRecord, present_at
from engine.domain.conference.meetings import Conference, ConferenceState
from engine.domain.conference.timer import ItemTimer, Pulse, TimerAct, stopped
from engine.domain.errors import AgendaChangedError, InvalidInputError, NotPermittedError
from engine.services.access.checks import open_cases
from engine.services.conference.changes import changes_seen
from engine.services.conference.decisions import open_with_item
from engine.services.conference.meetings import open_conference_record
from engine.services.context import Context
from engine.store.unit_of_work import Work


class Turn(StrEnum):
    """A turn of the screen from the item that is on it. Deferred items are passed over."""

    NEXT = "next"
    PREVIOUS = "previous"


class OnScreen(Frozen):
    """The item on the room's screen: its place, and the number of the change that put it there.

    ``place`` None is a break. ``was_there`` says that the item was on the screen already. ``opened`` is the
    case whose item this opened: agencies see each other's levels from now on.
    """

    conference: str
    place: int | None
    screen: int
    was_there: bool = False
    opened: str | None = None

    @property
    def in_words(self) -> str:
        """One sentence."""
        if self.place is None:
            return "Break."
        return f"Already on item {self.place}." if self.was_there else f"Item {self.place}."


def start_conference(context: Context, *, conference: str) -> Conference:
    """Start a conference, by its chair or deputy, who is recorded as present.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the agenda is empty, or the conference started before.
    NotPermittedError
        Only its chair and its deputy may.
    """
    with context.writing("start conference") as work:
        there = _presided(work, context, conference)
        if there.state is not ConferenceState.PLANNED:
            raise InvalidInputError(f"conference {there.reference}", f"it is '{there.state.value}' already")
        if not work.conferences.agenda(there.reference).order:
            raise InvalidInputError("agenda", "it is empty; put cases on it first")
        by, at = context.acting.user, context.clock.now()
        work.conferences.step(there.reference, ConferenceState.IN_SESSION, by=by, at=at)
        arrived = AttendanceRecord(
            act=AttendanceAct.ARRIVED,
            user=by,
            name=None,
            agency=None,
            is_observer=False,
            happened_at=at,
            by=by,
            at=at,
        )
        work.conference_attendance.add(there.reference, arrived)
        return work.conferences.get(there.reference)


def turn_to(context: Context, *, conference: str, turn: Turn, seen: int | None = None) -> OnScreen:
    """Turn the screen to the next or the previous item.

    ``seen`` is the number of the change of the screen that the person saw: of two who press "next" at
    once, the second finds the item that the first turned to. Without it the newest counts.

    Raises
    ------
    InvalidInputError
        The conference is not in session, or there is no further item.
    NotPermittedError
        Only its chair and its deputy may.
    AgendaChangedError
        The screen was turned to another item after ``seen``.
    """
    with context.writing("turn screen") as work:
        there = _in_session(work, context, conference)
        agenda, items = work.conferences.agenda(there.reference), work.conferences.items(there.reference)
        shown = work.conferences.shown(there.reference)
        looked_at = [change for change in shown if seen is None or change.number <= seen]
        item = next((change.item for change in reversed(looked_at) if change.item is not None), None)
        target = (
            next_place(agenda, items, after=item)
            if turn is Turn.NEXT
            else previous_place(agenda, items, before=item)
        )
        if target is None:
            where = "after" if turn is Turn.NEXT else "before"
            raise InvalidInputError("item", f"there is no item {where} this one")
        return _show(work, context, there, target, seen)


def show_item(context: Context, *, conference: str, place: int, seen: int | None = None) -> OnScreen:
    """Show the item at a place of the agenda.

    Raises
    ------
    InvalidInputError
        The conference is not in session, or there is no such place.
    NotPermittedError
        Only its chair and its deputy may.
    AgendaChangedError
        The screen was turned to another item after ``seen``.
    """
    with context.writing("turn screen") as work:
        there = _in_session(work, context, conference)
        order = work.conferences.agenda(there.reference).order
        if not 1 <= place <= len(order):
            raise InvalidInputError("item", f"the agenda has the items 1 to {len(order)}")
        return _show(work, context, there, order[place - 1], seen)


def take_break(context: Context, *, conference: str) -> OnScreen:
    """Show no item.

    Raises
    ------
    InvalidInputError
        The conference is not in session.
    NotPermittedError
        Only its chair and its deputy may.
    """
    with context.writing("turn screen") as work:
        there = _in_session(work, context, conference)
        shown = work.conferences.shown(there.reference)
        number = shown[-1].number if shown else 0
        if shown and shown[-1].item is None:
            return OnScreen(conference=there.reference, place=None, screen=number, was_there=True)
        by, at = context.acting.user, context.clock.now()
        change = work.conferences.show(there.reference, None, after=number, by=by, at=at)
        _stop_timer(work, context, there, shown[-1].item if shown else None)
        return OnScreen(conference=there.reference, place=None, screen=change.number)


def turn_timer(context: Context, *, conference: str, act: TimerAct) -> ItemTimer:
    """Start, stop or reset the timer of the item on the screen. Showing an item starts its timer.

    Raises
    ------
    InvalidInputError
        The conference is not in session, or no item is on the screen.
    NotPermittedError
        Only its chair and its deputy may.
    """
    with context.writing("turn timer") as work:
        there = _in_session(work, context, conference)
        shown = work.conferences.shown(there.reference)
        if not shown or shown[-1].item is None:
            raise InvalidInputError("timer", "no item is on the screen; show one first")
        item = work.conferences.items(there.reference)[shown[-1].item]
        return _turn_timer(work, context, there, item, act)


def read_pulse(context: Context, *, conference: str) -> Pulse:
    """Return whether anything changed for the screens of a conference, and the timer.

    It reads no content of a case, writes no audit entry and counts as no activity. A screen reads the
    conference again only when the version is another, or a mark of the case on the screen.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        The conference does not exist, or this person has no part in it.
    """
    agencies = context.agencies_known
    with context.uow.unrecorded() as work:
        there, visible = open_conference_record(work, context.acting, conference, May.SEE_CONFERENCE)
        shown = work.conferences.shown(there.reference)
        current = shown[-1].item if shown and not there.has_ended else None
        agenda, items = work.conferences.agenda(there.reference), work.conferences.items(there.reference)
        return Pulse(
            version=there.version,
            state=there.state,
            screen=shown[-1].number if shown else 0,
            on_screen=agenda.place_of(current) if current is not None else None,
            timer=work.conferences.timer(there.reference, current) if current is not None else None,
            now=context.clock.now(),
            changes=changes_seen(
                work,
                context.acting,
                context.clock,
                agencies=agencies,
                conference=there.reference,
                items=[items[number] for number in agenda.order if items[number].case in visible],
                on_screen=current,
            ),
        )


def close_conference(context: Context, *, conference: str) -> Conference:
    """Close a conference: its minutes exist from now on. Everyone who is still in the room leaves it.

    Raises
    ------
    InvalidInputError
        The conference is not in session.
    NotPermittedError
        Only its chair and its deputy may.
    """
    with context.writing("close conference") as work:
        there = _in_session(work, context, conference)
        by, at = context.acting.user, context.clock.now()
        for stay in present_at(work.conference_attendance.of(there.reference), at):
            left = AttendanceRecord(
                act=AttendanceAct.LEFT,
                user=stay.user,
                name=stay.name,
                agency=stay.agency,
                is_observer=stay.is_observer,
                happened_at=at,
                by=by,
                at=at,
            )
            work.conference_attendance.add(there.reference, left)
        shown = work.conferences.shown(there.reference)
        _stop_timer(work, context, there, shown[-1].item if shown else None)
        work.conferences.step(there.reference, ConferenceState.CLOSED, by=by, at=at)
        return work.conferences.get(there.reference)


def _presided(work: Work, context: Context, conference: str) -> Conference:
    there, _ = open_conference_record(work, context.acting, conference, May.RUN_CONFERENCE)
    if not there.is_presided_by(context.acting.user):
        raise NotPermittedError(May.RUN_CONFERENCE.value, who_may="its chair or its deputy")
    work.conferences.wait_for_turn(there.reference)  # of two who press at once, the second reads the first
    work.notes(conference=there.reference)
    return work.conferences.get(there.reference)


def _in_session(work: Work, context: Context, conference: str) -> Conference:
    there = _presided(work, context, conference)
    if there.state is not ConferenceState.IN_SESSION:
        hint = "start it first" if there.state is ConferenceState.PLANNED else "it does not go on"
        raise InvalidInputError(f"conference {there.reference}", f"it is '{there.state.value}'; {hint}")
    return there


def _show(work: Work, context: Context, there: Conference, target: int, seen: int | None) -> OnScreen:
    shown = work.conferences.shown(there.reference)
    number, current = (shown[-1].number, shown[-1].item) if shown else (0, None)
    agenda, items = work.conferences.agenda(there.reference), work.conferences.items(there.reference)
    place = agenda.place_of(target)
    if current != target:
        if seen is not None and seen != number and shown:
            on_screen = "The room takes a break." if current is None else _on_item(agenda.place_of(current))
            raise AgendaChangedError(there.reference, at=shown[-1].at, on_screen=on_screen)
        by, at = context.acting.user, context.clock.now()
        number = work.conferences.show(there.reference, target, after=number, by=by, at=at).number
        _stop_timer(work, context, there, current)
        _turn_timer(work, context, there, items[target], TimerAct.START)
    opened = _open_its_case(work, context, there, items[target])
    return OnScreen(
        conference=there.reference,
        place=place,
        screen=number,
        was_there=current == target,
        opened=opened,
    )


def _stop_timer(work: Work, context: Context, there: Conference, item: int | None) -> None:
    if item is not None:
        _turn_timer(work, context, there, work.conferences.items(there.reference)[item], TimerAct.STOP)


def _turn_timer(
    work: Work, context: Context, there: Conference, item: AgendaItem, act: TimerAct
) -> ItemTimer:
    planned, at = timedelta(minutes=item.plan.minutes), context.clock.now()
    before = work.conferences.timer(there.reference, item.number)
    after = (before or stopped(planned)).after(act, at=at, planned=planned)
    if after != before:
        work.conferences.set_timer(there.reference, item.number, after, by=context.acting.user, at=at)
    return after


def _on_item(place: int | None) -> str:
    return f"The room is on item {place}." if place is not None else "The room is on another item."


def _open_its_case(work: Work, context: Context, there: Conference, item: AgendaItem) -> str | None:
    """Open the conference on the item's case, once. A chair needs access to the case.

    A chair with a conflict of interest turns the screen like any other. The deputy then opens the case.
    """
    found = open_cases(work, context.acting, work.cases.all([item.case]))
    for case in found:
        opened_at = work.cases.conference_opened_at(case.reference)
        is_new = opened_at is None or there.started_at is None or opened_at < there.started_at
        may_open = (case.state, Act.OPEN_CONFERENCE) in MOVES and case.state is not State.IN_CONFERENCE
        work.touches(case.reference)
        if item.part is AgendaPart.DECISION and is_new and may_open:
            open_with_item(work, context, work.cases.get(case.reference))
            return case.reference
    return None
