"""Planning a conference, finding one, and what one person may see of it. Attendance opens no case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from engine.access.policy import May, require
from engine.access.redaction import NOTHING_TO_MASK, Masker
from engine.domain.accounts.acting import CASE_WORKERS, COORDINATOR_AND_CHAIR, Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.base import Frozen, Instant
from engine.domain.conference.agenda import Agenda, AgendaItem, Deferral, ItemView
from engine.domain.conference.attendance import AttendanceRecord, Stay, stays
from engine.domain.conference.changes import ChangeKind
from engine.domain.conference.meetings import (
    Conference,
    ConferenceGiven,
    ConferenceState,
    ItemShown,
    time_on_screen,
)
from engine.domain.conference.room import RoomSet
from engine.domain.conference.timer import ItemTimer
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.ids import read_reference
from engine.domain.typed_days import require_coming
from engine.instruments.confidentiality import statement, statements
from engine.services.access.checks import open_cases
from engine.services.access.masking import maskers_for
from engine.services.conference.changes import changes_seen
from engine.services.context import Context
from engine.services.people.names import names_on
from engine.store.unit_of_work import Work

_MINUTE = timedelta(minutes=1)


class ConferenceView(Frozen):
    """A conference as one person sees it: every item has its place, and those of closed cases nothing else.

    ``screen`` is the number of the newest change of the room's screen: who moves it names the one they saw.
    """

    conference: Conference
    confidentiality: str
    agenda: int
    items: tuple[ItemView, ...]
    screen: int
    on_screen: int | None
    attendance: tuple[Stay, ...]
    absent: tuple[AttendanceRecord, ...]
    """Apologies and written contributions."""
    timer: ItemTimer | None
    """The timer of the item on the screen."""
    ends_at: Instant | None
    """When the conference is expected to end, by the planned minutes; None unless it is in session."""
    room: RoomSet = RoomSet()
    """The setting of the room's screen."""
    changes: dict[ChangeKind, str] = {}
    """By kind a mark of what this person may know of the case on the screen; another after a change."""


def create_conference(context: Context, *, given: ConferenceGiven) -> Conference:
    """Plan a conference: its date, place and people.

    Raises
    ------
    InvalidInputError
        The date is past or too far, no chair is named, or a person named has another role than is needed.
    NotFoundError
        A person named is not a user.
    """
    require(May.PLAN_CONFERENCE, context.acting)
    require_coming("date", given.held_on, on=context.clock.today())
    chair = given.chair or (context.acting.user if context.acting.role is Role.CHAIR else None)
    if chair is None:
        raise InvalidInputError("chair", "name the chair of the conference")
    if given.deputy == chair:
        raise InvalidInputError("deputy", "name another person than the chair")
    with context.writing("create conference", once=(given,)) as work:
        _require_role(work, "chair", chair, {Role.CHAIR})
        _require_role(work, "deputy", given.deputy, {Role.CHAIR})
        _require_role(work, "minute taker", given.minute_taker, CASE_WORKERS)
        reference = work.conferences.add(
            held_on=given.held_on,
            place=given.place,
            chair=chair,
            deputy=given.deputy,
            minute_taker=given.minute_taker,
            statement=statements()[-1].version,
            by=context.acting.user,
            at=context.clock.now(),
        )
        work.notes(conference=reference)
        return work.conferences.get(reference)


def list_conferences(context: Context) -> tuple[Conference, ...]:
    """Return the conferences that this person may know of, the newest date first."""
    require(May.SEE_CONFERENCE, context.acting)
    with context.reading("list conferences") as work:
        return tuple(_known_to(work, context.acting))


