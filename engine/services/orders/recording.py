"""Recording of orders: a new one, its steps, variation and renewal as a copy, another case that it serves."""

from __future__ import annotations

from datetime import date

from engine.access.policy import May
from engine.domain.access.primary_roles import NO_RIGHT
from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.ids import read_reference
from engine.domain.orders.conditions import Must
from engine.domain.orders.next_steps import require_allowed
from engine.domain.orders.notices import NoticeEvent, NoticeGiven, is_history
from engine.domain.orders.orders import (
    REQUIREMENT_ACTS,
    OrderAct,
    OrderGiven,
    OrderState,
    OrderTerms,
    Relation,
    StepGiven,
    StoredOrder,
)
from engine.domain.typed_days import require_near, require_past
from engine.orders.bad_input import require_service_after_making, require_sound
from engine.orders.conditions import condition_library, recorded_condition
from engine.orders.on_record import last_day_by_rule
from engine.orders.rules import interim_types
from engine.services.access.checks import finding_part, open_case, open_cases
from engine.services.access.primary_roles import standing_of
from engine.services.context import Context, VaultContext
from engine.services.links.projection import relink_cases
from engine.services.orders.sealing import seal_persons, seal_zones
from engine.services.sharing.likely_breaches import compare_cases
from engine.store.unit_of_work import Work

_NOTICE_OF = {
    OrderAct.MADE: NoticeEvent.MADE,
    OrderAct.SERVED: NoticeEvent.SERVED,
    OrderAct.DISCHARGED: NoticeEvent.ENDED,
}
_ONLY_A_COPY = {
    OrderAct.VARIED: "vary it: a variation is a copy with its own terms",
    OrderAct.RENEWED: "renew it: a renewal is a copy with its own terms",
    OrderAct.INTERIM: "record the interim order, with 'interim_to'",
    OrderAct.MADE: "record the terms with it",
}


class OrderRecorded(Frozen):
    """A record of an order or of its step."""

    reference: str
    case: str
    act: OrderAct
    step: int


def create_order(context: VaultContext, *, reference: str, given: OrderGiven) -> OrderRecorded:
    """Record an order on a case, from its first known step: considered, sought or made.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or a fact of the order cannot be right; the sentence names the section.
    NotFoundError
        The case, or an order that it names, does not exist or is not open to the person who acts.
    """
    with context.writing("record order", once=(reference, given)) as work:
        case = open_case(work, context.acting, reference, May.RECORD_ORDER).reference
        if given.replaces_interim is not None and given.interim_to is not None:
            raise InvalidInputError(
                "interim_to",
                "an order that replaces an interim order is not one itself; leave one of both out",
            )
        recorded = _add(work, context, case, given, why=given.why)
        for earlier, relation in (
            (given.replaces_interim, Relation.REPLACES_INTERIM),
            (given.interim_to, Relation.INTERIM_TO),
        ):
            if earlier is not None:
                _relate(work, context, recorded, relation, _order(work, context, earlier)[0])
        _compare(work, context, recorded.reference)
        return recorded


def make_order(context: VaultContext, *, order: str, given: OrderGiven) -> OrderRecorded:
    """Record that the court made the order that was considered or sought, with its terms.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the order's state does not allow it, or a fact cannot be right.
    NotFoundError
        The order does not exist, or none of its cases is open to the person who acts.
    """
    with context.writing("record making of order") as work:
        stored, case = _order(work, context, order)
        require_allowed(stored, OrderAct.MADE)
        if given.type != stored.type or given.act is not OrderAct.MADE:
            raise InvalidInputError(
                "type", f"order {stored.reference} is of type '{stored.type}', and is 'made' by this step"
            )
        step = _first_step(work, context, case, given, why=given.why)
        recorded = _add_step(work, context, stored.reference, case, step, step.terms)
        _join_others(work, context, stored.reference, given)
        if given.replaces_interim is not None:
            interim, _ = _order(work, context, given.replaces_interim)
            if (Relation.REPLACES_INTERIM, interim.reference) not in stored.earlier:
                _relate(work, context, recorded, Relation.REPLACES_INTERIM, interim)
        _compare(work, context, recorded.reference)
        return recorded


def record_step(context: VaultContext, *, order: str, step: StepGiven) -> OrderRecorded:
    """Record a later step of an order: a hearing, service or an attempt at it, discharge, a requirement.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the order's state does not allow the step, or a date cannot be right.
    NotFoundError
        The order does not exist, or none of its cases is open to the person who acts.
    """
    with context.writing("record step of order", once=(order, step)) as work:
        stored, case = _order(work, context, order)
        if step.act in _ONLY_A_COPY or step.terms is not None:
            raise InvalidInputError(
                "act",
                f"'{step.act.value}' is not recorded as a step; {_ONLY_A_COPY[step.act]}"
                if step.act in _ONLY_A_COPY
                else "a step has no terms of its own",
            )
        require_allowed(stored, step.act)
        _require_day(context.clock.today(), stored, step)
        _require_requirement(stored, step)
        recorded = _add_step(work, context, stored.reference, case, step, stored.terms)
        _compare(work, context, stored.reference)
        return recorded


