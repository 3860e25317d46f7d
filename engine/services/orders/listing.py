"""All orders within one person's access: what starts, is awaited, is due, heard or ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from engine.access.policy import May, require
from engine.access.redaction import Masker
from engine.domain.accounts.acting import Acting
from engine.domain.cases.lifecycle import State
from engine.domain.errors import InvalidInputError
from engine.domain.orders.dates import DateKind, OrderDate
from engine.domain.orders.orders import StoredOrder
from engine.domain.orders.protection import Protection
from engine.domain.orders.stages import REACHED, is_copy, stage_of
from engine.domain.orders.views import TEXT_WITHHELD, OrderLine, OrdersPage
from engine.gc_pause import collector_at_rest
from engine.orders.on_record import end_by_rule
from engine.orders.protection import protection
from engine.orders.rules import courts, order_type
from engine.services.access.checks import known_part, open_among, or_nowhere
from engine.services.access.masking import maskers_for
from engine.services.context import Context
from engine.services.orders.asking import open_dates
from engine.services.orders.protecting import OfEach, answers_of, gap_date, orders_of_each
from engine.store.unit_of_work import Work

LONGEST_AHEAD = 366
_STATUS = {
    DateKind.STARTS: "Starts",
    DateKind.AWAITING: "No clock yet",
    DateKind.DUE: "Due",
    DateKind.HEARING: "Hearing",
    DateKind.EXPIRES: "Expires",
    DateKind.GAP: "No order applies",
}


def list_orders(context: Context, *, ahead_days: int = 28) -> OrdersPage:
    """Return the orders on the cases that are open to this person, and their open dates so many days ahead.

    ``gaps`` are the cases without an order that applies today. Then come orders that end before their hearing
    or are not served, then dates in order. What is overdue stays listed.

    Raises
    ------
    InvalidInputError
        The number of days is not between 1 and 366.
    """
    require(May.SEE_ORDERS, context.acting)
    if not 1 <= ahead_days <= LONGEST_AHEAD:
        raise InvalidInputError("days", f"give a number between 1 and {LONGEST_AHEAD}")
    today = context.clock.today()
    with collector_at_rest(), context.reading("list orders") as work:
        orders, open_to = _within_access(work, context.acting)
        until = today + timedelta(days=ahead_days)
        ends = {order.reference: end_by_rule(order) for order in orders if order.was_made}
        listed = [
            (order, each)
            for order, each in _open_dates(orders, ends, on=today, until=until)
            if _is_listed(each, on=today, until=until)
        ]
        there = _of_each_case(work, orders, open_to, on=today)
        in_gap = list(_gaps(work, orders, there, on=today))
        there_typed = [*(order for order, _ in in_gap), *(order for order, _ in listed)]
        maskers = _maskers(work, context.acting, there_typed, open_to)
        answers = answers_of([order for order, _ in listed], there, on=today)
        gaps = [
            _line(order, frozenset({case}), gap_date(found, order.reference), maskers, applies_today=found)
            for order, (case, found) in in_gap
        ]
        gaps.sort(key=lambda line: (line.date.day or date.min, line.cases))
        lines = [
            _line(order, open_to, each, maskers, applies_today=answers[order.reference])
            for order, each in listed
        ]
        lines.sort(key=_pressing)
        made = [order for order in orders if order.reference in ends]
        current = [each for each in made if each.applies_on(today, by_rule=ends[each.reference][0])]
        work.notes(orders=len(orders), dates=len(lines))
        work.touches(*sorted({case for line in (*gaps, *lines) for case in line.cases}))
        return OrdersPage(
            today=today,
            until=until,
            recorded=len(orders),
            current=len(current),
            current_cases=len({case for order in current for case in order.cases if case in open_to}),
            unchecked=_sorted(name_of(each) for each in made if not ends[each.reference][1]),
            gaps=tuple(gaps),
            lines=tuple(lines),
            stages=_stages(orders),
            forces=_sorted(line.force for line in lines),
            courts=_sorted(line.court for line in lines),
            types=tuple(sorted({(each.type, name_of(each)) for each in orders}, key=lambda pair: pair[1])),
        )


def _within_access(work: Work, acting: Acting) -> tuple[tuple[StoredOrder, ...], frozenset[str]]:
    """Return the orders of the cases that are open to a person, and those cases."""
    may_see = known_part(work, acting)
    orders = work.orders.visible(may_see, terms_only=True)
    open_to = open_among(work, acting, work.orders.cases_screened(may_see)) if orders else frozenset[str]()
    return tuple(order for order in orders if not open_to.isdisjoint(order.cases)), open_to


def _maskers(
    work: Work, acting: Acting, orders: Sequence[StoredOrder], open_to: frozenset[str]
) -> Mapping[str, Masker]:
    """Return by open case what masks a force that a person typed; none is read where none was typed."""
    typed = {case for order in orders if order.terms and order.terms.force for case in order.cases}
    if not typed:
        return {}
    return maskers_for(work=work, references=sorted(open_to & typed), reader=acting.user)


def _open_dates(
    orders: Sequence[StoredOrder], ends: Mapping[str, tuple[date | None, bool]], *, on: date, until: date
) -> Iterator[tuple[StoredOrder, OrderDate]]:
    """Yield each order with each of its dates that asks for something still; ``ends`` are those by rule."""
    there: dict[str, list[StoredOrder]] = defaultdict(list)
    for order in orders:
        for case in order.cases:
            there[case].append(order)
    for order in orders:
        others = [other for case in order.cases for other in there[case]]
        by_rule, _ = ends.get(order.reference, (None, False))
        for each in open_dates(order, others, ends=by_rule, on=on, until=until):
            yield order, each


def _is_listed(each: OrderDate, *, on: date, until: date) -> bool:
    if each.day is None:
        return each.kind is DateKind.AWAITING or each.answer is not None
    return each.day <= until and (each.day >= on or each.kind is DateKind.DUE)


def _of_each_case(
    work: Work, orders: Sequence[StoredOrder], open_to: frozenset[str], *, on: date
) -> dict[str, Sequence[StoredOrder]]:
    """Return by open case the orders of its episode; of an episode only where its own orders leave a gap."""
    found: dict[str, Sequence[StoredOrder]] = {**orders_of_each(orders, {}, sorted(open_to), open_to)}
    in_gap = sorted(case for case, own in found.items() if protection(own, on=on).is_gap)
    together = work.cases.together_with_each(or_nowhere(in_gap))
    return {**found, **orders_of_each(orders, together, in_gap, open_to)}


def _gaps(
    work: Work, orders: Sequence[StoredOrder], there: OfEach, *, on: date
) -> Iterator[tuple[StoredOrder, tuple[str, Protection]]]:
    """Yield each case with a gap, unless it is closed, with the order that left it."""
    of = {order.reference: order for order in orders}
    gaps = {case: found for case, own in there.items() if (found := protection(own, on=on)).is_gap}
    states = work.cases.states(or_nowhere(gaps))
    for case, found in gaps.items():
        if found.order is not None and states[case][0] is not State.CLOSED:
            yield of[found.order], (case, found)


def _pressing(line: OrderLine) -> tuple[bool, bool, date, str]:
    is_unserved = line.date.kind is DateKind.AWAITING
    return not line.date.gap_days, not is_unserved, line.date.day or date.min, line.order


def _line(
    order: StoredOrder,
    open_to: frozenset[str],
    each: OrderDate,
    maskers: Mapping[str, Masker],
    *,
    applies_today: Protection,
) -> OrderLine:
    return OrderLine(
        order=order.reference,
        cases=tuple(case for case in order.cases if case in open_to),
        name=name_of(order),
        court=_court(order),
        force=_force(order, maskers),
        status=_STATUS[each.kind],
        date=each,
        applies_today=applies_today,
    )


def name_of(order: StoredOrder) -> str:
    """Return the name of its type; its code where the type is no longer known."""
    kind = order_type(order.type)
    return kind.name if kind else order.type


def _court(order: StoredOrder) -> str:
    """Return the kind of court: its name is typed, and read on the case, where it is masked."""
    terms = order.terms
    kind = courts().get(terms.court) if terms and terms.court else None
    return kind.name if kind else "court not recorded"


def _force(order: StoredOrder, maskers: Mapping[str, Masker]) -> str:
    """Return the force as a person typed it, masked for every open case of the order, but for its writer.

    One that was typed on a case that is closed to this person is withheld.
    """
    terms, step = order.terms, order.terms_step
    force = terms.force if terms else None
    if force is not None and (step is None or step.case not in maskers):
        return TEXT_WITHHELD
    for case in order.cases:
        masker = maskers.get(case)
        force = masker.masked_or_none(force, by=step.by if step else None) if masker else force
    return force or "force not recorded"


def _stages(orders: Sequence[StoredOrder]) -> tuple[tuple[str, int], ...]:
    """Return how many orders reached each stage, of those within access: counts, and no shares.

    A variation or renewal is the same protection and is not counted again.
    """
    stages = [stage_of(order) for order in orders if not is_copy(order)]
    return tuple((name, sum(stage in there for stage in stages)) for name, there in REACHED.items())


def _sorted(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*words}))
