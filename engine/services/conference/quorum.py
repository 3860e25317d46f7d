"""Attendance at a conference, conflicts of interest, the quorum of a decision. Names no person on a case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from engine.access.policy import May
from engine.domain.accounts.acting import Role
from engine.domain.conference.attendance import (
    AttendanceAct,
    AttendanceGiven,
    AttendanceRecord,
    Quorum,
    Stay,
    present_at,
    quorum_of,
    quorum_with,
    stays,
)
from engine.domain.conference.meetings import Conference, ConferenceState
from engine.domain.conference.risk import Attendance
from engine.domain.errors import InvalidInputError
from engine.services.conference.agenda import item_of_decision
from engine.services.conference.meetings import open_conference_record
from engine.services.context import Context
from engine.store.unit_of_work import Work


def record_attendance(context: Context, *, conference: str, given: AttendanceGiven) -> tuple[Stay, ...]:
    """Record an arrival, a departure, apologies, a written contribution or signed conditions.

    Recording that a person attends opens no case to them. Return who is in the room, and was, by arrival.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the conference is planned or has ended, the time is in the future, the
        agency is not installed, an observer has not signed, or a person leaves who is not in the room.
    NotFoundError
        The conference does not exist, or the person is not a user.
    """
    with context.writing("record attendance") as work:
        there, _ = open_conference_record(work, context.acting, conference, May.RECORD_ATTENDANCE)
        if there.has_ended:
            raise InvalidInputError(
                f"conference {there.reference}", f"it is '{there.state.value}'; attendance no longer changes"
            )
        record = _as_record(work, context, given)
        records = work.conference_attendance.of(there.reference)
        _require_sense(record, records, there, at=context.clock.now())
        work.conference_attendance.add(there.reference, record)
        work.conferences.changed(there.reference)
        work.notes(conference=there.reference)
        return stays([*records, record])


def note_quorum(
    work: Work, context: Context, case: str, decision: str, attended: Sequence[Attendance]
) -> Quorum | None:
    """Store with a decision its quorum, and its item if a conference is in session; part of recording one.

    A case that was not on the screen becomes an item of the conference over which its chair presides.
    Outside one it has the attendance that the decision lists; None where that lists no one.
    """
    there, item = item_in_session(work, case) or (_sitting(work, context), None)
    if there is not None:
        quorum = quorum_on(work, context, there, case, at=context.clock.now())
        number = item or item_of_decision(work, context, there, case)
        work.conference_attendance.note_decision(there.reference, number, decision, quorum)
        work.notes(conference=there.reference, quorate=int(quorum.is_quorate))
        return quorum
    if not attended:
        return None
    quorum = _quorum_listed(context, attended)
    work.notes(quorate=int(quorum.is_quorate))
    work.conference_attendance.note_alone(decision, quorum)
    return quorum


def _sitting(work: Work, context: Context) -> Conference | None:
    """Return the conference in session that the person who acts presides over."""
    user = context.acting.user
    return next(
        (
            there
            for there in work.conferences.all()
            if there.state is ConferenceState.IN_SESSION and there.is_presided_by(user)
        ),
        None,
    )


def _quorum_listed(context: Context, attended: Sequence[Attendance]) -> Quorum:
    """Return the quorum of a decision's own list. Its chair records it, and so was there."""
    return quorum_with(
        {each.agency for each in attended if each.took_part},
        has_chair=True,
        seats={agency.code: agency.seat for agency in context.agencies_known},
        needed=context.settings.conference.quorum,
        names=_names_of_seats(context),
    )


def item_in_session(work: Work, case: str) -> tuple[Conference, int] | None:
    """Return the conference in session that has taken this case, with its item; None if there is none."""
    for there, item in work.conferences.with_case(case):
        was_taken = item in {shown.item for shown in work.conferences.shown(there.reference)}
        if there.state is ConferenceState.IN_SESSION and was_taken:
            return there, item
    return None


def quorum_on(work: Work, context: Context, there: Conference, case: str, *, at: datetime) -> Quorum:
    """Return the quorum of an item at that instant, without those who have a conflict of interest in it."""
    records = work.conference_attendance.of(there.reference)
    return quorum_without(context, there, records, people_out_of(work, records, [case])[case], at=at)


def quorum_without(
    context: Context,
    there: Conference,
    records: Sequence[AttendanceRecord],
    out: frozenset[str],
    *,
    at: datetime,
) -> Quorum:
    """Return the same where it is known who is ``out`` of the item."""
    here = {stay.user for stay in present_at(records, at)} - out
    presiding = {context.acting.user} & {there.chair, there.deputy}
    return quorum_of(
        records,
        at=at,
        has_chair=bool(presiding or here & {there.chair, there.deputy}),
        seats={agency.code: agency.seat for agency in context.agencies_known},
        needed=context.settings.conference.quorum,
        names=_names_of_seats(context),
        out=out,
    )


def _names_of_seats(context: Context) -> dict[str, str]:
    """Return by seat the names of the agencies on it; without one, the code in words."""
    seats = {seat for group in context.settings.conference.quorum for seat in group}
    named = {
        seat: sorted(agency.name for agency in context.agencies_known if agency.seat == seat)
        for seat in seats
    }
    return {seat: " or ".join(names) or seat.replace("-", " ") for seat, names in named.items()}


def people_out_of(
    work: Work, records: Iterable[AttendanceRecord], cases: Iterable[str]
) -> dict[str, frozenset[str]]:
    """Return by case the recorded people who have a conflict of interest in it."""
    users = sorted({record.user for record in records if record.user is not None})
    apart = work.need_to_know.shut_out_of_each(users)
    return {case: frozenset(user for user in users if case in apart[user]) for case in cases}


def _as_record(work: Work, context: Context, given: AttendanceGiven) -> AttendanceRecord:
    known = {agency.code for agency in context.agencies_known}
    agency = given.agency
    if given.user is not None:
        user = work.users.get(given.user)
        agency = user.agency
        if user.role is Role.ROOM_SCREEN:
            raise InvalidInputError("user", "this is an account of the room's screen; name a person")
    elif agency is not None and agency not in known:
        raise InvalidInputError("agency", f"{agency} is not installed; 'stac agency list' lists the agencies")
    now = context.clock.now()
    if given.happened_at is not None and given.happened_at > now:
        raise InvalidInputError("at", "this time is in the future; leave it out, or give an earlier one")
    return AttendanceRecord(
        act=given.act,
        user=given.user,
        name=given.name,
        agency=agency,
        is_observer=given.is_observer,
        happened_at=given.happened_at or now,
        by=context.acting.user,
        at=now,
    )


def _require_sense(
    record: AttendanceRecord, records: tuple[AttendanceRecord, ...], there: Conference, *, at: datetime
) -> None:
    present = {stay.who for stay in present_at(records, at)}
    moves = (AttendanceAct.ARRIVED, AttendanceAct.LEFT)
    if record.act in moves and there.state is ConferenceState.PLANNED:
        raise InvalidInputError("attendance", "the conference has not started; start it first")
    if record.act is AttendanceAct.ARRIVED and record.who in present:
        raise InvalidInputError("attendance", "this person is in the room already")
    if record.act is AttendanceAct.LEFT and record.who not in present:
        raise InvalidInputError("attendance", "this person is not in the room")
    if record.act is AttendanceAct.ARRIVED and record.is_observer and not _has_signed(record, records):
        raise InvalidInputError("observer", "record first that the observer signed the conditions")


def _has_signed(record: AttendanceRecord, records: tuple[AttendanceRecord, ...]) -> bool:
    return any(each.act is AttendanceAct.SIGNED and each.who == record.who for each in records)
