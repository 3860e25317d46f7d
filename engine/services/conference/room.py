"""An item as the room has it: its people and their quorum, and the screen that everyone in the room may see.

The room's screen shows only what each person who is recorded as present may see, and the person whose browser
shows it. An account of a screen sees nothing of its own. An observer without an account may
see no case, so every item is private while one is present, but for the item that the observer is a guest of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from engine.access.policy import May, require
from engine.access.redaction import MASK
from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.base import Frozen
from engine.domain.cases.views import AgencyAnswerView
from engine.domain.conference.agenda import AgendaItem
from engine.domain.conference.attendance import Quorum, Stay, present_at
from engine.domain.conference.changes import ChangeKind
from engine.domain.conference.meetings import Conference, ConferenceState
from engine.domain.conference.risk import Domain, Level
from engine.domain.conference.room import RoomAgency, RoomItem, RoomShows, RoomView
from engine.domain.conference.timer import Pulse
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.system.audit import digest
from engine.services.access.checks import open_cases
from engine.services.conference.changes import changes_seen
from engine.services.conference.meetings import conference_with_part, open_conference_record
from engine.services.conference.quorum import people_out_of, quorum_on, quorum_without
from engine.services.context import Context
from engine.services.people.names import names_on
from engine.services.responses.views import answers_seen
from engine.store.unit_of_work import Work

_NUMBER = re.compile(r"\d{5}")
"""A phone number, however it is spaced, is found without its spaces."""
_PLATE = re.compile(r"\b[A-Z]{2}\d{2}\s?[A-Z]{3}\b", re.IGNORECASE)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE)


class ItemPeople(Frozen):
    """The people in the room, apart from those who take no part in the item, and its quorum now."""

    quorum: Quorum
    present: tuple[Stay, ...]
    out: tuple[Stay, ...]
    """In the room, and out of this item because of a conflict of interest."""


def open_room(
    context: Context, *, conference: str, account: str | None = None, shows: RoomShows | None = None
) -> RoomShows:
    """Open the room's screen on an account, or choose what is on it; what is not given stays as it is.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the conference is not in session, or the account is not of a screen.
    NotFoundError
        The conference does not exist for this person, or there is no such user.
    NotPermittedError
        Only its chair, its deputy and its minute taker may.
    """
    with context.writing("open room's screen") as work:
        require(May.OPEN_ROOM, context.acting)
        there = conference_with_part(work, context.acting, conference)
        user = context.acting.user
        if not (there.is_presided_by(user) or user == there.minute_taker):
            raise NotPermittedError(May.OPEN_ROOM.value, who_may="its chair, its deputy or its minute taker")
        if there.state is not ConferenceState.IN_SESSION:
            raise InvalidInputError(f"conference {there.reference}", f"it is '{there.state.value}'")
        if account is not None and work.users.get(account).role is not Role.ROOM_SCREEN:
            raise InvalidInputError("account", f"{account} has another role than '{Role.ROOM_SCREEN.value}'")
        before = work.room_screens.of(there.reference)
        shown = shows or before.shows
        work.room_screens.set(
            there.reference,
            account=account or before.account,
            shows=shown,
            by=user,
            at=context.clock.now(),
        )
        work.notes(conference=there.reference, shows=shown.value)
        return shown


def view_room(context: Context, *, conference: str | None = None) -> RoomView:
    """Return the room's screen: what everyone recorded as present may see.

    Without a conference it is the one that is open on the account that acts. For the account of a screen
    there is no other, and none that is not in session.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        The conference does not exist, or is not for this person or account.
    """
    agencies = context.agencies_known
    with context.reading("view room's screen") as work:
        room = _Room(work, context, conference, agencies=agencies)
        if room.item_shown is not None:
            work.touches(room.item_shown.case)
        work.notes(conference=room.there.reference)
        return room.view()


def read_room_pulse(context: Context, *, conference: str | None = None) -> Pulse:
    """Return whether anything changed for the room's screen, and the timer; no content of a case.

    It writes no audit entry.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        The conference does not exist, or is not for this person or account.
    """
    agencies = context.agencies_known
    with context.uow.unrecorded() as work:
        return _Room(work, context, conference, agencies=agencies).pulse()


class _Room:
    """The room of one conference now: who is in it, the item on the screen, and who reads it."""

    def __init__(
        self, work: Work, context: Context, conference: str | None, *, agencies: Sequence[AgencyKnown]
    ) -> None:
        self._work, self._context, self._agencies = work, context, agencies
        self.there = there = _room_of(work, context.acting, conference)
        self._present = present_at(work.conference_attendance.of(there.reference), context.clock.now())
        self._shown = work.conferences.shown(there.reference)
        self._agenda = work.conferences.agenda(there.reference)
        self._items = work.conferences.items(there.reference)
        self._set = work.room_screens.of(there.reference)
        current = self._shown[-1].item if self._shown and not there.has_ended else None
        self._on_screen = self._items[current] if current is not None else None
        self._readers = self._readers_of(self._on_screen)
        is_open = self._on_screen is not None and self._is_open(self._on_screen)
        self.item_shown = self._on_screen if is_open else None

    def view(self) -> RoomView:
        place = self._place()
        agencies = sorted({stay.agency for stay in self._present if stay.agency is not None})
        is_blank = self._set.shows is RoomShows.BLANK
        return RoomView(
            conference=self.there.reference,
            state=self.there.state,
            version=self.there.version,
            screen=self._shown[-1].number if self._shown else 0,
            place=place,
            planned=self._on_screen.plan.minutes if self._on_screen is not None else None,
            minutes_after=sum(
                self._items[number].plan.minutes
                for number in self._agenda.order[place or 0 :]
                if self._items[number].plan.deferral is None or not self._is_open(self._items[number])
            ),
            shows=self._set.shows,
            changes=self._changes(),
            item=None if self.item_shown is None or is_blank else self._content(self.item_shown),
            agencies=tuple(agencies),
            observers=sum(stay.is_observer for stay in self._present),
        )

    def pulse(self) -> Pulse:
        item, reference = self._on_screen, self.there.reference
        return Pulse(
            version=self.there.version,
            state=self.there.state,
            screen=self._shown[-1].number if self._shown else 0,
            on_screen=self._place(),
            timer=self._work.conferences.timer(reference, item.number) if item is not None else None,
            now=self._context.clock.now(),
            changes=self._changes(),
        )

    def _place(self) -> int | None:
        return self._agenda.place_of(self._on_screen.number) if self._on_screen is not None else None

    def _readers_of(self, item: AgendaItem | None) -> tuple[Acting, ...]:
        """Return everyone who reads the screen; none if one of them may see no case, as no account."""
        own, guests = self._context.acting, item.plan.guests if item is not None else ()
        invited = {guest.casefold() for guest in guests}
        if any(stay.user is None and stay.who.casefold() not in invited for stay in self._present):
            return ()
        users = {stay.user for stay in self._present if stay.user is not None}
        if own.role is not Role.ROOM_SCREEN:
            users.discard(own.user)
        people = tuple(self._work.users.get(user).acting() for user in sorted(users))
        return people if own.role is Role.ROOM_SCREEN else (own, *people)

    def _is_open(self, item: AgendaItem) -> bool:
        cases = self._work.cases.all([item.case])
        return bool(self._readers) and all(
            bool(open_cases(self._work, reader, cases)) for reader in self._readers
        )

    def _changes(self) -> dict[ChangeKind, str]:
        """Return the marks of all readers together: the screen is drawn again when one of them changes."""
        marks: dict[ChangeKind, str] = {ChangeKind.ROOM: self._set.shows.value}
        if self.item_shown is None:
            return marks
        for reader in self._readers:
            seen = changes_seen(
                self._work,
                reader,
                self._context.clock,
                agencies=self._agencies,
                conference=self.there.reference,
                items=[self.item_shown],
                on_screen=self.item_shown.number,
            )
            for kind, mark in seen.items():
                marks[kind] = digest(marks.get(kind, "") + mark)[: len(mark)]
        return marks

    def _content(self, item: AgendaItem) -> RoomItem:
        work, context = self._work, self._context
        case = work.cases.get(item.case)
        seen = [
            {
                answer.agency: answer
                for answer in answers_seen(
                    work,
                    case,
                    acting=reader,
                    agencies=self._agencies,
                    clock=context.clock,
                    settings=context.settings,
                )
            }
            for reader in self._readers
        ]
        codes = sorted(set(seen[0]).intersection(*seen))
        decisions = work.decisions.of([item.case])[item.case]
        judgements = decisions[-1].decision.judgements if decisions else ()
        unsaid = _names_of(work, item.case)
        return RoomItem(
            case=item.case,
            names=names_on(work, [item.case]).get(item.case),
            agencies=tuple(_common([by_agency[code] for by_agency in seen], unsaid) for code in codes),
            missing=tuple(
                f"{seen[0][code].agency_name}: {gap}"
                for code in codes
                for gap in seen[0][code].gaps
                if all(gap in by_agency[code].gaps for by_agency in seen) and not _tells(gap, unsaid)
            ),
            decided={judgement.domain: judgement.level for judgement in judgements},
            quorum=quorum_on(work, context, self.there, item.case, at=context.clock.now()),
        )


def _room_of(work: Work, acting: Acting, conference: str | None) -> Conference:
    """Return the conference whose room's screen this person or account may show."""
    require(May.SHOW_ROOM, acting)
    if acting.role is not Role.ROOM_SCREEN:
        if conference is None:
            raise InvalidInputError("conference", "name the conference")
        return conference_with_part(work, acting, conference)
    opened = work.room_screens.opened_on(acting.user)
    there = work.conferences.get(opened) if opened is not None else None
    is_shown = (
        there is not None
        and there.state is ConferenceState.IN_SESSION
        and work.room_screens.of(there.reference).account == acting.user
        and conference in (None, there.reference)
    )
    if there is None or not is_shown:
        raise NotFoundError("conference", conference or "in session", instead="its chair opens this screen")
    return there


