"""An item as the room has it: its people and their quorum, and the screen that everyone in the room may see.

The room's screen shows only what each person who is recorded as present may see, and the person whose browser
shows it. An observer without an account may see no case, so every item is private while one is present.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.access.policy import May
from engine.domain.accounts.acting import Acting
from engine.domain.base import Frozen
from engine.domain.cases.names import CaseNames
from engine.domain.cases.views import AgencyAnswerView
from engine.domain.conference.agenda import AgendaItem
from engine.domain.conference.attendance import Quorum, Stay, present_at
from engine.domain.conference.risk import Domain, Level
from engine.domain.errors import NotFoundError
from engine.domain.responses.answers import AnswerState
from engine.services.access.checks import open_cases
from engine.services.conference.meetings import ConferenceView, conference_view, open_conference_record
from engine.services.conference.quorum import people_out_of, quorum_on
from engine.services.context import Context
from engine.services.people.names import names_on
from engine.services.responses.views import answers_seen
from engine.store.unit_of_work import Work


class ItemPeople(Frozen):
    """The people in the room, apart from those who take no part in the item, and its quorum now."""

    quorum: Quorum
    present: tuple[Stay, ...]
    out: tuple[Stay, ...]
    """In the room, and out of this item because of a conflict of interest."""


class RoomAgency(Frozen):
    """An agency as the room may see it: its state, and its level on each domain.

    ``state`` None, and a domain that is not in ``levels``, is not shown in this room, whatever the cause. A
    level None means that the agency did not assess the domain.
    """

    name: str
    state: AnswerState | None
    levels: dict[Domain, Level | None]


class RoomItem(Frozen):
    """The item on the screen, with what everyone in the room may see of its case."""

    case: str
    names: CaseNames | None
    agencies: tuple[RoomAgency, ...]
    missing: tuple[str, ...]
    decided: dict[Domain, Level]
    """Levels of the newest decision; empty before there is one."""
    quorum: Quorum


class RoomView(Frozen):
    """The room's screen. ``item`` None is a break, or an item that is private for someone in the room."""

    meeting: ConferenceView
    item: RoomItem | None
    present: tuple[Stay, ...]


def view_room(context: Context, *, conference: str) -> RoomView:
    """Return the room's screen: what this person and everyone recorded as present may see.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        The conference does not exist, or this person has no part in it.
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    with context.reading("view room's screen") as work:
        meeting = conference_view(work, context, conference)
        there = meeting.conference.reference
        present = present_at(work.conference_attendance.of(there), context.clock.now())
        shown = work.conferences.shown(there)
        is_blank = meeting.on_screen is None or not shown or shown[-1].item is None
        item = None if is_blank else work.conferences.items(there)[shown[-1].item or 0]
        readers = _readers(work, context.acting, present)
        may_be_shown = item is not None and readers is not None and _is_open_to_all(work, readers, item)
        return RoomView(
            meeting=meeting,
            item=_shown(work, context, meeting, item, readers) if may_be_shown and item and readers else None,
            present=present,
        )


def _readers(work: Work, own: Acting, present: Sequence[Stay]) -> tuple[Acting, ...] | None:
    """Return everyone who reads the screen; None if one of them has no account, and so may see no case."""
    users = [stay.user for stay in present]
    known = [user for user in users if user is not None]
    if len(known) < len(users):
        return None
    return (own, *(work.users.get(user).acting() for user in known if user != own.user))


def _is_open_to_all(work: Work, readers: Sequence[Acting], item: AgendaItem) -> bool:
    cases = work.cases.all([item.case])
    return all(list(open_cases(work, reader, cases)) for reader in readers)


def _shown(
    work: Work, context: Context, meeting: ConferenceView, item: AgendaItem, readers: Sequence[Acting]
) -> RoomItem:
    case = work.cases.get(item.case)
    seen = [
        {
            answer.agency: answer
            for answer in answers_seen(
                work, case, acting=reader, agencies=context.agencies_known, clock=context.clock
            )
        }
        for reader in readers
    ]
    codes = sorted(set(seen[0]).intersection(*seen))
    decisions = work.decisions.of([item.case])[item.case]
    judgements = decisions[-1].decision.judgements if decisions else ()
    at = context.clock.now()
    return RoomItem(
        case=item.case,
        names=names_on(work, [item.case]).get(item.case),
        agencies=tuple(_common([by_agency[code] for by_agency in seen]) for code in codes),
        missing=tuple(
            f"{seen[0][code].agency_name}: {gap}"
            for code in codes
            for gap in seen[0][code].gaps
            if all(gap in by_agency[code].gaps for by_agency in seen)
        ),
        decided={judgement.domain: judgement.level for judgement in judgements},
        quorum=quorum_on(work, context, meeting.conference, item.case, at=at),
    )


def _common(answers: Sequence[AgencyAnswerView]) -> RoomAgency:
    """Return what all of these show alike of one agency. A difference shows nothing, and not which it was."""
    states = {answer.state for answer in answers}
    is_alike = len(states) == 1 and not any(answer.levels_hidden for answer in answers)
    return RoomAgency(
        name=answers[0].agency_name,
        state=answers[0].state if is_alike else None,
        levels=_common_levels(answers) if is_alike else {},
    )


def _common_levels(answers: Sequence[AgencyAnswerView]) -> dict[Domain, Level | None]:
    levels: dict[Domain, Level | None] = {}
    is_whole = not any(answer.held_back or answer.stubs for answer in answers)
    for domain in Domain:
        given = {
            next((view.level for view in answer.views if view.domain is domain), None) for answer in answers
        }
        if len(given) == 1 and (is_whole or None not in given):
            levels[domain] = given.pop()
    return levels


def view_item_people(context: Context, *, conference: str, place: int) -> ItemPeople:
    """Return who takes part in an item now. Only those who can view its case learn who is out of it.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        The conference or the place does not exist, or its case is not open to the person who acts.
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    with context.reading("view people of item") as work:
        there, visible = open_conference_record(work, context.acting, conference, May.SEE_CONFERENCE)
        order, items = work.conferences.agenda(there.reference).order, work.conferences.items(there.reference)
        item = items[order[place - 1]] if 1 <= place <= len(order) else None
        if item is None or item.case not in visible:
            raise NotFoundError("item", str(place), instead="choose an item that is not private")
        work.touches(item.case)
        work.notes(conference=there.reference)
        at = context.clock.now()
        records = work.conference_attendance.of(there.reference)
        apart = people_out_of(work, records, [item.case])[item.case]
        here = present_at(records, at)
        return ItemPeople(
            quorum=quorum_on(work, context, there, item.case, at=at),
            present=tuple(stay for stay in here if stay.user not in apart),
            out=tuple(stay for stay in here if stay.user in apart),
        )
