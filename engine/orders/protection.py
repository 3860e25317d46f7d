"""Protection on a date, derived once for every page, list and paper: orders that apply and are served.

A gap begins after the last of them, or with an order that was made and is not served, and stays
until an order applies. An end that is not recorded, or a content that was erased, is "not known" and no gap.
Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from engine.domain.orders.orders import OrderAct, OrderState, Relation, StoredOrder
from engine.domain.orders.protection import Applies, Gap, Protection
from engine.orders.on_record import last_day_by_rule
from engine.orders.rules import order_type

Days = tuple[date, date]
"""A first and a last date, both included; the last is ``date.max`` where no end is known."""
_A_DAY = timedelta(days=1)
_COPIES = frozenset({Relation.VARIES, Relation.RENEWS})
_NO_MORE = frozenset({OrderState.REFUSED, OrderState.WITHDRAWN, OrderState.NOT_SOUGHT, OrderState.DISCHARGED})
NONE_RECORDED = "No order is recorded: whether one applies is not known. Ask."
NONE_MADE = "No order on this record was made; others may exist: ask."
NOT_YET = "No order on this record applies yet; others may exist: ask."


def protection(orders: Sequence[StoredOrder], *, on: date) -> Protection:
    """Return whether an order of a case applies on a date, and the gap that the date is in."""
    if not orders:
        return Protection(answer=Applies.NOT_KNOWN, sentence=NONE_RECORDED)
    unserved = tuple(each.reference for each in orders if _is_unserved(each, on))
    sure = [each for each in orders if _includes(sure_days(each), on)]
    if sure:
        names = _listed([each.reference for each in sure])
        sentence = f"{names} {'applies' if len(sure) == 1 else 'apply'} today.{_not_served(unserved)}"
        return Protection(answer=Applies.YES, sentence=sentence, not_served=unserved)
    unsure = [each for each in orders if any(_includes(days, on) for days in perhaps_days(each, orders))]
    if unsure:
        why = "; ".join(_why_not_known(each, on) for each in unsure)
        sentence = f"Not known whether an order applies today: {why}. Ask.{_not_served(unserved)}"
        return Protection(answer=Applies.NOT_KNOWN, sentence=sentence, not_served=unserved)
    gap = next((each for each in gaps_of(orders) if _includes((each.first, each.last or date.max), on)), None)
    if gap is None:
        was_made = any(each.was_made for each in orders)
        return Protection(answer=Applies.NO, sentence=NOT_YET if was_made else NONE_MADE)
    return _in_gap(gap, orders, unserved, on)


def protection_of(order: StoredOrder, orders: Sequence[StoredOrder], *, on: date) -> Protection:
    """Return whether this order applies on a date, and where it does not, the gap of its case.

    ``orders`` are those of its case.
    """
    unserved = (order.reference,) if _is_unserved(order, on) else ()
    if _includes(sure_days(order), on):
        return Protection(answer=Applies.YES, sentence=f"{order.reference} applies today.")
    if any(_includes(days, on) for days in perhaps_days(order, orders)):
        sentence = f"Not known whether {order.reference} applies today: {_why_not_known(order, on)}. Ask."
        return Protection(answer=Applies.NOT_KNOWN, sentence=sentence)
    of_case = protection(orders, on=on)
    if of_case.is_gap:
        return of_case
    sentence = f"{order.reference} {'is not served' if unserved else 'does not apply today'}."
    return Protection(answer=Applies.NO, sentence=sentence, not_served=unserved)


def gaps_of(orders: Sequence[StoredOrder]) -> tuple[Gap, ...]:
    """Return every run of days, since the first order took effect, when surely none of them applied."""
    starts = [(each.in_effect, each.reference) for each in orders if each.in_effect is not None]
    if not starts:
        return ()
    first, begun_by = min(starts)
    gaps: list[Gap] = []
    for begins, ends, order in sorted(_covered(orders)):
        if begins > first:
            unserved = _unserved_from(orders, first)
            gaps.append(Gap(first=first, last=begins - _A_DAY, order=unserved or begun_by))
        if ends == date.max:
            return tuple(gaps)
        if ends + _A_DAY > first:
            first, begun_by = ends + _A_DAY, order
    gaps.append(Gap(first=first, last=None, order=_unserved_from(orders, first) or begun_by))
    return tuple(gaps)


def covers(orders: Iterable[StoredOrder], first: date, last: date) -> bool:
    """Return whether on each of these days one of these orders surely applied."""
    spans = sorted(days for each in orders if (days := sure_days(each)) is not None)
    for begins, ends in spans:
        if begins <= first <= ends:
            if ends >= last:
                return True
            first = ends + _A_DAY
    return first > last


def sure_days(order: StoredOrder) -> Days | None:
    """Return when an order surely protected: in effect, not ended, served where it must be."""
    start, terms = order.in_effect, order.terms
    if start is None or terms is None or order.stored_state in _NO_MORE - {OrderState.DISCHARGED}:
        return None
    if needs_service(order):
        if order.served is None:
            return None
        start = max(start, order.served)
    last = order.last_day(last_day_by_rule(order))
    if last is None:
        return (start, date.max) if terms.until_further_order else None
    if (discharged := _discharged(order)) is not None:
        last = min(last, discharged - _A_DAY)
    return (start, last) if start <= last else None


def perhaps_days(order: StoredOrder, orders: Sequence[StoredOrder]) -> Iterator[Days]:
    """Yield other days when an order may have protected: what decides it is not on record."""
    if order.was_made and order.terms is None:
        yield date.min, date.max
        return
    start = order.in_effect
    if start is None or (needs_service(order) and order.served is None):
        return
    start = max(start, order.served) if needs_service(order) and order.served else start
    by_rule = last_day_by_rule(order)
    if order.last_day(by_rule) is None:
        yield start, date.max
    if (discharged := _discharged(order)) is not None and discharged >= start:
        yield discharged, discharged
    yield from _until_copy_is_served(order, start, by_rule, {each.reference: each for each in orders})


def _until_copy_is_served(
    order: StoredOrder, start: date, by_rule: date | None, there: Mapping[str, StoredOrder]
) -> Iterator[Days]:
    """Yield the dates from the start of a variation or renewal until that copy was served.

    Which of the two bound the respondent then is for the court. A copy does not outlive the own term of the
    order before it.
    """
    if not needs_service(order):
        return
    for relation, reference, begins in order.successors:
        copy = there.get(reference)
        served = copy.served if copy is not None else None
        own_last = min(each for each in (by_rule, _discharged(order), date.max) if each is not None)
        last = min(own_last, served - _A_DAY if served is not None else date.max)
        if relation in _COPIES and begins is not None and max(start, begins) <= last:
            yield max(start, begins), last


def _covered(orders: Sequence[StoredOrder]) -> Iterator[tuple[date, date, str]]:
    for each in orders:
        if (days := sure_days(each)) is not None:
            yield (*days, each.reference)
        for days in perhaps_days(each, orders):
            yield (*days, each.reference)


def _in_gap(gap: Gap, orders: Sequence[StoredOrder], unserved: tuple[str, ...], on: date) -> Protection:
    hearing = min((day for each in orders for day in _hearings(each) if day > on), default=None)
    ends = [day for day in (gap.last, hearing - _A_DAY if hearing else None) if day is not None]
    last = min(ends, default=None)
    return Protection(
        answer=Applies.NO,
        sentence=f"{days_in_words(gap.first, last, on=on)}: no order on this record applies; others may "
        f"exist: ask.{_not_served(unserved)}",
        first=gap.first,
        last=last,
        days=((last or on) - gap.first).days + 1,
        order=unserved[0] if unserved else gap.order,
        not_served=unserved,
    )


def days_in_words(first: date, last: date | None, *, on: date) -> str:
    """Return a gap in words: ``1 to 4 December``, with a year only where it is not this one."""
    if last is None:
        return f"Since {_day(first, year=first.year != on.year)}"
    far = last.year != on.year
    if first == last:
        return _day(last, year=far)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {_day(last, year=far)}"
    return f"{_day(first, year=first.year != last.year)} to {_day(last, year=far or first.year != last.year)}"


def _why_not_known(order: StoredOrder, on: date) -> str:
    if order.terms is None:
        return f"the content of {order.reference} was erased"
    if _discharged(order) == on:
        return f"{order.reference} was discharged today"
    if order.successors:
        return f"{order.successors[-1][1]} follows {order.reference} and is not served"
    return f"the end of {order.reference} is not recorded"


def _is_unserved(order: StoredOrder, on: date) -> bool:
    """Return whether an order applies by its dates, and waits for service."""
    if not needs_service(order) or order.stored_state in _NO_MORE:
        return False
    waits = order.served is None or order.served > on
    return waits and order.applies_on(on, by_rule=last_day_by_rule(order))


def _unserved_from(orders: Sequence[StoredOrder], day: date) -> str | None:
    return next((each.reference for each in orders if _is_unserved(each, day)), None)


def _hearings(order: StoredOrder) -> Iterator[date]:
    if order.stored_state not in _NO_MORE:
        yield from (step.on for step in order.all_of(OrderAct.HEARING))


def _discharged(order: StoredOrder) -> date | None:
    return min((step.on for step in order.all_of(OrderAct.DISCHARGED)), default=None)


def needs_service(order: StoredOrder) -> bool:
    """Return whether an order of this type binds its respondent from service only."""
    kind = order_type(order.type)
    return kind is not None and kind.needs_service


def _includes(days: Days | None, on: date) -> bool:
    return days is not None and days[0] <= on <= days[1]


def _not_served(unserved: Sequence[str]) -> str:
    if not unserved:
        return ""
    return f" {_listed(unserved)} {'is' if len(unserved) == 1 else 'are'} not served."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _day(day: date, *, year: bool) -> str:
    return f"{day.day} {day:%B}{f' {day.year}' if year else ''}"