def find_conference(context: Context, *, given: str | None = None) -> str:
    """Return the conference that is meant: the one named, else the one in session, else today's.

    Raises
    ------
    InvalidInputError
        The reference is malformed, several come into question, or none does.
    """
    if given is not None:
        return read_reference("conference", given)
    require(May.SEE_CONFERENCE, context.acting)
    with context.uow.unrecorded() as work:
        known = list(_known_to(work, context.acting))
    in_session = [each for each in known if each.state is ConferenceState.IN_SESSION]
    today = [each for each in known if each.held_on == context.clock.today()]
    found = in_session or [each for each in today if not each.has_ended] or today
    if len(found) == 1:
        return found[0].reference
    if not found:
        raise InvalidInputError("conference", "none is in session or planned for today; give --conference")
    listed = ", ".join(sorted(each.reference for each in found))
    raise InvalidInputError("conference", f"several come into question: {listed}; give --conference")


def view_conference(context: Context, *, conference: str) -> ConferenceView:
    """Return a conference with its agenda, screen and attendance, within the access of this person.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        The conference does not exist, or this person has no part in it.
    """
    agencies = context.agencies_known
    with context.reading("view conference") as work:
        return conference_view(work, context, conference, agencies=agencies)


def conference_view(
    work: Work, context: Context, conference: str, *, agencies: Sequence[AgencyKnown] | None = None
) -> ConferenceView:
    """Return the same; part of a larger use case. Without ``agencies`` it has no marks of changes."""
    there, visible = open_conference_record(work, context.acting, conference, May.SEE_CONFERENCE)
    items, agenda = work.conferences.items(there.reference), work.conferences.agenda(there.reference)
    shown = work.conferences.shown(there.reference)
    current = shown[-1].item if shown and not there.has_ended else None
    records = work.conference_attendance.of(there.reference)
    used = time_on_screen(shown, until=there.closed_at or context.clock.now())
    views = _item_views(work, context.acting, there, agenda, items, visible, current, used)
    work.touches(*visible)
    work.notes(conference=there.reference)
    return ConferenceView(
        conference=there,
        confidentiality=statement(there.statement).statement,
        agenda=agenda.version,
        items=views,
        screen=shown[-1].number if shown else 0,
        on_screen=agenda.place_of(current) if current is not None else None,
        attendance=stays(records),
        absent=tuple(record for record in records if record.act.is_of_the_absent),
        timer=work.conferences.timer(there.reference, current) if current is not None else None,
        ends_at=_expected_end(there, views, shown, at=context.clock.now()),
        room=work.room_screens.of(there.reference),
        changes=changes_seen(
            work,
            context.acting,
            context.clock,
            agencies=agencies,
            conference=there.reference,
            items=[items[number] for number in agenda.order if items[number].case in visible],
            on_screen=current,
        )
        if agencies is not None
        else {},
    )


def open_conference_record(
    work: Work, acting: Acting, conference: str, act: May
) -> tuple[Conference, frozenset[str]]:
    """Return a conference and the cases on its agenda that are open to this person; part of a use case.

    For a practitioner without a part in it, it does not exist: the people recorded there and on its cases.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        The conference does not exist, or this person has no part in it.
    """
    require(act, acting)
    require(May.SEE_CONFERENCE, acting)
    there = work.conferences.get(read_reference("conference", conference))
    visible = cases_open_to(work, acting, there.reference)
    _require_part(there, has_part=bool(visible) or _is_recorded(work, acting, there))
    return there, visible


def conference_with_part(work: Work, acting: Acting, conference: str) -> Conference:
    """Return a conference that this person has a part in; the cases are read only where nothing else says so.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        The conference does not exist, or this person has no part in it.
    """
    require(May.SEE_CONFERENCE, acting)
    there = work.conferences.get(read_reference("conference", conference))
    _require_part(there, has_part=_has_part(work, acting, there))
    return there


def cases_open_to(work: Work, acting: Acting, conference: str) -> frozenset[str]:
    """Return the cases on the agenda that are open to this person."""
    items, order = work.conferences.items(conference), work.conferences.agenda(conference).order
    cases = work.cases.all([items[number].case for number in order])
    return frozenset(case.reference for case in open_cases(work, acting, cases))


