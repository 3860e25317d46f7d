"""The order at the time of an incident: that it ran, was served and covered the act, or which failed. Pure.

Where only dates are recorded it gives both answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from engine.domain.orders.orders import StoredOrder
from engine.orders import breach_times
from engine.orders.breach_checks import Check, Match
from engine.orders.time_spans import LATEST, Applying, Occurrence, TimeSpans

NOT_A_BREACH = "Not a breach: consider a stalking offence."
_IF_KNOWN = (
    "Not a breach: consider a stalking offence. It can be one if the respondent knew of the order before."
)


def order_at_the_time(
    order: StoredOrder,
    number: int,
    when: Occurrence,
    others: Mapping[str, StoredOrder],
    covers: Sequence[Check],
) -> tuple[str, ...]:
    """Return the sentences on an order and its condition when something happened.

    ``covers`` are the checks of the condition: its period, its hours and what was done.
    """
    ran = breach_times.running(order, others)
    serving = breach_times.serving(order)
    failed = [*_did_not_run(order, ran, when), *_was_not_served(order, serving, when)]
    failed += _did_not_cover(order, number, covers)
    if failed:
        return tuple(failed)
    open_still = [*_may_not_have_run(order, ran, when), *_may_not_have_been_served(order, serving, when)]
    if open_still:
        return tuple(open_still)
    if any(each.match is not Match.YES for each in covers):
        return (f"{_ran_and_was_served(order)}. Whether condition {number} covers the act cannot be said.",)
    return (f"{_ran_and_was_served(order)}, and condition {number} covers the act.",)


def _did_not_run(order: StoredOrder, ran: Applying, when: Occurrence) -> Iterator[str]:
    if not when.perhaps_in(ran.perhaps):
        yield f"{order.reference} did not run then: it ran {breach_times.run_in_words(order)}. {NOT_A_BREACH}"


def _was_not_served(order: StoredOrder, serving: breach_times.Serving, when: Occurrence) -> Iterator[str]:
    if serving.is_needed and serving.words and not when.perhaps_in(_since(serving.first)):
        yield f"{order.reference} was not served then: it was served on {serving.words}. {_IF_KNOWN}"


def _did_not_cover(order: StoredOrder, number: int, covers: Sequence[Check]) -> Iterator[str]:
    no = next((each for each in covers if each.match is Match.NO), None)
    if no is not None:
        yield f"Condition {number} of {order.reference} does not cover it. {NOT_A_BREACH}"


def _may_not_have_run(order: StoredOrder, ran: Applying, when: Occurrence) -> Iterator[str]:
    if not when.surely_in(ran.surely):
        dates = f"{order.reference} ran {breach_times.run_in_words(order)}."
        yield f"{dates} If it ran then, it may be a breach. If not: {_lowered(NOT_A_BREACH)}"


def _may_not_have_been_served(
    order: StoredOrder, serving: breach_times.Serving, when: Occurrence
) -> Iterator[str]:
    if not serving.is_needed or when.surely_in(_since(serving.surely)):
        return
    if serving.words:
        served = f"{order.reference} was served on {serving.words}."
        yield f"{served} If it happened after service, it may be a breach. If before: {_lowered(_IF_KNOWN)}"
    else:
        served = f"The service of {order.reference} is not recorded."
        yield f"{served} If it was served, it may be a breach. If not: {_lowered(_IF_KNOWN)}"


def _ran_and_was_served(order: StoredOrder) -> str:
    serving = breach_times.serving(order)
    served = f" and was served on {serving.words}" if serving.is_needed else ", and needs no service"
    return f"{order.reference} ran then ({breach_times.run_in_words(order)}){served}"


def _since(first: datetime) -> TimeSpans:
    return TimeSpans.of([(first, LATEST)])


def _lowered(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"
