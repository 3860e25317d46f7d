"""The people of an item: who is in the room for it, who is out of it, and the quorum that they make now."""

from __future__ import annotations

from engine.access.policy import May
from engine.domain.base import Frozen
from engine.domain.conference.attendance import Quorum, Stay, present_at
from engine.domain.errors import NotFoundError
from engine.services.conference.meetings import open_conference_record
from engine.services.conference.quorum import people_out_of, quorum_on
from engine.services.context import Context


class ItemPeople(Frozen):
    """The people in the room, apart from those who take no part in the item, and its quorum now."""

    quorum: Quorum
    present: tuple[Stay, ...]
    out: tuple[Stay, ...]
    """In the room, and out of this item because of a conflict of interest."""


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
