"""The room's screen: what everyone recorded as present may see of the item, and so may its opener.

It narrows with each arrival, because it is worked out at each reading. Whatever is not shown reads the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.access.policy import May
from engine.access.release import is_member
from engine.domain.accounts.acting import Acting
from engine.domain.base import Frozen
from engine.domain.cases.involvement import Involvement
from engine.domain.cases.names import CaseNames
from engine.domain.cases.views import AgencyAnswerView
from engine.domain.conference.agenda import PRIVATE_ITEM
from engine.domain.conference.attendance import present_at
from engine.domain.conference.meetings import Conference, ConferenceState
from engine.domain.conference.risk import Domain, HowSoon, Level
from engine.domain.conference.timer import ItemTimer
from engine.services.access.checks import open_cases
from engine.services.access.masking import masker_for
from engine.services.conference.meetings import open_conference_record
from engine.services.context import Context
from engine.services.people.names import names_on
from engine.services.responses.views import answer_views
from engine.store.unit_of_work import Work


class ViewInRoom(Frozen):
    """An agency's level in one domain and its reasons, without the professional who recorded it."""

    domain: Domain
    level: Level
    how_soon: HowSoon | None
    reasons: str


class AgencyInRoom(Frozen):
    """One agency's levels and reasons in the room; without any it reads one phrase, whatever the cause."""

    name: str
    views: tuple[ViewInRoom, ...]
    gaps: tuple[str, ...]

    @property
    def is_shown(self) -> bool:
        """True where the agency has a view that everyone in the room may see."""
        return bool(self.views)


class RoomItem(Frozen):
    """The case on the screen: initials and reference, never a name or a place."""

    case: str
    initials: str
    agencies: tuple[AgencyInRoom, ...]
    panel: tuple[tuple[Domain, Level], ...]


class RoomScreen(Frozen):
    """The room's screen. ``item`` None is a private item, a break, or a conference that is not in session."""

    conference: str
    state: ConferenceState
    version: int
    place: int | None
    minutes: int | None
    item: RoomItem | None
    timer: ItemTimer | None

    @property
    def in_words(self) -> str:
        """The sentence of a screen without a case."""
        if self.state is ConferenceState.PLANNED:
            return "The conference has not started."
        if self.state is not ConferenceState.IN_SESSION:
            return "The conference is closed."
        if self.place is None:
            return "Break."
        return f"{PRIVATE_ITEM}. This screen is blank." if self.item is None else f"Item {self.place}."


def read_room_screen(context: Context, *, conference: str) -> RoomScreen:
    """Return the room's screen for those who are in the room at this moment.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        The conference does not exist.
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    with context.reading("show room's screen") as work:
        there, _ = open_conference_record(work, context.acting, conference, May.SHOW_ROOM)
        work.notes(conference=there.reference)
        shown = work.conferences.shown(there.reference)
        current = shown[-1].item if shown and there.state is ConferenceState.IN_SESSION else None
        screen = RoomScreen(
            conference=there.reference,
            state=there.state,
            version=there.version,
            place=None,
            minutes=None,
            item=None,
            timer=None,
        )
        if current is None:
            return screen
        item = work.conferences.items(there.reference)[current]
        return screen.model_copy(
            update={
                "place": work.conferences.agenda(there.reference).place_of(current),
                "minutes": item.plan.minutes,
                "timer": work.conferences.timer(there.reference, current),
                "item": _room_item(work, context, there, item.case),
            }
        )


def _room_item(work: Work, context: Context, there: Conference, case: str) -> RoomItem | None:
    viewers = _viewers(work, context, there)
    found = work.cases.all([case])
    if viewers is None or not all(open_cases(work, each, found) for each in viewers):
        return None
    (involvement,) = found
    work.touches(case)
    columns = [_columns(work, context, involvement, each, at=context.clock.now()) for each in viewers]
    decided = work.decisions.of([case])[case]
    return RoomItem(
        case=case,
        initials=_initials(names_on(work, [case]).get(case)),
        agencies=tuple(_common(of_agency) for of_agency in zip(*columns, strict=True)),
        panel=tuple((each.domain, each.level) for each in decided[-1].decision.judgements) if decided else (),
    )


def _viewers(work: Work, context: Context, there: Conference) -> list[Acting] | None:
    """Return everyone in the room and the person who opened the screen; None with one who has no account."""
    present = present_at(work.conference_attendance.of(there.reference), context.clock.now())
    users = [work.users.known(stay.user) if stay.user is not None else None for stay in present]
    acting = [user.acting() for user in users if user is not None and user.active]
    return [context.acting, *acting] if len(acting) == len(present) else None


def _columns(
    work: Work, context: Context, involvement: Involvement, viewer: Acting, *, at: datetime
) -> Sequence[AgencyAnswerView]:
    """Return each agency's response as this viewer has it; what they typed is masked too, on a wall."""
    reference = involvement.reference
    return answer_views(
        work.answers.returns([reference])[reference],
        context.agencies_known,
        acting=viewer,
        at=at,
        conference_is_open=work.cases.conference_opened_at(reference) is not None,
        masker=masker_for(work=work, involvements=work.cases.together(reference)),
        rules=work.sharing.rules([reference])[reference],
        is_member=is_member(viewer, work.cases.people_on(reference)),
    )


def _common(columns: Sequence[AgencyAnswerView]) -> AgencyInRoom:
    """Return what all of these viewers have of one agency's response."""
    first, *others = columns
    return AgencyInRoom(
        name=first.agency_name,
        views=tuple(
            ViewInRoom(domain=view.domain, level=view.level, how_soon=view.how_soon, reasons=view.reasons)
            for view in first.views
            if all(view in other.views for other in others)
        ),
        gaps=tuple(gap for gap in first.gaps if all(gap in other.gaps for other in others)),
    )


def _initials(names: CaseNames | None) -> str:
    if names is None:
        return ""
    victim, perpetrator = (
        " ".join(f"{part[0]}." for part in name.split()) for name in (names.victim, names.perpetrator)
    )
    return f"{victim}, {names.perpetrator_status.value}: {perpetrator}"
