"""A conference in session as its screens draw it: first the item with its people and levels, then the case.

What is asked for first is read with the conference, in one unit of work with one audit entry: many people
follow, and all of them wait for the same item at the same moment.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.access.policy import May
from engine.access.release import is_member
from engine.domain.base import Frozen
from engine.domain.cases.involvement import Involvement
from engine.domain.cases.older_views import NewestIncident, newest_incident
from engine.domain.cases.views import AgencyAnswerView, CaseView, IncidentView
from engine.domain.conference.agenda import ItemView
from engine.domain.conference.meetings import Conference
from engine.domain.conference.remarks import RemarkView
from engine.domain.ids import read_reference
from engine.domain.orders.views import OrdersForReview
from engine.services.access.checks import open_case, open_cases
from engine.services.access.conflicts import owes_answer
from engine.services.access.reasons import owes_reason
from engine.services.cases.views import case_view
from engine.services.conference.meetings import (
    ConferenceView,
    conference_view,
    conference_with_part,
    open_conference_record,
)
from engine.services.conference.remarks import remarks_seen, require_visible
from engine.services.conference.room import ItemPeople, people_of_item
from engine.services.context import Context
from engine.services.orders.reading import orders_for_review
from engine.services.responses.views import answers_seen
from engine.services.sharing.incident_rules import incidents_for
from engine.services.sharing.response_visibility import Viewer
from engine.store.unit_of_work import Work


class ItemHead(Frozen):
    """First part of an item on a screen: its people, and each agency's levels as this person sees them."""

    case: str
    people: ItemPeople
    answers: tuple[AgencyAnswerView, ...]
    newest: NewestIncident | None
    """The newest incident that this person sees: a view of before it is marked."""
    is_open: bool
    """True once the chair opened the conference on the case: agencies see each other's levels."""


class Followed(Frozen):
    """A conference, and the item of it that this person views.

    Without ``head`` the item's case is not open to them, or ``asks_first``: it opens after an answer.
    """

    view: ConferenceView
    item: ItemView | None
    head: ItemHead | None = None
    asks_first: bool = False


class ItemRest(Frozen):
    """The whole case of an item, and what was said about it in the conference."""

    case: CaseView
    remarks: tuple[RemarkView, ...]
    orders: OrdersForReview


def read_conference(context: Context, *, conference: str) -> Conference:
    """Return a conference without its items, to draw the right page; it writes no audit entry.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        The conference does not exist, or this person has no part in it.
    """
    with context.uow.unrecorded() as work:
        return conference_with_part(work, context.acting, conference)


def follow_conference(context: Context, *, conference: str, place: int | None = None) -> Followed:
    """Return a conference with the item at a place of its agenda, or the one on the screen.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        The conference does not exist, or this person has no part in it.
    """
    agencies = context.agencies_known
    with context.reading("view conference") as work:
        view = conference_view(work, context, conference, agencies=agencies)
        wanted = place or view.on_screen
        item = next((each for each in view.items if each.place == wanted), None)
        if item is None or item.case is None:
            return Followed(view=view, item=item)
        if owes_answer(work, context, item.case) or owes_reason(work, context, item.case):
            return Followed(view=view, item=item, asks_first=True)
        case = work.cases.get(item.case)
        answers = (
            answers_seen(
                work,
                case,
                acting=context.acting,
                agencies=agencies,
                clock=context.clock,
                settings=context.settings,
            )
            if case.is_screened
            else ()
        )
        head = ItemHead(
            case=item.case,
            people=people_of_item(work, context, view.conference, item.case),
            answers=answers,
            newest=newest_incident(_incidents(work, context, case), answers),
            is_open=work.cases.conference_opened_at(item.case) is not None,
        )
        return Followed(view=view, item=item, head=head)


def _incidents(work: Work, context: Context, case: Involvement) -> Sequence[IncidentView]:
    """Return the incidents of the case within the access of this person, as its page shows them."""
    together = open_cases(work, context.acting, work.cases.of_episode(case.episode))
    viewer = Viewer(
        acting=context.acting,
        on=context.clock.today(),
        is_member=is_member(context.acting, work.cases.people_on(case.reference)),
    )
    of_episode = list(dict.fromkeys([*(other.reference for other in together), case.reference]))
    return incidents_for(work, of_episode, viewer, context.agencies_known)[0]


def view_item_case(context: Context, *, conference: str, case: str) -> ItemRest:
    """Return the whole case of an item, and what was said about it, within the access of this person.

    Raises
    ------
    InvalidInputError
        A reference is malformed.
    NotFoundError
        The conference does not exist for this person, or the case is not an item that is open to them.
    """
    agencies, reference = context.agencies_known, read_reference("involvement", case)
    with context.reading("view case") as work:
        there, visible = open_conference_record(work, context.acting, conference, May.SEE_CONFERENCE)
        require_visible(reference, visible)
        involvement = open_case(work, context.acting, reference, May.VIEW_CASE, at=context.clock.now())
        work.notes(conference=there.reference)
        seen = case_view(work, context, involvement, agencies=agencies)
        return ItemRest(
            case=seen,
            remarks=remarks_seen(work, context, there, [reference])[reference],
            orders=orders_for_review(work, context, involvement, review_on=seen.review.review_on),
        )
