"""Orders, their breaches and notices in the reply to a subject access request. Part of a use case.

A reply must not be how a respondent learns of an order that is not served, or a victim of an arrest: such
records are only counted, for the officer. So is a likely breach: no one has decided it, and it repeats what
another person reported. A victim gets confirmed breaches of an order that protects them, without condition
and place: a condition about a sealed area would show that the respondent was in it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from engine.domain.access.primary_roles import NO_RIGHT
from engine.domain.agencies.people import SubjectAccessItem
from engine.domain.dates import PartialDate
from engine.domain.orders.breaches import BreachStatus
from engine.domain.orders.notices import StoredNotice
from engine.domain.orders.orders import REQUIREMENT_ACTS, OrderAct, StoredOrder
from engine.domain.people.persons import ClaimedRole
from engine.hooks.wording import counted
from engine.orders.conditions import public_condition
from engine.orders.on_record import last_day_by_rule
from engine.orders.rules import order_type
from engine.services.access.primary_roles import standing_of
from engine.store.repositories.people.persons import PersonOnCase
from engine.store.unit_of_work import Work

SEALED_NAMES = (
    "Names of other persons whom an order protects are sealed and were not searched; ask the safe-contact "
    "officer of the case that the requester names."
)
"""A gap of every reply: one that only some had would reveal that an order protects someone of that name."""
_OWN_ACTS = REQUIREMENT_ACTS | {OrderAct.NOTIFIED, OrderAct.NAME_USED, OrderAct.MOVED, OrderAct.NO_HOME}
_PARTIES = frozenset({ClaimedRole.PERPETRATOR, ClaimedRole.VICTIM})
_LONGEST = 500


class OrdersHeld:
    """Items about orders and notices, and the numbers of records that are not given."""

    def __init__(self) -> None:
        self.items: list[SubjectAccessItem] = []
        self.not_known_to_respondent: set[str] = set()
        self.not_given_to_victim: set[str] = set()
        self.erased: set[str] = set()
        self.waiting = 0
        self.breaches: set[str] = set()

    @property
    def gaps(self) -> tuple[str, ...]:
        """Counts for the officer, which cannot reach the requester."""
        counts = (
            (len(self.not_known_to_respondent), "not made, or not served on the respondent"),
            (len(self.not_given_to_victim), "not made, or about a victim whose role is contested"),
            (len(self.erased), "whose content was erased"),
        )
        found = [f"{_counted(number, 'order')} {why}." for number, why in counts if number]
        if self.breaches:
            number = counted(len(self.breaches), "likely breach of an order", "likely breaches of orders")
            found.append(
                f"{number}, with people's answers: the data protection officer decides whether they can be "
                "given."
            )
        if self.waiting:
            found.append(
                f"{_counted(self.waiting, 'notice')} that did not reach the victim: only the safe "
                "contact informs them."
            )
        return (*found, SEALED_NAMES)


def orders_held(
    work: Work, persons: Iterable[PersonOnCase], *, shown: Collection[int], on: date
) -> OrdersHeld:
    """Return what may be given of orders to the requester, who is these person records.

    ``shown`` are the release classes that every person on a case reads.
    """
    held, there = OrdersHeld(), tuple(persons)
    cases = sorted({person.involvement for person in there})
    orders = work.orders.of(cases)
    given: set[tuple[str, ClaimedRole]] = set()
    for person in there:
        for order in orders:
            if person.involvement not in order.cases or (order.reference, person.role) in given:
                continue
            given.add((order.reference, person.role))
            if person.role is ClaimedRole.PERPETRATOR:
                _add_for_respondent(held, order, orders, on=on)
            elif person.role is ClaimedRole.VICTIM:
                _add_for_victim(work, held, order, person.involvement)
    victim_of = sorted({each.involvement for each in there if each.role is ClaimedRole.VICTIM})
    _add_breaches(work, held, there, orders, shown=shown)
    for notice in work.victim_notices.of(victim_of):
        _add_notice(held, notice)
    return held


def _add_for_respondent(
    held: OrdersHeld, order: StoredOrder, others: Sequence[StoredOrder], *, on: date
) -> None:
    if order.terms is None:
        held.erased.add(order.reference)
        return
    if not _is_known_to_respondent(order, on=on):
        held.not_known_to_respondent.add(order.reference)
        return
    # A copy that is not served would reveal itself by the end that it gives its predecessor.
    known = {each.reference for each in others if _is_known_to_respondent(each, on=on)}
    seen = replace(order, successors=tuple(s for s in order.successors if s[1] in known))
    held.items += _items(seen, "You are the respondent of an order")
    own = [f"{step.act.value} on {_day(step.on)}" for step in order.steps if step.act in _OWN_ACTS]
    for part in _parts("; ".join(own)):
        held.items.append(_item(seen, f"Recorded since: {part}."))


def _is_known_to_respondent(order: StoredOrder, *, on: date) -> bool:
    """Return whether it was served, or is in effect and of a type without service of its own."""
    if order.served is not None:
        return True
    kind, start = order_type(order.type), order.in_effect
    return kind is not None and not kind.needs_service and start is not None and start <= on


def _add_for_victim(work: Work, held: OrdersHeld, order: StoredOrder, case: str) -> None:
    if order.terms is None:
        held.erased.add(order.reference)
        return
    if not _protects(order, case):
        return  # it protects another person: the data of that person
    if not order.was_made or standing_of(work, case) in NO_RIGHT:
        held.not_given_to_victim.add(order.reference)
        return
    held.items += _items(order, "An order protects you")


def _add_breaches(
    work: Work,
    held: OrdersHeld,
    persons: Sequence[PersonOnCase],
    orders: Sequence[StoredOrder],
    *,
    shown: Collection[int],
) -> None:
    by_reference = {order.reference: order for order in orders}
    roles = {person.involvement: person.role for person in persons if person.role in _PARTIES}
    incidents = work.likely_breaches.shown(sorted(roles), classes=shown)
    for breach in work.likely_breaches.of(sorted(roles)):
        order = by_reference.get(breach.order)
        if (
            order is None
            or roles[breach.case] is not ClaimedRole.VICTIM
            or breach.status is not BreachStatus.CONFIRMED
            or breach.incident not in incidents
            or not _protects(order, breach.case)
            or standing_of(work, breach.case) in NO_RIGHT
        ):
            held.breaches.add(breach.reference)
            continue
        kind = order_type(order.type)
        happened = breach.happened.in_words() if breach.happened else "on a date that is not recorded"
        name = kind.name if kind else order.type
        held.items.append(
            SubjectAccessItem(
                kind="breach of an order",
                says=f"A breach of an order that protects you was confirmed: {name}, incident of {happened}.",
                record=breach.order,
                dated=breach.happened,
            )
        )


def _protects(order: StoredOrder, case: str) -> bool:
    """Return whether an order protects the victim of a case; another victim's order is of another person."""
    return order.terms is not None and any(
        each.is_victim and each.case == case for each in order.terms.protected
    )


