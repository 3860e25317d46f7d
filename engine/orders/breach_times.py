"""When an order and its conditions applied, and when an incident happened: surely, or perhaps. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.clock import LONDON
from engine.domain.orders.breaches import HeldIncident
from engine.domain.orders.conditions import Hours, StoredCondition, Weekday
from engine.domain.orders.orders import OrderAct, Relation, StoredOrder
from engine.orders.on_record import last_day_by_rule
from engine.orders.rules import order_type
from engine.orders.time_spans import (
    ALWAYS,
    EARLIEST,
    LATEST,
    NEVER,
    Applying,
    Occurrence,
    TimeSpans,
    after,
    bounds,
    instants,
    midnight,
)

_MINUTE = timedelta(minutes=1)
_WEEKDAYS = tuple(Weekday)


def occurrence_of(incident: HeldIncident) -> Occurrence:
    """Return when an incident happened by the record: no later than it was first reported."""
    happened, details = incident.happened, incident.details
    until = instants(details.until)[1] if details.until is not None else None
    reported = incident.reported_at + _MINUTE
    if happened is None:
        return Occurrence(EARLIEST, reported, until)
    first, last = midnight(happened.earliest), after(happened.latest)
    if details.time is not None and happened.is_whole_day:
        local = datetime.combine(happened.earliest, time.fromisoformat(details.time))
        off = timedelta(minutes=details.minutes_off or 0)
        begins, ends = instants(local)
        return Occurrence(begins - off, ends + off + _MINUTE, until)
    return Occurrence(first, min(last, reported) if first < reported else last, until)


def times_of(order: StoredOrder, others: Mapping[str, StoredOrder]) -> Applying:
    """Return when an order that was made applied to its respondent.

    Where it needs service and is not served, it perhaps applied: a respondent may know of it from court. On
    the date of making, service or discharge without a time, the same.
    """
    begins, sure_from, why = _beginning(order)
    ends, sure_until, ends_why = _end(order, others)
    why = " ".join(each for each in (why, ends_why) if each)
    return Applying(TimeSpans.of([(sure_from, sure_until)]), TimeSpans.of([(begins, ends)]), why)


def handed_over(order: StoredOrder, before: StoredOrder, others: Mapping[str, StoredOrder]) -> TimeSpans:
    """Return when either an order or the one before it surely applied, though not which of the two.

    ``before`` applies until its successor does, so between them there is no gap, up to its own end.
    """
    start = order.in_effect
    if start is None:
        return NEVER
    earlier = times_of(before, others).surely
    if not any(ends == midnight(start) for _, ends in earlier.spans):
        return NEVER
    own_ends = [after(day) for day in (last_day_by_rule(before),) if day is not None]
    own_ends += [midnight(step.on) for step in before.all_of(OrderAct.DISCHARGED)]
    return TimeSpans.of([(midnight(start), min([_beginning(order)[1], *own_ends]))])


def running(order: StoredOrder, others: Mapping[str, StoredOrder]) -> Applying:
    """Return when an order ran, from its start to its end, served or not."""
    begins, sure_from, why = _running_from(order)
    if why and serving(order).words:  # it was made before it was served, whenever on its date that was
        sure_from = min(sure_from, serving(order).surely)
    ends, sure_until, ends_why = _end(order, others)
    said = " ".join(each for each in (why, ends_why) if each)
    return Applying(TimeSpans.of([(sure_from, sure_until)]), TimeSpans.of([(begins, ends)]), said)


@dataclass(frozen=True)
class Serving:
    """When an order was served: from ``first`` perhaps, from ``surely`` on surely; ``words`` has the date."""

    is_needed: bool
    first: datetime = LATEST
    surely: datetime = LATEST
    words: str = ""


def serving(order: StoredOrder) -> Serving:
    """Return when an order was served; without words where no service is recorded."""
    kind = order_type(order.type)
    served = order.first(OrderAct.SERVED)
    if kind is None or not kind.needs_service:
        return Serving(is_needed=False)
    if served is None:
        return Serving(is_needed=True)
    if served.given is not None and served.given.at_time is not None:
        local = datetime.combine(served.on, time.fromisoformat(served.given.at_time))
        first, surely = instants(local)
        return Serving(True, first, surely, f"{_day(served.on)}, {served.given.at_time}")
    words = f"{_day(served.on)}, time not recorded"
    return Serving(True, midnight(served.on), after(served.on), words)


def run_in_words(order: StoredOrder) -> str:
    """Return from when to when an order ran, by its dates."""
    start, last = order.in_effect, order.last_day(last_day_by_rule(order))
    begun = f"from {_day(start)}" if start is not None else "its start is not recorded"
    if last is not None:
        return f"{begun} to {_day(last)}"
    is_open = order.terms is not None and order.terms.until_further_order
    return f"{begun} until further order" if is_open else f"{begun}, its end not recorded"


def _running_from(order: StoredOrder) -> tuple[datetime, datetime, str]:
    """Return from when it perhaps ran, from when surely, and what is not known."""
    terms, start = order.terms, order.in_effect
    if terms is None or start is None:
        return LATEST, LATEST, ""
    why = ""
    if terms.given_at is not None and terms.in_effect is None:
        begins, sure = instants(terms.given_at)
    elif terms.in_effect is not None and terms.in_effect != order.made:
        begins = sure = midnight(start)
    else:
        begins, sure = midnight(start), after(start)
        why = f"The time when the order was made on {_day(start)} is not recorded."
    return begins, sure, why


def _beginning(order: StoredOrder) -> tuple[datetime, datetime, str]:
    """Return from when it perhaps applied, from when surely, and what is not known."""
    begins, sure, why = _running_from(order)
    service = serving(order)
    if not service.is_needed or begins == LATEST:
        return begins, sure, why
    if not service.words:
        return begins, LATEST, "Service of the order is not recorded."
    if why or service.surely >= sure:  # it was made before it was served, whenever on its date that was
        return begins, service.surely, f"The order was served on {service.words}."
    return begins, sure, why


def _end(order: StoredOrder, others: Mapping[str, StoredOrder]) -> tuple[datetime, datetime, str]:
    """Return until when it perhaps applied, until when surely, and what is not known."""
    last = last_day_by_rule(order)
    ends = sure = after(last) if last is not None else LATEST
    why = ""
    for step in order.all_of(OrderAct.DISCHARGED):
        if midnight(step.on) < sure:
            ends, sure = min(ends, after(step.on)), midnight(step.on)
            why = f"The time of discharge on {_day(step.on)} is not recorded."
    for relation, reference, start in order.successors:
        if start is None or midnight(start) >= sure:
            continue
        successor = others.get(reference)
        open_until = _beginning(successor)[1] if successor is not None else after(start)
        ends, sure = min(ends, open_until), midnight(start)
        verb = "replaced it" if relation is Relation.REPLACES_INTERIM else "follows it"
        why = f"{reference} {verb} from {_day(start)}; which of the two applied then is not recorded."
    return ends, sure, why


def times_of_condition(condition: StoredCondition) -> Applying:
    """Return when the own period of a condition applied: whole dates in London."""
    begins = midnight(condition.starts) if condition.starts else EARLIEST
    ends = after(condition.until) if condition.until else LATEST
    spans = TimeSpans.of([(begins, ends)])
    return Applying(spans, spans)


def times_of_hours(hours: Sequence[Hours], when: Occurrence) -> Applying:
    """Return the hours of a timetable about when something happened, by the clock in London.

    Hours that end at midnight and begin again at it are one span. In a night when the clocks change, an hour
    that comes twice, or is left out, is not sure.
    """
    if not hours:
        return Applying(ALWAYS, ALWAYS)
    if when.is_long:
        return Applying(
            NEVER, ALWAYS, "The condition has hours, and the date of the incident is not recorded."
        )
    surely, perhaps = [], []
    for begins, ends in _local_hours(hours, when):
        first, sure_first = bounds(begins)
        sure_last, last = bounds(ends)
        perhaps.append((first, last))
        surely.append((sure_first, sure_last))
    return Applying(
        TimeSpans.of(surely),
        TimeSpans.of(perhaps),
        "The condition applies at some hours, and the time of the incident may be outside them.",
    )


def _local_hours(hours: Sequence[Hours], when: Occurrence) -> Iterator[tuple[datetime, datetime]]:
    day = when.first.astimezone(LONDON).date() - timedelta(days=1)
    end = (when.until or when.last).astimezone(LONDON).date() + timedelta(days=1)
    while day <= end:
        for each in hours:
            if _WEEKDAYS[day.weekday()] in each.days:
                begins = datetime.combine(day, time.fromisoformat(each.begins))
                yield begins, _closing(day, each.ends)
        day += timedelta(days=1)


def _closing(day: date, ends: str) -> datetime:
    if ends == "24:00":
        return datetime.combine(day + timedelta(days=1), time.min)
    return datetime.combine(day, time.fromisoformat(ends))


def in_words(incident: HeldIncident) -> str:
    """Return when an incident happened, with the precision that is recorded."""
    happened, details = incident.happened, incident.details
    if happened is None:
        return "Date: not recorded."
    if not happened.is_whole_day:
        return f"Date: {happened.in_words()}, day not recorded."
    if details.time is None:
        said = f"Date: {happened.in_words()}, time not recorded"
    elif details.minutes_off:
        said = f"Time: {happened.in_words()}, {details.time}, give or take {details.minutes_off} minutes"
    else:
        said = f"Time: {happened.in_words()}, {details.time}, to the minute"
    if details.until is not None:
        said += f". It went on until {details.until:%H:%M} on {_day(details.until.date())}"
    return f"{said}."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
