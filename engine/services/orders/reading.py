"""Reading of orders: those of one case, one order, and the card of current conditions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from engine.access.decision_texts import as_read, dissent_of
from engine.access.policy import WHO_MAY, May
from engine.access.release import is_member
from engine.domain.cases.involvement import Involvement, StoredDecision
from engine.domain.conference.risk import DissentView
from engine.domain.orders.conditions import Must
from engine.domain.orders.orders import OrderState, StoredOrder
from engine.domain.orders.protection import Protection
from engine.domain.orders.views import (
    NATIONAL_NUMBERS,
    CardView,
    ContradictionView,
    OrdersForReview,
    OrdersOnCase,
    OrderView,
)
from engine.domain.referrals.intake import VictimView
from engine.orders.contradictions import contradictions
from engine.orders.law import consequences
from engine.orders.on_record import uncovered_days
from engine.orders.protection import protection
from engine.orders.rules import order_type
from engine.services.access.checks import open_case, open_cases
from engine.services.access.masking import masker_for, maskers_for
from engine.services.context import Context
from engine.services.orders.criteria import criteria
from engine.services.orders.notices import notice_views
from engine.services.orders.protecting import answers_of, orders_of_each
from engine.services.orders.recording import open_order
from engine.services.orders.seen import hearing_for, order_view
from engine.services.sharing.incident_rules import incidents_for
from engine.services.sharing.response_visibility import Viewer
from engine.services.vault.permissions import lead_on
from engine.store.unit_of_work import Work

_WITHOUT_REVIEW_DAYS = 28
"""Days ahead that a conference sees of the orders of a case without a recorded review."""


def orders_on_case(context: Context, *, reference: str) -> OrdersOnCase:
    """Return all orders of a case with dates, conditions, contradictions, criteria and the card for police.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    agencies = context.agencies_known
    with context.reading("view orders of case") as work:
        acting, today = context.acting, context.clock.today()
        involvement = open_case(work, acting, reference, May.VIEW_CASE, at=context.clock.now())
        case = involvement.reference
        together = _together(work, context, involvement)
        orders = work.orders.of(together)
        views = order_views(work, context, orders, here=together)
        viewer = Viewer(acting=acting, on=today, is_member=is_member(acting, work.cases.people_on(case)))
        incidents, kept_back = incidents_for(work, together, viewer, agencies)
        decision = next(reversed(work.decisions.of([case])[case]), None)
        referral = work.referrals.newest([case])[case]
        today_on_case = protection(orders, on=today)
        spans = tuple(view.span for view in views if view.span is not None)
        work.notes(orders=len(orders))
        return OrdersOnCase(
            reference=case,
            orders=views,
            applies_today=today_on_case,
            uncovered=uncovered_days(spans, until=today),
            contradictions=tuple(
                ContradictionView(
                    about=each.about,
                    one_says=each.one_says,
                    other_says=each.other_says,
                    next=each.next,
                    found_by=each.found_by,
                )
                for each in contradictions(orders, on=today)
            ),
            criteria=criteria(
                incidents,
                kept_back,
                decision,
                orders,
                work.reviews.custody_changes(together),
                victim_asked=referral.victim_position.view is not VictimView.NOT_ASKED,
                on=today,
                dissent=_dissent(work, context, decision, together) if decision is not None else (),
            ),
            card=_card(work, context, case, views, today_on_case),
            notices=notice_views(work, context, case, together),
            may_record=_may_record(context, work.cases.people_on(case)),
        )


def view_order(context: Context, *, order: str) -> OrderView:
    """Return one order within the access of the person who acts.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        The order does not exist, or none of its cases is open to the person who acts.
    """
    with context.reading("view order") as work:
        stored, cases = open_order(work, context, order, May.VIEW_CASE)
        episodes = work.cases.together_with_each(cases)
        there = sorted({each for of in episodes.values() for each in of})
        here = [each.reference for each in open_cases(work, context.acting, work.cases.all(there))]
        views = order_views(work, context, work.orders.of(here), here=here)
        return next(view for view in views if view.reference == stored.reference)