def _add_notice(held: OrdersHeld, notice: StoredNotice) -> None:
    day = notice.informed_on
    if day is None:
        held.waiting += 1
        return
    held.items.append(
        SubjectAccessItem(
            kind="notice",
            says=f"You were informed on {_day(day)}: {notice.given.event.value}, {_day(notice.given.on)}.",
            record=notice.case,
            dated=PartialDate.of(day),
        )
    )


def _items(order: StoredOrder, about: str) -> Iterator[SubjectAccessItem]:
    """Yield an order in public words: titles of conditions, and no slot, name, place or typed text."""
    kind = order_type(order.type)
    last = order.last_day(last_day_by_rule(order))
    served = f", served on {_day(order.served)}" if order.served else ""
    ends = f", to {_day(last)}" if last else ", end not recorded"
    if last is None and order.terms and order.terms.until_further_order:
        ends = ", until further order"
    made = f"made on {_day(order.made)}" if order.made else "date made not recorded"
    yield _item(order, f"{about}: {kind.name if kind else order.type}, {made}{served}{ends}.")
    titles = dict.fromkeys(public_condition(each) for each in (order.terms.conditions if order.terms else ()))
    for part in _parts(" ".join(titles)):
        yield _item(order, f"Conditions of this order: {part}")


def _item(order: StoredOrder, sentence: str) -> SubjectAccessItem:
    made = order.made
    return SubjectAccessItem(
        kind="order",
        says=sentence,
        record=order.reference,
        dated=PartialDate.of(made) if made else None,
    )


def _parts(text: str) -> list[str]:
    """Return a text in parts that each fit into one item."""
    return textwrap.wrap(text, _LONGEST, break_long_words=False)


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
