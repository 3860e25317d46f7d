"""Clocks of an order as it is recorded: its facts for each rule, and the dates that come of them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from engine.domain.orders.clocks import ClockAnswer, ClockState
from engine.domain.orders.dates import NOT_CHECKED_DATES, DateKind, OrderDate, Span
from engine.domain.orders.order_types import Duty, OrderType
from engine.domain.orders.orders import OrderAct, OrderState, Relation, StoredOrder, StoredStep
from engine.orders.interims import facts_of_interim
from engine.orders.rules import clock_rules, courts, in_full, interim_types, order_type, renewal_warnings
from engine.orders.terms import TermCounted, answered, count_term, typed_end

_CHANGES: tuple[tuple[OrderAct, Duty, str, str], ...] = (
    (OrderAct.NAME_USED, Duty.NEW_NAME, "first_used", "Respondent must notify police of a new name"),
    (OrderAct.MOVED, Duty.NEW_HOME, "moved", "Respondent must notify police of a new home address"),
    (OrderAct.NO_HOME, Duty.NO_HOME, "lost_home", "Respondent must notify police of having no home"),
)
_FIRST_OF_2019_ACT = "spa-9-1"
_ENDED = {OrderState.DISCHARGED, OrderState.REFUSED, OrderState.WITHDRAWN, OrderState.NOT_SOUGHT}


def last_day_by_rule(order: StoredOrder) -> date | None:
    """Return the last date by its own term: counted by its rule, or as typed where the type has none."""
    return end_by_rule(order)[0]


def end_by_rule(order: StoredOrder) -> tuple[date | None, bool]:
    """Return the last date by its own term, and whether software counts it on these facts."""
    period = period_of(order)
    if period is None:
        return None, _kind(order).lasts_until_determined and order.was_made
    return period.answer.last_day, period.is_checked


def period_of(order: StoredOrder) -> TermCounted | None:
    """Return the answer of a rule on how long it lasts; None where no term is recorded."""
    if order.terms is None or not order.was_made:
        return None
    found = count_term(_kind(order), order.terms, made=order.made, determined=_determined(order))
    if found is not None and found.answer.last_day is None and order.terms.ends is not None:
        return typed_end(order.made, order.terms.ends)  # recorded before its type refused such a term
    return found


def open_end_in_words(order: StoredOrder) -> str:
    """Return what is known of the end of an order that has no date of one."""
    if _kind(order).lasts_until_determined:
        return "until the application is determined or withdrawn"
    terms = order.terms
    return "until further order" if terms is not None and terms.until_further_order else "end not recorded"


def _kind(order: StoredOrder) -> OrderType:
    kind = order_type(order.type)
    assert kind is not None  # the record takes no other type
    return kind


def dates_of(
    order: StoredOrder,
    *,
    on: date,
    others: Sequence[StoredOrder] = (),
    hearing: date | None = None,
    open_until: date | None = None,
) -> tuple[OrderDate, ...]:
    """Return every date of an order, those that are done too, by date.

    With ``open_until``, only what is not done, and no end or renewal after it unless a hearing is listed: for
    lists of many orders.

    ``others`` are the orders of the same person, for the exemption of domestic abuse orders while another
    duty to notify runs; ``hearing`` is the next hearing of the application that an interim order waits for.
    """
    found = (
        *_before_making(order, on),
        *_start(order, on),
        *_service(order, on),
        *_notifications(order, others, is_open=open_until is not None),
        *_notice_hearing(order, on),
        *_end(order, on, hearing, open_until),
    )
    return tuple(sorted(found, key=lambda each: (each.day or date.min, each.kind.value, each.what)))


def span_of(order: StoredOrder) -> Span | None:
    """Return when it applies, as it is drawn; None for one that was not made."""
    start = order.in_effect
    if start is None:
        return None
    kind, terms = order_type(order.type), order.terms
    last = order.last_day(last_day_by_rule(order))
    court = courts().get(terms.court) if terms and terms.court else None
    checked = is_checked(order)
    end = f"to {_short(last)}" if last else open_end_in_words(order)
    said = f"from {_short(start)} {end}"
    if order.served:
        said += f", served {_short(order.served)}"
    if not checked:
        said += f". {NOT_CHECKED_DATES}"
    return Span(
        order=order.reference,
        name=kind.name if kind else order.type,
        maker=court.name if court else "court not recorded",
        starts=start,
        served=order.served,
        ends=last,
        is_checked=checked,
        needs_service=bool(kind and kind.needs_service),
        said=said,
    )


def is_checked(order: StoredOrder) -> bool:
    """Return whether software counts the end of this type on these facts."""
    return end_by_rule(order)[1]


def uncovered_days(spans: tuple[Span, ...], *, until: date) -> tuple[tuple[date, date], ...]:
    """Return each run of days between recorded orders without one, up to a date, oldest first."""
    runs: list[tuple[date, date]] = []
    covered: date | None = None
    for span in sorted(spans, key=lambda each: each.starts):
        if covered is not None and span.starts > covered + timedelta(days=1):
            runs.append((covered + timedelta(days=1), span.starts - timedelta(days=1)))
        end = span.ends or date.max - timedelta(days=1)
        covered = end if covered is None else max(covered, end)
    return tuple((first, min(last, until)) for first, last in runs if first <= until)


def _before_making(order: StoredOrder, on: date) -> Iterator[OrderDate]:
    listed = {step.on for step in order.all_of(OrderAct.HEARING)}  # one that two people recorded is one
    for day in sorted(listed):
        if day >= on:
            yield OrderDate(
                order=order.reference,
                kind=DateKind.HEARING,
                what="Hearing",
                day=day,
                counts="As the court listed it",
                changed_by="The court lists another date.",
                next="Attend, and record the outcome",
            )


def _start(order: StoredOrder, on: date) -> Iterator[OrderDate]:
    start = order.in_effect
    if start is not None and start >= on and order.stored_state not in _ENDED:
        yield OrderDate(
            order=order.reference,
            kind=DateKind.STARTS,
            what="In effect",
            day=start,
            counts="As the court ordered",
            changed_by="A variation.",
            next="Inform the victim before it starts",
            is_checked=is_checked(order),
        )
    for number, condition in enumerate(order.terms.conditions if order.terms else (), start=1):
        if condition.starts is not None and condition.starts >= on and order.was_made:
            yield OrderDate(
                order=order.reference,
                kind=DateKind.STARTS,
                what=f"Condition {number} starts",
                day=condition.starts,
                counts=f"Condition {number}, from its own period",
                changed_by="A variation.",
                next="Check that the respondent knows",
            )


def _service(order: StoredOrder, on: date) -> Iterator[OrderDate]:
    kind = order_type(order.type)
    if kind is None or not kind.needs_service or not order.was_made or order.served is not None:
        return
    if order.stored_state in _ENDED or not _may_apply(order, on):
        return
    tried = order.all_of(OrderAct.SERVICE_TRIED)
    made = order.made
    waited = f", {(on - made).days} days" if made is not None and made <= on else ""
    yield OrderDate(
        order=order.reference,
        kind=DateKind.AWAITING,
        what=f"Awaiting service{waited}",
        day=None,
        answer=_first_notification(order, ()),
        counts="No clock yet: it starts with service, and no service is recorded",
        rests_on=_rests_on(kind.duties.get(Duty.FIRST)),
        changed_by=f"Service. Attempts recorded: {len(tried)}.",
        next="Record service",
    )


def _notifications(
    order: StoredOrder, others: Sequence[StoredOrder], *, is_open: bool
) -> Iterator[OrderDate]:
    if not order.was_made or order.stored_state in {OrderState.REFUSED, OrderState.WITHDRAWN}:
        return
    duties = _kind(order).duties
    rule = duties.get(Duty.FIRST)
    notified = order.all_of(OrderAct.NOTIFIED)
    answer = None if notified and is_open else _first_notification(order, others)
    if rule is not None and answer is not None and answer.state is not ClockState.AWAITING:
        yield _counted(
            order, rule, "Respondent must notify police", answer, done=notified[0] if notified else None
        )
    for act, duty, fact, what in _CHANGES:
        code = duties.get(duty)
        for step in order.all_of(act) if code else ():
            assert code is not None
            facts = {fact: step.on, **_exemption(order, others, on=step.on)}
            later = next((each for each in notified if each.number > step.number), None)
            if later is not None and is_open:
                continue
            yield _counted(order, code, what, answered(code, facts), done=later)


def _first_notification(order: StoredOrder, others: Sequence[StoredOrder]) -> ClockAnswer | None:
    terms, rule = order.terms, _kind(order).duties.get(Duty.FIRST)
    if terms is None or rule is None:
        return None
    facts: dict[str, object] = {"made": order.made, "served": order.served}
    facts |= _exemption(order, others, on=order.made)
    if rule == _FIRST_OF_2019_ACT:
        is_interim = order.type in interim_types()
        facts |= {
            "kind": "interim" if is_interim else "full",
            "soa_part_2_at_making": terms.soa_part_2_at_making,
            "soa_part_2_ends": terms.soa_part_2_ends,
        }
        if not is_interim:
            facts |= facts_of_interim(order, others, last_day_by_rule)
    return answered(rule, facts)


def _exemption(order: StoredOrder, others: Sequence[StoredOrder], *, on: date | None) -> dict[str, object]:
    """Return the other duties to notify that ran on the date of what happened.

    A duty that began later exempts from nothing before it. One that has ended since did exempt. Each rule
    reads those that exempt from it.
    """
    terms = order.terms
    facts: dict[str, object] = {
        "soa_part_2": terms.soa_part_2 if terms else None,
        "soa_part_2_ends": terms.soa_part_2_ends if terms else None,
    }
    exempt = _duty_of_2019_act(others, on)
    if exempt is not None:
        facts |= {"spa_9": True, "spa_9_ends": exempt.last_day(last_day_by_rule(exempt))}
    return facts


def _duty_of_2019_act(others: Sequence[StoredOrder], on: date | None) -> StoredOrder | None:
    """Return the served stalking order, full or interim, that applied on that date."""
    return next(
        (
            each
            for each in others
            if on is not None
            and _kind(each).duties.get(Duty.FIRST) == _FIRST_OF_2019_ACT
            and each.served is not None
            and each.served <= on
            and each.applies_on(on, by_rule=last_day_by_rule(each))
        ),
        None,
    )


def _notice_hearing(order: StoredOrder, on: date) -> Iterator[OrderDate]:
    terms, rule = order.terms, _kind(order).hearing
    if rule is None or terms is None or terms.given_at is None or order.stored_state in _ENDED:
        return
    answer = answered(rule, {"given": terms.given_at})
    heard = next((step for step in order.all_of(OrderAct.HEARING) if step.on <= on), None)
    yield _counted(order, rule, "Court hears the application", answer, done=heard)


def _end(order: StoredOrder, on: date, hearing: date | None, open_until: date | None) -> Iterator[OrderDate]:
    if not order.was_made or order.stored_state in _ENDED or not _may_apply(order, on):
        return
    last, terms = order.last_day(last_day_by_rule(order)), order.terms
    if last is None or terms is None:
        return
    warned = max(renewal_warnings())
    if open_until is not None and hearing is None and last - timedelta(warned) > open_until:
        return
    period, kind = period_of(order), _kind(order)
    gap = (hearing - last).days - 1 if hearing is not None and hearing > last else None
    if period is None or period.answer.last_day is None:
        yield OrderDate(
            order=order.reference,
            kind=DateKind.EXPIRES,
            what="Ends",
            day=last,
            answer=period.answer if period else None,
            counts="Not counted: no term of its own is recorded, and a later step or order ends it",
            changed_by="Read the order itself.",
            next="Check against the sealed order",
            is_checked=False,
            gap_days=gap or None,
        )
    else:
        dated = _counted(order, period.rule, "Ends", period.answer, done=None, kind=DateKind.EXPIRES)
        said = "Ask the court: it ends before the hearing" if gap else "Inform the victim before it ends"
        update: dict[str, object] = {"day": last, "gap_days": gap or None, "next": said}
        if not period.is_checked:
            update |= {"is_checked": False, "counts": period.answer.says.removesuffix(".")}
            update |= {} if gap else {"next": "Check against the sealed order"}
        yield dated.model_copy(update=update)
    if kind.renewal_warning_days is not None and not order.successors:
        warn = last - timedelta(days=kind.renewal_warning_days)
        yield OrderDate(
            order=order.reference,
            kind=DateKind.DUE,
            what="Ask whether to seek a renewal",
            day=warn,
            counts=f"{kind.renewal_warning_days} days before the end, {in_full(last)}",
            rests_on="local rule",
            changed_by="Another end date.",
            next="Ask the victim's view, and the police lead",
        )


def _counted(
    order: StoredOrder,
    rule: str,
    what: str,
    answer: ClockAnswer,
    *,
    done: StoredStep | None,
    kind: DateKind = DateKind.DUE,
) -> OrderDate:
    law = clock_rules()[rule]
    readings = tuple(_reading(each) for each in answer.alternatives or ())
    return OrderDate(
        order=order.reference,
        kind=kind,
        what=what,
        day=answer.last_day or (answer.ends_at.date() if answer.ends_at else None),
        at=answer.ends_at,
        answer=answer,
        counts=answer.says if answer.state is not ClockState.DUE else law.counts,
        counted=answer.counted or (),
        rests_on=law.rests_on,
        changed_by=law.changed_by,
        missed=law.missed,
        next="Record the date when the respondent notified police"
        if "otify" in what
        else "Record the hearing",
        is_checked=answer.state is not ClockState.OFF,
        done_on=done.on if done else None,
        alternatives=readings,
    )


def _reading(each: date | datetime | str) -> str:
    if isinstance(each, datetime):
        return f"{each:%H:%M} on {in_full(each.date())}"
    return in_full(each) if isinstance(each, date) else each


def _determined(order: StoredOrder) -> date | None:
    """Return when the main application was determined: by the full order that replaced this interim one."""
    starts = [start for relation, _, start in order.successors if relation is Relation.REPLACES_INTERIM]
    return min((start for start in starts if start is not None), default=None)


def _may_apply(order: StoredOrder, on: date) -> bool:
    last = order.last_day(last_day_by_rule(order))
    return last is None or last >= on


def _rests_on(rule: str | None) -> str | None:
    return clock_rules()[rule].rests_on if rule else None


def _short(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
