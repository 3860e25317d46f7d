"""An order that an agency reports, in words, and what of it is not in our lists. Knows no storage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from engine.domain.responses.reported import ReportedCondition, ReportedOrder
from engine.orders.conditions import condition_library
from engine.orders.rules import courts, order_type


def reported_order_in_words(order: ReportedOrder) -> str:
    """Return the order with its dates and the number of conditions, in one sentence."""
    kind = order_type(order.type)
    listed = courts().get(order.court) if order.court else None
    court = order.court_name or (listed.name if listed else None)
    made = f"made {_day(order.made)}" if order.made else "date made not recorded"
    parts = [
        f"{made} by {court}" if court else made,
        f"served {_day(order.served)}" if order.served else "service not recorded",
        f"in effect from {_day(order.in_effect)}" if order.in_effect else "",
        _end(order),
        _conditions(order.conditions),
    ]
    return f"{kind.name if kind else order.type}: {', '.join(part for part in parts if part)}."


def condition_in_words(condition: ReportedCondition) -> str:
    """Return the title in our library, or the words of the agency's record."""
    if condition.code is None:
        return condition.wording or ""
    entry = condition_library().by_code.get(condition.code)
    return entry.title if entry else condition.code


def faults_of_orders(orders: Sequence[ReportedOrder], *, on: date) -> Iterator[tuple[int, str]]:
    """Yield what cannot be taken, with the place of the order: codes that we do not have, and later dates."""
    for place, order in enumerate(orders):
        if order_type(order.type) is None:
            yield place, "type: 'stac order types' lists the types"
        if order.court is not None and order.court not in courts():
            yield place, "court: not in our list of courts"
        codes = {each.code for each in order.conditions or () if each.code is not None}
        if codes - set(condition_library().by_code):
            yield place, "conditions: 'stac order conditions' lists the codes"
        if any(day is not None and day > on for day in (order.made, order.served)):
            yield place, "made or served after the date of the request"


def _end(order: ReportedOrder) -> str:
    if order.until_further_order:
        return "until further order"
    return f"to end {_day(order.ends)}" if order.ends else "end not recorded"


def _conditions(conditions: tuple[ReportedCondition, ...] | None) -> str:
    if conditions is None:
        return "conditions not recorded"
    if not conditions:
        return "no conditions"
    return f"{len(conditions)} condition{'' if len(conditions) == 1 else 's'}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
