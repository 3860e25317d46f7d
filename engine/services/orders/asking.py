"""Tasks that an order asks of a person on one date, and from when until when: for a worklist. Pure.

What it asks changes only at its own dates and so many days before them, so that no date between need be
tried: from a row that says from when until when, a worklist reads what is asked today.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from engine.domain.orders.dates import DateKind, OrderDate
from engine.domain.orders.orders import OrderAct, StoredOrder
from engine.orders.on_record import dates_of, end_by_rule
from engine.orders.rules import renewal_warnings
from engine.services.orders.seen import hearing_for

SOON_DAYS = 7
_QUIET_KINDS = frozenset({DateKind.STARTS})
_CHANGED = (OrderAct.NAME_USED, OrderAct.MOVED, OrderAct.NO_HOME)
_A_DAY = timedelta(days=1)
_LONG_AGO = date(1900, 1, 1)
"""So many days before a date of an order what it asks may change, and one day after each."""


class Asked(NamedTuple):
    """One date of an order that asks for something, by a name that it has for as long as it does."""

    name: str
    date: OrderDate


class Between(NamedTuple):
    """One date of an order, and the first and last date when it asks; None has no end."""

    asked: Asked
    first: date | None
    last: date | None


def open_dates(
    order: StoredOrder, others: Sequence[StoredOrder], *, ends: date | None, on: date, until: date
) -> Iterator[OrderDate]:
    """Yield each date of an order that asks for something still; ``ends`` is its end date by rule.

    A duty to notify police that was not done in time stays, though its order ended. Another date that passed
    under an order that ended asks for nothing, and nor does a clock without a date: both stay among the
    clocks of its case. Of those after ``until`` some are left out.
    """
    last = order.last_day(ends) if order.was_made else None
    has_ended = last is not None and last < on
    if has_ended and order.hearing_after(on) is None and not _may_owe(order):
        return
    hearing = hearing_for(order, others, on=on)
    applies = not has_ended and order.in_effect is not None and order.in_effect <= on
    for each in dates_of(order, on=on, others=others, hearing=hearing, open_until=until):
        if not each.is_open:
            continue
        if applies or each.stays(on=on) or (each.day >= on if each.day else not has_ended):
            yield each


def _may_owe(order: StoredOrder) -> bool:
    """Return whether a notification to police by the respondent may not have been done."""
    last = max((each.number for each in order.all_of(OrderAct.NOTIFIED)), default=0)
    return not last or any(each.number > last for act in _CHANGED for each in order.all_of(act))


def asked_on(order: StoredOrder, others: Sequence[StoredOrder], *, on: date) -> tuple[Asked, ...]:
    """Return what an order asks of a person on a date: a gap, a service that is awaited, what is due soon."""
    ends = end_by_rule(order)[0] if order.was_made else None
    found, there = list[Asked](), Counter[str]()
    for each in open_dates(order, others, ends=ends, on=on, until=on + timedelta(days=SOON_DAYS)):
        if each.kind in _QUIET_KINDS or not _asks_now(each, on=on):
            continue
        name = f"{each.kind.name.lower()} {each.day or 'no date'}"
        there[name] += 1
        found.append(Asked(f"{name} {there[name]}", each))
    return tuple(found)


def asked_between(order: StoredOrder, others: Sequence[StoredOrder]) -> Iterator[Between]:
    """Yield everything that an order asks, ever, with the first and last date when it does."""
    turns = _turns(order, others)
    open_now: dict[str, tuple[Asked, date | None]] = {}
    for first in (None, *turns):
        day = first or (turns[0] - _A_DAY if turns else _LONG_AGO)
        now = {asked.name: asked for asked in asked_on(order, others, on=day)}
        for name in [name for name in open_now if name not in now]:
            asked, since = open_now.pop(name)
            yield Between(asked, since, day - _A_DAY)
        for name, asked in now.items():
            open_now.setdefault(name, (asked, first))
    for asked, since in open_now.values():
        yield Between(asked, since, None)


def _asks_now(each: OrderDate, *, on: date) -> bool:
    if each.kind is DateKind.AWAITING or each.gap_days:
        return True
    return each.is_near(on=on, within=SOON_DAYS)


def _before() -> tuple[int, ...]:
    """Return how many days before a date an order may begin to ask for something."""
    return (0, SOON_DAYS, *(days + more for days in renewal_warnings() for more in (0, SOON_DAYS)))


def _last_of(order: StoredOrder) -> date | None:
    return order.last_day(end_by_rule(order)[0]) if order.was_made else None


def _turns(order: StoredOrder, others: Sequence[StoredOrder]) -> list[date]:
    """Return every date when an order may begin to ask something else, in order."""
    ends = end_by_rule(order)[0] if order.was_made else None
    days = {order.made, order.in_effect, ends, order.last_day(ends)}
    days |= {step.on for each in (order, *others) for step in each.all_of(OrderAct.HEARING)}
    days |= {day for each in others for day in (each.in_effect, each.served, _last_of(each))}
    days |= {each.day for each in dates_of(order, on=_LONG_AGO, others=others)}
    found = set[date]()
    for day in filter(None, days):
        for before in map(timedelta, _before()):
            found |= {day - before, day - before + _A_DAY}
    return sorted(found)