def orders_for_review(
    work: Work, context: Context, involvement: Involvement, *, review_on: date | None
) -> OrdersForReview:
    """Return the current orders of a case, and what is open before its review; part of larger use cases.

    What is late, and a clock without its start, are among them.
    """
    today = context.clock.today()
    is_review = review_on is not None and review_on >= today
    until = review_on if review_on is not None and is_review else today + timedelta(days=_WITHOUT_REVIEW_DAYS)
    together = _together(work, context, involvement)
    orders = work.orders.of(together)
    views = order_views(work, context, orders, here=together)
    return OrdersForReview(
        recorded=len(views),
        applies_today=protection(orders, on=today),
        current=tuple(view for view in views if view.applies),
        dates=tuple(
            sorted(
                (
                    each
                    for view in views
                    for each in view.dates
                    if each.is_open
                    and (each.day is None or each.day <= until)
                    and (view.applies or each.day is None or each.day >= today)
                ),
                key=lambda each: (not each.gap_days, each.day or date.min),
            )
        ),
        until=until,
        is_review=is_review,
    )


def order_views(
    work: Work, context: Context, orders: Sequence[StoredOrder], *, here: Sequence[str]
) -> tuple[OrderView, ...]:
    """Return these orders as one person sees them; part of larger use cases.

    ``here`` are cases that are known to be open to them.
    """
    named = {case for order in orders for case in order.cases}
    others = sorted(named - set(here))
    there = open_cases(work, context.acting, work.cases.all(others)) if others else ()
    open_to = frozenset((*here, *(each.reference for each in there)))
    reader = context.acting.user
    maskers = maskers_for(work=work, references=sorted(open_to & named), reader=reader) if orders else {}
    today = context.clock.today()
    together = work.cases.together_with_each(sorted(open_to)) if orders else {}
    answers = answers_of(orders, orders_of_each(orders, together, sorted(open_to), open_to), on=today)
    return tuple(
        order_view(
            order,
            open_to,
            maskers,
            on=today,
            applies_today=answers[order.reference],
            others=orders,
            hearing=hearing_for(order, orders, on=today),
        )
        for order in orders
    )


def _dissent(
    work: Work, context: Context, decision: StoredDecision, together: Sequence[str]
) -> tuple[DissentView, ...]:
    entries = work.decisions.dissent_entries([decision.reference]).get(decision.reference, ())
    masker = masker_for(work=work, involvements=together, reader=context.acting.user)
    return dissent_of(decision, as_read(decision, masker), entries, masker)


def _together(work: Work, context: Context, involvement: Involvement) -> list[str]:
    together = open_cases(work, context.acting, work.cases.of_episode(involvement.episode))
    return list(dict.fromkeys([*(other.reference for other in together), involvement.reference]))


def _may_record(context: Context, people: Sequence[str]) -> bool:
    is_named = context.acting.agency is None or context.acting.user in people
    return context.acting.role in WHO_MAY[May.RECORD_ORDER] and is_named


def _card(work: Work, context: Context, case: str, views: Sequence[OrderView], today: Protection) -> CardView:
    """Return the current conditions: no place, no name of another protected person, no contact."""
    there = [view for view in views if view.applies]
    must_not: dict[str, None] = {}
    must: dict[str, None] = {}
    unchecked = 0
    for view in there:
        for each in view.conditions:
            if not each.is_current:
                continue
            if not each.is_checked:
                unchecked += 1
            elif each.must == Must.NOT.value:
                must_not[_without_must(each.wording)] = None
            else:
                must[_without_must(each.wording)] = None
    return CardView(
        at=context.clock.now(),
        respondent="a child" if any(view.is_of_child for view in there) else "the respondent",
        orders=tuple(_in_a_line(view) for view in there),
        must_not=tuple(must_not),
        must=tuple(must),
        breaches=tuple(
            f"{view.name}: {consequences(kind)}" for view in there if (kind := order_type(view.type))
        ),
        not_served=tuple(view.name for view in there if not view.is_served),
        police_lead=lead_on(work, case),
        gap=today.sentence if today.is_gap else None,
        call=context.settings.always_answered or NATIONAL_NUMBERS,
        unchecked=unchecked,
        erased=sum(
            view.is_erased and view.state in (OrderState.GRANTED, OrderState.SERVED) for view in views
        ),
    )


def _without_must(wording: str) -> str:
    said = wording.removeprefix("must not ").removeprefix("must ")
    return f"{said[:1].upper()}{said[1:]}."


def _in_a_line(view: OrderView) -> str:
    if not view.needs_service:
        return f"{view.name}, to {view.end_in_words}"
    if view.served is None:
        return f"{view.name}, not served"
    how = f" {view.served_how}" if view.served_how else ""
    return f"{view.name}, served{how} on {view.served.day} {view.served:%b %Y}"