def masked_deferral(deferral: Deferral | None, masker: Masker, *, by: str) -> Deferral | None:
    """Return a deferral with its texts masked."""
    if deferral is None:
        return None
    texts = {
        "because": masker.masked(deferral.because, by=by),
        "meanwhile": masker.masked(deferral.meanwhile, by=by),
    }
    return deferral.model_copy(update=texts)


def _known_to(work: Work, acting: Acting) -> Iterator[Conference]:
    for there in work.conferences.all():
        if _has_part(work, acting, there):
            yield there


def _require_part(there: Conference, *, has_part: bool) -> None:
    if not has_part:
        raise NotFoundError("conference", there.reference, instead="'stac conference list' lists them")


def _has_part(work: Work, acting: Acting, there: Conference) -> bool:
    return _is_recorded(work, acting, there) or bool(cases_open_to(work, acting, there.reference))


def _is_recorded(work: Work, acting: Acting, there: Conference) -> bool:
    """Return whether this person has a part in a conference without any of its cases."""
    if acting.role in COORDINATOR_AND_CHAIR or acting.user == there.minute_taker:
        return True
    records = work.conference_attendance.of(there.reference)
    return any(record.user == acting.user for record in records)


def _item_views(
    work: Work,
    acting: Acting,
    there: Conference,
    agenda: Agenda,
    items: dict[int, AgendaItem],
    visible: frozenset[str],
    current: int | None,
    used: Mapping[int, timedelta],
) -> tuple[ItemView, ...]:
    names, reads_note = names_on(work, sorted(visible)), there.is_presided_by(acting.user)
    written_on = [items[number] for number in agenda.order if items[number].case in visible]
    written = sorted(item.case for item in written_on if item.plan.has_text(with_note=reads_note))
    maskers = maskers_for(work=work, references=written, reader=acting.user) if written else {}
    plans = acting.role in COORDINATOR_AND_CHAIR
    views: list[ItemView] = []
    for place, number in enumerate(agenda.order, start=1):
        item = items[number]
        is_private = item.case not in visible
        is_taken = number in used and (plans or not is_private)
        view = ItemView(
            place=place,
            minutes=item.plan.minutes,
            is_private=is_private,
            is_on_screen=number == current,
            was_on_screen=is_taken,
            used_minutes=used[number] // _MINUTE if is_taken and number != current else None,
        )
        if not is_private:
            masker = maskers.get(item.case, NOTHING_TO_MASK)
            view = view.model_copy(
                update={
                    "case": item.case,
                    "names": names.get(item.case),
                    "part": item.part,
                    "guests": masker.masked_all(item.plan.guests, by=item.planned_by),
                    "chair_note": masker.masked_or_none(item.plan.chair_note, by=item.planned_by)
                    if reads_note
                    else None,
                    "deferral": masked_deferral(item.plan.deferral, masker, by=item.planned_by),
                }
            )
        views.append(view)
    return tuple(views)


def _expected_end(
    there: Conference, items: Sequence[ItemView], shown: tuple[ItemShown, ...], *, at: datetime
) -> datetime | None:
    """Return now and the planned minutes that are left. A private item counts whether deferred or not."""
    if there.state is not ConferenceState.IN_SESSION:
        return None
    index = next((view.place for view in items if view.is_on_screen), 0)
    left = sum(view.minutes for view in items[index:] if view.deferral is None)
    end = at + timedelta(minutes=left)
    if index:
        planned = timedelta(minutes=items[index - 1].minutes)
        end += max(timedelta(), planned - (at - shown[-1].at))
    return end


def _require_role(work: Work, part: str, user: str | None, roles: frozenset[Role] | set[Role]) -> None:
    if user is not None and work.users.get(user).role not in roles:
        needed = " or ".join(sorted(role.label for role in roles))
        raise InvalidInputError(part, f"{user} is not a {needed}")
