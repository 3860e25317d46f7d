"""Building the agenda of a conference: cases put on it, taken off, moved and deferred."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from engine.access.policy import May
from engine.clock import LONDON
from engine.domain.absence import YesNo
from engine.domain.cases.involvement import Involvement
from engine.domain.cases.lifecycle import MOVES, Act, State, TriageOutcome
from engine.domain.conference.agenda import (
    FEWEST_MINUTES,
    Agenda,
    AgendaItem,
    AgendaPart,
    CaseForAgenda,
    Deferral,
    ItemPlan,
    in_agenda_order,
    twelve_months_passed,
)
from engine.domain.conference.meetings import Conference
from engine.domain.errors import AgendaChangedError, InvalidInputError, NotFoundError
from engine.domain.plans.actions import is_overdue
from engine.domain.typed_days import require_coming
from engine.services.access.checks import open_case, open_cases
from engine.services.conference.meetings import ConferenceView, conference_view, open_conference_record
from engine.services.context import Context
from engine.store.unit_of_work import Work

_DELIVERED = (State.DECIDED, State.IN_DELIVERY)
_A_MONTH = timedelta(days=31)
_MAY_BE_TWELVE_MONTHS = (State.IN_DELIVERY, State.IN_FOLLOW_UP)
_UNDECIDED = (State.AGENCIES_ASKED, State.READY_FOR_CONFERENCE, State.IN_CONFERENCE)
_STATES_OF = {
    AgendaPart.OUTSTANDING: _DELIVERED,
    AgendaPart.DECISION: _UNDECIDED,
    AgendaPart.TWELVE_MONTHS: _MAY_BE_TWELVE_MONTHS,
}


def add_cases(context: Context, *, conference: str, cases: Sequence[str]) -> ConferenceView:
    """Put these cases on the agenda, after those that are on it, in this order.

    Raises
    ------
    InvalidInputError
        A reference is malformed, the conference has ended, or a case is on the agenda or ended already.
    """
    with context.writing("add to agenda") as work:
        there = _planned(work, context, conference)
        found = [open_case(work, context.acting, case, May.PLAN_CONFERENCE) for case in cases]
        parts = [(case.reference, _part_of(case)) for case in found]
        _put_on(work, context, there, parts)
        return conference_view(work, context, there.reference)


def add_ready_cases(context: Context, *, conference: str) -> ConferenceView:
    """Put every case on the agenda that should be on it: outstanding actions, ready, twelve months passed.

    Items on the agenda stay where they are. A case on the agenda of another conference that has not ended is
    left out. So is one that a conference deferred, until its date or until it is screened again; on its date
    it is ready, whatever is still missing. A case that a conference opened and left undecided is ready too.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the conference has ended, or there is no such case.
    """
    with context.writing("build agenda") as work:
        there = _planned(work, context, conference)
        chosen = in_agenda_order(_candidates(work, context, there))
        if not chosen and not work.conferences.agenda(there.reference).order:
            raise InvalidInputError("agenda", "no case that you can view is ready for a conference")
        _put_on(work, context, there, [(case.reference, case.part) for case in chosen])
        return conference_view(work, context, there.reference)


def order_agenda(context: Context, *, conference: str, places: Sequence[int], seen: int) -> ConferenceView:
    """Give the agenda a new order: its present places, from 1, in the order wanted.

    An item whose place is left out is taken off. ``seen`` is the version of the agenda that the person saw.

    Raises
    ------
    InvalidInputError
        The conference has ended, a place does not exist or comes twice, or an item that is or was on the
        screen is left out.
    AgendaChangedError
        Another person changed the agenda after ``seen``.
    """
    with context.writing("order agenda") as work:
        there = _planned(work, context, conference)
        agenda = _unchanged(work, there, seen)
        if len(set(places)) != len(places) or not set(places) <= set(range(1, len(agenda.order) + 1)):
            raise InvalidInputError(
                "places", f"give each of the places 1 to {len(agenda.order)} at most once"
            )
        order = [agenda.order[place - 1] for place in places]
        _require_taken_stay(work, there, set(agenda.order) - set(order))
        work.conferences.store_order(
            there.reference, order, seen=seen, by=context.acting.user, at=context.clock.now()
        )
        return conference_view(work, context, there.reference)


def plan_item(context: Context, *, conference: str, place: int, seen: int, plan: ItemPlan) -> ConferenceView:
    """Set an item's planned minutes, guests, note of the chair, and whether it is deferred.

    Only the chair or the deputy of the conference changes the note; from others it stays as it is.

    Raises
    ------
    InvalidInputError
        The conference has ended, or the end of a deferral is past or too far.
    NotFoundError
        There is no such place, or its case is not open to the person who acts.
    AgendaChangedError
        Another person changed the agenda after ``seen``.
    """
    if plan.deferral is not None:
        require_coming("deferred until", plan.deferral.until, on=context.clock.today())
    with context.writing("plan item") as work:
        there = _planned(work, context, conference)
        item = _item_at(work, context, there, place, seen)
        if not there.is_presided_by(context.acting.user):
            plan = plan.model_copy(update={"chair_note": item.plan.chair_note})
        _store_plan(work, context, there, item, plan)
        return conference_view(work, context, there.reference)


def defer_item(
    context: Context, *, conference: str, place: int, seen: int, deferral: Deferral | None
) -> ConferenceView:
    """Defer an item: why, until when, and what protects the victim meanwhile. None ends a deferral.

    Raises
    ------
    InvalidInputError
        The conference has ended, or the date is past or too far.
    NotFoundError
        There is no such place, or its case is not open to the person who acts.
    AgendaChangedError
        Another person changed the agenda after ``seen``.
    """
    if deferral is not None:
        require_coming("deferred until", deferral.until, on=context.clock.today())
    with context.writing("defer item") as work:
        there = _planned(work, context, conference)
        item = _item_at(work, context, there, place, seen)
        _store_plan(work, context, there, item, item.plan.model_copy(update={"deferral": deferral}))
        return conference_view(work, context, there.reference)


def item_of_decision(work: Work, context: Context, there: Conference, case: str) -> int:
    """Return the item of a case; one that is not on the agenda is put last. Part of recording a decision.

    So the minutes have it. The room spends no more time on it, so it has the fewest planned minutes.
    """
    items, agenda = work.conferences.items(there.reference), work.conferences.agenda(there.reference)
    number = next((number for number, item in items.items() if item.case == case), None)
    if number is not None and number in agenda.order:
        return number
    by, at = context.acting.user, context.clock.now()
    if number is None:
        new = [(case, AgendaPart.DECISION)]
        plan = ItemPlan(minutes=FEWEST_MINUTES)
        (number,) = work.conferences.add_items(there.reference, new, plan, by=by, at=at)
    order = [*agenda.order, number]
    work.conferences.store_order(there.reference, order, seen=agenda.version, by=by, at=at)
    return number


def _require_taken_stay(work: Work, there: Conference, left_out: set[int]) -> None:
    """Refuse to take off what was on the screen: a decision recorded there would be in no minutes."""
    shown = work.conferences.shown(there.reference)
    if shown and shown[-1].item in left_out:
        raise InvalidInputError("places", "the item on the screen cannot be taken off the agenda")
    if left_out & {change.item for change in shown}:
        raise InvalidInputError("places", "an item that was on the screen stays on the agenda; defer it")
    if left_out & work.conference_attendance.decisions_in(there.reference).keys():
        raise InvalidInputError("places", "an item with a decision stays on the agenda")


def _store_plan(work: Work, context: Context, there: Conference, item: AgendaItem, plan: ItemPlan) -> None:
    work.conferences.plan_item(
        there.reference, item.number, plan, by=context.acting.user, at=context.clock.now()
    )
    if plan.minutes != item.plan.minutes:  # guests and a deferral change nothing for who may not see them
        work.conferences.changed(there.reference)


def _planned(work: Work, context: Context, conference: str) -> Conference:
    there, _ = open_conference_record(work, context.acting, conference, May.PLAN_CONFERENCE)
    if there.has_ended:
        raise InvalidInputError(
            f"conference {there.reference}", f"it is '{there.state.value}'; its agenda no longer changes"
        )
    work.notes(conference=there.reference)
    return there


def _unchanged(work: Work, there: Conference, seen: int) -> Agenda:
    agenda = work.conferences.agenda(there.reference)
    if agenda.version != seen:
        raise AgendaChangedError(there.reference, at=agenda.at)
    return agenda


def _item_at(work: Work, context: Context, there: Conference, place: int, seen: int) -> AgendaItem:
    """Return the item at a place; a private one is not found, whatever makes it private."""
    order = _unchanged(work, there, seen).order
    items = work.conferences.items(there.reference)
    item = items[order[place - 1]] if 1 <= place <= len(order) else None
    there_for_viewer = work.cases.all([item.case]) if item is not None else ()
    if item is None or not open_cases(work, context.acting, there_for_viewer):
        raise NotFoundError("item", str(place), instead="choose an item that is not private")
    work.touches(item.case)
    return item


def _put_on(work: Work, context: Context, there: Conference, cases: Sequence[tuple[str, AgendaPart]]) -> None:
    items, agenda = work.conferences.items(there.reference), work.conferences.agenda(there.reference)
    numbers = {item.case: number for number, item in items.items()}
    for case, _ in cases:
        if numbers.get(case) in agenda.order:
            raise InvalidInputError("agenda", f"{case} is on it already; move it instead")
    if len({case for case, _ in cases}) != len(cases):
        raise InvalidInputError("agenda", "a case is named twice")
    by, at = context.acting.user, context.clock.now()
    new = [(case, part) for case, part in cases if case not in numbers]
    added = work.conferences.add_items(there.reference, new, ItemPlan(), by=by, at=at)
    numbers |= {case: number for (case, _), number in zip(new, added, strict=True)}
    if cases:
        order = [*agenda.order, *(numbers[case] for case, _ in cases)]
        work.conferences.store_order(there.reference, order, seen=agenda.version, by=by, at=at)
    work.touches(*(case for case, _ in cases))


def _part_of(case: Involvement) -> AgendaPart:
    if case.state is State.IN_CONFERENCE or (case.state, Act.OPEN_CONFERENCE) in MOVES:
        return AgendaPart.OUTSTANDING if case.state in _DELIVERED else AgendaPart.DECISION
    if case.state in _DELIVERED:
        return AgendaPart.OUTSTANDING
    if case.state in _MAY_BE_TWELVE_MONTHS:
        return AgendaPart.TWELVE_MONTHS
    raise InvalidInputError(
        f"referral {case.reference}", f"it is '{case.state.value}'; a conference does not take it"
    )


def _candidates(work: Work, context: Context, there: Conference) -> Iterator[CaseForAgenda]:
    """Yield the cases that this person may put on the agenda, and that are on none that has not ended."""
    today = context.clock.today()
    late = {
        action.involvement
        for action in work.plans.open_actions()
        if is_overdue(action.status, action.due, today)
    }
    left, passed = work.conferences.left_by_ended(), _TwelveMonths(work, there)
    parts: dict[str, tuple[Involvement, AgendaPart]] = {}
    for case in work.cases.in_states({state for states in _STATES_OF.values() for state in states}):
        part = _ready(case, late, passed)
        item = left.get(case.reference)
        if item is not None and not _was_screened_after(work, item):
            part = _after(item, case, part, on=there.held_on)
        if part is not None:
            parts[case.reference] = (case, part)
    wanted = {
        each.reference for each in open_cases(work, context.acting, [case for case, _ in parts.values()])
    }
    for reference in sorted(wanted):
        case, part = parts[reference]
        if work.conferences.with_case(reference) or (
            part is AgendaPart.TWELVE_MONTHS and _was_referred_again(work, case)
        ):
            continue
        children = work.referrals.newest([reference])[reference].children
        yield CaseForAgenda(
            reference=reference,
            part=part,
            is_urgent=case.triage_outcome is TriageOutcome.URGENT,
            has_children=YesNo.YES in (children.in_victim_household, children.in_perpetrator_household),
            linked=work.need_to_know.with_the_same_parties([reference]) & wanted,
            waits_since=_received_on(case),
        )


class _TwelveMonths:
    """The cases whose twelve months have passed at a conference, and that none has taken since.

    It begins with the first conference in the record: the first agenda is not one of all earlier cases.
    """

    def __init__(self, work: Work, there: Conference) -> None:
        ended = [each.held_on for each in work.conferences.all() if each.has_ended]
        self._on = there.held_on
        self._from = min((day for day in ended if day <= there.held_on), default=there.held_on - _A_MONTH)
        self._taken = work.conferences.taken_by_ended(AgendaPart.TWELVE_MONTHS)

    def have_passed(self, case: Involvement) -> bool:
        received, taken = _received_on(case), self._taken.get(case.reference)
        if not twelve_months_passed(received, on=self._on) or twelve_months_passed(received, on=self._from):
            return False
        return taken is None or not twelve_months_passed(received, on=taken)


def _ready(case: Involvement, late: set[str], passed: _TwelveMonths) -> AgendaPart | None:
    if case.state in _DELIVERED and case.reference in late:
        return AgendaPart.OUTSTANDING
    if case.state is State.READY_FOR_CONFERENCE:
        return AgendaPart.DECISION
    is_followed = case.state in _MAY_BE_TWELVE_MONTHS
    return AgendaPart.TWELVE_MONTHS if is_followed and passed.have_passed(case) else None


def _after(item: AgendaItem, case: Involvement, part: AgendaPart | None, *, on: date) -> AgendaPart | None:
    """Return the part of a case that the last conference deferred or left undecided.

    A deferral counts for the matter that was deferred: it does not delay actions that became overdue since.
    """
    deferral, fits = item.plan.deferral, case.state in _STATES_OF[item.part]
    if deferral is not None and deferral.until > on:
        return None if part is item.part else part
    if part is None and fits and (deferral is not None or case.state is State.IN_CONFERENCE):
        return item.part
    return part


def _was_screened_after(work: Work, item: AgendaItem) -> bool:
    """Return whether a person screened the case, or stepped it up, after it came on that agenda.

    A deferral is then outdated.
    """
    again = {Act.SCREEN.value, Act.STEP_UP.value}
    return any(move.act in again and move.at > item.at for move in work.cases.moves(item.case))


def _was_referred_again(work: Work, case: Involvement) -> bool:
    return any(other.received_at > case.received_at for other in work.cases.of_episode(case.episode))


def _received_on(case: Involvement) -> date:
    return case.received_at.astimezone(LONDON).date()