def vary_order(
    context: VaultContext, *, order: str, given: OrderGiven, why: str, is_renewal: bool = False
) -> OrderRecorded:
    """Record a variation or renewal: a copy with its own terms that points at its predecessor.

    The predecessor applies until the copy is in effect.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the order's state does not allow it, it was varied or renewed already, or
        a fact cannot be right.
    NotFoundError
        The order does not exist, or none of its cases is open to the person who acts.
    """
    with context.writing("renew order" if is_renewal else "vary order") as work:
        stored, case = _order(work, context, order)
        require_allowed(stored, OrderAct.RENEWED if is_renewal else OrderAct.VARIED)
        if stored.successors:
            raise InvalidInputError(
                f"order {stored.reference}",
                f"{stored.successors[-1][1]} follows it already; vary or renew that one",
            )
        if given.type != stored.type:
            raise InvalidInputError("type", f"a copy has the type of its predecessor, '{stored.type}'")
        if given.act is not OrderAct.MADE:
            raise InvalidInputError(
                "act", f"a copy is recorded when the court made it, not when it is '{given.act.value}'"
            )
        event = NoticeEvent.MADE if is_renewal else NoticeEvent.VARIED
        recorded = _add(work, context, case, given, why=why, event=event)
        relation = Relation.RENEWS if is_renewal else Relation.VARIES
        _relate(work, context, recorded, relation, stored)
        for other in stored.cases[1:] if stored.cases[0] == case else stored.cases:
            work.orders.join(recorded.reference, other, by=context.acting.user, at=context.clock.now())
        _compare(work, context, recorded.reference)
        return recorded


def join_case(context: VaultContext, *, order: str, reference: str) -> OrderRecorded:
    """Record that an order serves another case too. Both must be open to the person who acts.

    Raises
    ------
    InvalidInputError
        A reference is malformed.
    """
    with context.writing("record case of order") as work:
        stored, _ = _order(work, context, order)
        case = open_case(work, context.acting, reference, May.RECORD_ORDER).reference
        work.orders.join(stored.reference, case, by=context.acting.user, at=context.clock.now())
        work.notes(order=stored.reference)
        _compare(work, context, stored.reference)
        newest = stored.steps[-1]
        return OrderRecorded(reference=stored.reference, case=case, act=newest.act, step=newest.number)


def open_order(work: Work, context: Context, order: str, act: May) -> tuple[StoredOrder, list[str]]:
    """Return an order and those of its cases that are open to this person; part of a larger use case.

    One of closed cases only is reported as if it did not exist, after the same queries.
    """
    reference = read_reference("order", order)
    with finding_part(work, context.acting):
        stored = work.orders.find(reference)
        cases = open_cases(work, context.acting, work.cases.all(stored.cases)) if stored else ()
        if stored is None or not cases:
            raise NotFoundError("order", reference)
    there = [each.reference for each in cases]
    first = open_case(work, context.acting, there[0], act).reference
    work.touches(*there)
    work.notes(order=reference)
    return stored, [first, *(each for each in there if each != first)]


def _order(work: Work, context: VaultContext, order: str) -> tuple[StoredOrder, str]:
    stored, cases = open_order(work, context, order, May.RECORD_ORDER)
    return stored, cases[0]


def _add(
    work: Work,
    context: VaultContext,
    case: str,
    given: OrderGiven,
    *,
    why: str | None,
    event: NoticeEvent | None = None,
) -> OrderRecorded:
    step = _first_step(work, context, case, given, why=why)
    now, by = context.clock.now(), context.acting.user
    reference = work.orders.add(given.type, case, step, by=by, at=now)
    _join_others(work, context, reference, given)
    work.notes(order=reference, type=given.type, act=given.act.value)
    _notify(work, context, case, reference, step, step.terms, event or _NOTICE_OF.get(step.act))
    return OrderRecorded(reference=reference, case=case, act=step.act, step=1)


def _compare(work: Work, context: VaultContext, order: str) -> None:
    """Hold the incidents of every case that an order serves against it, those before it was recorded too.

    Write the links of the same cases: an order that was made is a node there.
    """
    stored = work.orders.find(order)
    cases = stored.cases if stored is not None else ()
    compare_cases(work, cases, at=context.clock.now())
    relink_cases(work, cases, at=context.clock.now())


def _join_others(work: Work, context: VaultContext, order: str, given: OrderGiven) -> None:
    """Let an order serve the other cases whose victims it protects.

    Each must be open to the person who acts.
    """
    for named in [each.victim_of for each in given.protected if each.victim_of is not None]:
        case = open_case(work, context.acting, named, May.RECORD_ORDER).reference
        work.orders.join(order, case, by=context.acting.user, at=context.clock.now())