def _common(answers: Sequence[AgencyAnswerView], unsaid: frozenset[str]) -> RoomAgency:
    """Return what all of these show alike of one agency. A difference shows nothing, and not which it was."""
    states = {answer.state for answer in answers}
    is_alike = len(states) == 1 and not any(answer.levels_hidden for answer in answers)
    return RoomAgency(
        name=answers[0].agency_name,
        state=answers[0].state if is_alike else None,
        levels=_common_levels(answers) if is_alike else {},
        reasons=dict(_common_reasons(answers, unsaid)) if is_alike else {},
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


def _common_reasons(
    answers: Sequence[AgencyAnswerView], unsaid: frozenset[str]
) -> Iterator[tuple[Domain, str]]:
    """Yield the reasons that all of these show alike, without one that names a person or a number."""
    for domain in Domain:
        given = {
            next((view.reasons for view in answer.views if view.domain is domain), None) for answer in answers
        }
        reason = given.pop() if len(given) == 1 else None
        if reason is not None and not _tells(reason, unsaid):
            yield domain, reason


def _names_of(work: Work, case: str) -> frozenset[str]:
    """Return every part of the names of the people of a case, for a text on the wall has none of them."""
    described = [person.described for person in work.people.on_cases([case])]
    names = " ".join(f"{each.forename or ''} {each.surname or ''}" for each in described)
    return frozenset(part for part in _words(names) if len(part) > 1)


def _tells(text: str, unsaid: frozenset[str]) -> bool:
    """Return whether a text names a person of the case, has a protected detail, a number or a plate."""
    return (
        MASK in text
        or bool(unsaid.intersection(_words(text)))
        or bool(_NUMBER.search("".join(text.split())))
        or bool(_PLATE.search(text) or _POSTCODE.search(text))
    )


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def view_item_people(context: Context, *, conference: str, place: int) -> ItemPeople:
    """Return who takes part in an item now. Only those who can view its case learn who is out of it.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    with context.reading("view people of item") as work:
        there, visible = open_conference_record(work, context.acting, conference, May.SEE_CONFERENCE)
        order, items = work.conferences.agenda(there.reference).order, work.conferences.items(there.reference)
        item = items[order[place - 1]] if 1 <= place <= len(order) else None
        if item is None or item.case not in visible:
            raise NotFoundError("item", str(place), instead="choose an item that is not private")
        work.touches(item.case)
        work.notes(conference=there.reference)
        return people_of_item(work, context, there, item.case)


def people_of_item(work: Work, context: Context, there: Conference, case: str) -> ItemPeople:
    """Return the same of an item whose case is open to this person; part of a larger use case."""
    at = context.clock.now()
    records = work.conference_attendance.of(there.reference)
    apart = people_out_of(work, records, [case])[case]
    here = present_at(records, at)
    return ItemPeople(
        quorum=quorum_without(context, there, records, apart, at=at),
        present=tuple(stay for stay in here if stay.user not in apart),
        out=tuple(stay for stay in here if stay.user in apart),
    )
