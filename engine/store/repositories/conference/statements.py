"""Statements about conferences, each built once in a process: screens run them each second.

Building a statement takes up to ten times as long as running it.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import TypeAlias

from sqlalchemy import BindParameter, Row, Select, bindparam, func, select
from sqlmodel import Session, col

from engine.domain.errors import NotFoundError
from engine.store.granting import with_check
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.conference import (
    AgendaItemRow,
    AgendaRow,
    AttendanceRow,
    ConferenceRecordRow,
    ConferenceStepRow,
    ItemPlanRow,
    ItemShownRow,
    ItemTimerRow,
    RoomScreenRow,
)

_OF: BindParameter[str] = bindparam("conference")

ConferenceStored: TypeAlias = Row[
    int | None, str, date, str | None, str, str | None, str | None, int, int, str, datetime
]
"""One conference, without its states."""
StepStored: TypeAlias = Row[int, str, datetime]
"""One state that a conference came into."""
ItemStored: TypeAlias = Row[
    int, str, str, datetime, str, int, list[str], str | None, str | None, date | None, str | None, str
]
"""One item with its case and its newest plan."""


def conference_id(session: Session, reference: str) -> int:
    """Return the number of a conference within the store, read once in a transaction.

    Raises NotFoundError if the conference does not exist.
    """
    known: dict[str, int] = session.info.setdefault("conference numbers", {})
    if reference not in known:
        found = session.connection().execute(_number(), {"conference": reference}).scalar_one_or_none()
        if found is None:
            raise NotFoundError("conference", reference, instead="'stac conference list' lists them")
        known[reference] = int(found)
    return known[reference]


@cache
def _number() -> Select[int | None]:
    return select(col(ConferenceRecordRow.id)).where(col(ConferenceRecordRow.ref) == _OF)


@cache
def conferences() -> Select[
    int | None, str, date, str | None, str, str | None, str | None, int, int, str, datetime
]:
    """Return every conference, the newest date first; the caller narrows it."""
    return select(
        col(ConferenceRecordRow.id),
        col(ConferenceRecordRow.ref),
        col(ConferenceRecordRow.held_on),
        col(ConferenceRecordRow.place),
        col(ConferenceRecordRow.chair),
        col(ConferenceRecordRow.deputy),
        col(ConferenceRecordRow.minute_taker),
        col(ConferenceRecordRow.statement),
        col(ConferenceRecordRow.version),
        col(ConferenceRecordRow.by),
        col(ConferenceRecordRow.at),
    ).order_by(col(ConferenceRecordRow.held_on).desc(), col(ConferenceRecordRow.id).desc())


@cache
def conference() -> Select[
    int | None, str, date, str | None, str, str | None, str | None, int, int, str, datetime
]:
    """Return the conference of that reference."""
    return conferences().where(col(ConferenceRecordRow.ref) == _OF)


@cache
def steps() -> Select[int, str, datetime]:
    """Return the states that these ``conferences`` came into, oldest first."""
    return (
        select(col(ConferenceStepRow.conference_id), col(ConferenceStepRow.state), col(ConferenceStepRow.at))
        .where(col(ConferenceStepRow.conference_id).in_(bindparam("conferences", expanding=True)))
        .order_by(col(ConferenceStepRow.id))
    )


@cache
def items() -> Select[
    int, str, str, datetime, str, int, list[str], str | None, str | None, date | None, str | None, str
]:
    """Return the items of a conference by number, each with its case and its newest plan."""
    newest = (
        select(func.max(col(ItemPlanRow.id)))
        .where(col(ItemPlanRow.item_id) == col(AgendaItemRow.id))
        .correlate(AgendaItemRow)
        .scalar_subquery()
    )
    return (
        select(
            col(AgendaItemRow.number),
            col(AgendaItemRow.part),
            col(AgendaItemRow.by),
            col(AgendaItemRow.at),
            col(InvolvementRow.ref).label("case"),
            col(ItemPlanRow.minutes),
            col(ItemPlanRow.guests),
            col(ItemPlanRow.chair_note),
            col(ItemPlanRow.deferred_because),
            col(ItemPlanRow.deferred_until),
            col(ItemPlanRow.meanwhile),
            col(ItemPlanRow.by).label("planned_by"),
        )
        .join(InvolvementRow, col(InvolvementRow.id) == col(AgendaItemRow.involvement_id))
        .join(ItemPlanRow, col(ItemPlanRow.id) == newest)
        .where(col(AgendaItemRow.conference_id) == _OF)
        .order_by(col(AgendaItemRow.number))
    )


@cache
def agenda() -> Select[int, list[int], datetime]:
    """Return the newest version of the order."""
    return (
        select(col(AgendaRow.version), col(AgendaRow.items), col(AgendaRow.at))
        .where(col(AgendaRow.conference_id) == _OF)
        .order_by(col(AgendaRow.version).desc())
        .limit(1)
    )


@cache
def shown() -> Select[int, int | None, str, datetime]:
    """Return the changes of the screen, oldest first."""
    return (
        select(col(ItemShownRow.number), col(ItemShownRow.item), col(ItemShownRow.by), col(ItemShownRow.at))
        .where(col(ItemShownRow.conference_id) == _OF)
        .order_by(col(ItemShownRow.number))
    )


@cache
def timer() -> Select[datetime | None, float | None]:
    """Return the newest state of the timer of that ``item``."""
    return (
        select(col(ItemTimerRow.ends_at), col(ItemTimerRow.seconds_left))
        .join(AgendaItemRow, col(AgendaItemRow.id) == col(ItemTimerRow.item_id))
        .where(col(AgendaItemRow.conference_id) == _OF, col(AgendaItemRow.number) == bindparam("item"))
        .order_by(col(ItemTimerRow.id).desc())
        .limit(1)
    )


@cache
def attendance() -> Select[str, str | None, str | None, str | None, bool, datetime, str, datetime]:
    """Return what is recorded of people and agencies, as it was recorded."""
    return (
        select(
            col(AttendanceRow.act),
            col(AttendanceRow.user_name),
            col(AttendanceRow.name),
            col(AttendanceRow.agency),
            col(AttendanceRow.is_observer),
            col(AttendanceRow.happened_at),
            col(AttendanceRow.by),
            col(AttendanceRow.at),
        )
        .where(col(AttendanceRow.conference_id) == _OF)
        .order_by(col(AttendanceRow.id))
    )


@cache
def room_screen() -> Select[*tuple[object, ...]]:
    """Return the newest setting of the room's screen, with its check."""
    return (
        with_check(RoomScreenRow)
        .join(ConferenceRecordRow, col(ConferenceRecordRow.id) == col(RoomScreenRow.conference_id))
        .where(col(ConferenceRecordRow.ref) == _OF)
        .order_by(col(RoomScreenRow.id).desc())
        .limit(1)
    )