def _add_step(
    work: Work, context: VaultContext, order: str, case: str, step: StepGiven, terms: OrderTerms | None
) -> OrderRecorded:
    number = work.orders.add_step(order, case, step, by=context.acting.user, at=context.clock.now())
    work.notes(act=step.act.value, step=number)
    _notify(work, context, case, order, step, terms, _NOTICE_OF.get(step.act))
    return OrderRecorded(reference=order, case=case, act=step.act, step=number)


def _first_step(
    work: Work, context: VaultContext, case: str, given: OrderGiven, *, why: str | None
) -> StepGiven:
    require_sound(given)
    today = context.clock.today()
    made = given.made or (given.given_at.date() if given.given_at else None)
    of_making = "given_at" if given.made is None else "made"
    for name, day in ((of_making, made), ("arrested", given.arrested), ("on", given.on)):
        require_past(name, day, on=today)
    for name, day in (("ends", given.ends), ("in_effect", given.in_effect)):
        require_near(name, day, on=today)
    return StepGiven(
        act=given.act, on=given.on or made or today, why=why, terms=_terms(work, context, case, given)
    )


def _terms(work: Work, context: VaultContext, case: str, given: OrderGiven) -> OrderTerms:
    library = condition_library()
    persons = seal_persons(work, context, case, given.protected)
    zones = seal_zones(work, context, case, given.conditions)
    conditions = tuple(
        recorded_condition(condition, number, library, persons=len(persons), zone=zone)
        for number, (condition, zone) in enumerate(zip(given.conditions, zones, strict=True), start=1)
    )
    left_out = {"act", "on", "why", "protected", "conditions", "replaces_interim", "interim_to"}
    terms = given.model_dump(exclude=left_out)
    return OrderTerms.model_validate({**terms, "protected": persons, "conditions": conditions})


def _relate(
    work: Work, context: VaultContext, recorded: OrderRecorded, relation: Relation, earlier: StoredOrder
) -> None:
    now, by = context.clock.now(), context.acting.user
    if recorded.reference == earlier.reference:
        raise InvalidInputError("order", "an order is not related to itself; choose another")
    if relation is Relation.REPLACES_INTERIM and earlier.type not in interim_types():
        raise InvalidInputError("replaces_interim", f"{earlier.reference} is not an interim order")
    work.orders.relate(recorded.reference, relation, earlier.reference, by=by, at=now)
    if relation is Relation.INTERIM_TO:
        require_allowed(earlier, OrderAct.INTERIM)
        step = StepGiven(act=OrderAct.INTERIM, on=context.clock.today())
        work.orders.add_step(earlier.reference, recorded.case, step, by=by, at=now)


def _require_day(today: date, order: StoredOrder, step: StepGiven) -> None:
    if step.act is OrderAct.HEARING:
        require_near("on", step.on, on=today)
        return
    require_past("on", step.on, on=today)
    if step.act is OrderAct.SERVED:
        require_service_after_making(order.type, order.made, step.on)
    elif order.made is not None and step.on < order.made and order.stored_state is not OrderState.SOUGHT:
        raise InvalidInputError(
            "on", f"this is before the order was made; check the date of '{step.act.value}' (local rule)"
        )


def _require_requirement(order: StoredOrder, step: StepGiven) -> None:
    if step.act not in REQUIREMENT_ACTS:
        return
    conditions = order.terms.conditions if order.terms else ()
    number = step.condition or 0
    if number > len(conditions):
        raise InvalidInputError("condition", f"the order has {len(conditions)} conditions; choose one")
    if conditions[number - 1].must is not Must.DO:
        raise InvalidInputError("condition", f"condition {number} is not a requirement; choose one that is")


def _protects_until(order: StoredOrder, event: NoticeEvent) -> date | None:
    """Return the last date of an order, without its discharge where the notice is about that."""
    by_rule = last_day_by_rule(order)
    return by_rule if event is NoticeEvent.ENDED else order.last_day(by_rule)


def _notify(
    work: Work,
    context: VaultContext,
    case: str,
    order: str,
    step: StepGiven,
    terms: OrderTerms | None,
    event: NoticeEvent | None,
) -> None:
    """Record what each victim whom the order protects is to be informed of.

    However late it is recorded: only where the order is over, and the event long past, it is history.
    """
    if event is None:
        return
    there = work.orders.find(order)
    if there is None or is_history(step.on, _protects_until(there, event), on=context.clock.today()):
        return
    notice = NoticeGiven(event=event, on=step.on, order=order)
    protected = [each.case for each in terms.protected if each.is_victim] if terms else []
    for each in dict.fromkeys([case, *protected]):
        if standing_of(work, each) not in NO_RIGHT:
            work.victim_notices.add(each, notice, by=context.acting.user, at=context.clock.now())
