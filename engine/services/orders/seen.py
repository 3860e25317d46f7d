"""One order as one person sees it. Parts of use cases; opens no sealed value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from engine.access.redaction import Masker
from engine.domain.orders.conditions import Must, StoredCondition, What
from engine.domain.orders.dates import NOT_CHECKED_DATES
from engine.domain.orders.next_steps import next_acts
from engine.domain.orders.orders import (
    OrderAct,
    OrderTerms,
    Relation,
    StoredOrder,
    StoredProtectedPerson,
    StoredStep,
)
from engine.domain.orders.protection import Protection
from engine.domain.orders.views import (
    TEXT_WITHHELD,
    ConditionView,
    OrderView,
    ProtectedPersonView,
    StepView,
)
from engine.orders.conditions import hours_in_words, listed, persons_in_words, public_condition
from engine.orders.law import law_of
from engine.orders.on_record import dates_of, is_checked, last_day_by_rule, open_end_in_words, span_of
from engine.orders.protection import covers
from engine.orders.rules import courts, interim_types, order_type

NOT_RECORDED = "not recorded"
SEALED = "Sealed. Held by the safe-contact officer and the police lead"
NOT_CODED = "Not coded"
_ALWAYS = "Always"
_ANYWHERE = "Anywhere"


def order_view(
    order: StoredOrder,
    open_to: frozenset[str],
    maskers: Mapping[str, Masker],
    *,
    on: date,
    applies_today: Protection,
    others: Sequence[StoredOrder] = (),
    hearing: date | None = None,
) -> OrderView:
    """Return an order without what belongs to cases that are closed to this person.

    ``maskers`` are by case, for the open ones.
    """
    kind, terms = order_type(order.type), _masked_names(order, open_to, maskers)
    by_rule = last_day_by_rule(order)
    last = order.last_day(by_rule)
    served = order.first(OrderAct.SERVED)
    how = served.given.how if served and served.given and served.given.how else None
    return OrderView(
        reference=order.reference,
        type=order.type,
        name=kind.name if kind else order.type,
        cases=tuple(case for case in order.cases if case in open_to),
        state=order.state_on(on, by_rule=by_rule),
        applies=order.applies_on(on, by_rule=by_rule),
        applies_today=applies_today,
        court=_court(terms),
        force=(terms.force if terms else None) or NOT_RECORDED,
        case_number=(terms.case_number if terms else None) or NOT_RECORDED,
        made=order.made,
        in_effect=order.in_effect,
        served=order.served,
        served_how=how.value if how else None,
        last_day=last,
        end_in_words=_end(order, last),
        needs_service=bool(kind and kind.needs_service),
        standard_of_proof=_standard(terms),
        respondent=_respondent(terms),
        is_of_child=bool(terms and terms.is_of_child),
        protected=tuple(_protected(terms, open_to)),
        conditions=tuple(_conditions(order, open_to, maskers, on=on)),
        library=next((c.library for c in terms.conditions if c.library), None) if terms else None,
        dates=dates_of(order, on=on, others=others, hearing=hearing),
        steps=tuple(_step(step, open_to, maskers) for step in order.steps),
        service_attempts=len(order.all_of(OrderAct.SERVICE_TRIED)),
        breach=kind.breach_in_words if kind else "not verified",
        breach_rests_on=kind.breach_rests_on if kind else None,
        law=law_of(kind) if kind else (),
        earlier=order.earlier,
        successors=order.successors,
        span=span_of(order),
        public_text=public_text(order),
        next_acts=next_acts(order),
        is_checked=is_checked(order),
        is_erased=terms is None,
    )


def public_text(order: StoredOrder) -> str:
    """Return an order for the public: its type, its dates and titles of conditions; no slot."""
    kind, terms = order_type(order.type), order.terms
    name = kind.name if kind else order.type
    last = order.last_day(last_day_by_rule(order))
    made = f"made on {_day(order.made)}" if order.made else "not made"
    ends = f", to {_day(last)}" if last else ""
    titles = [public_condition(each) for each in (terms.conditions if terms else ())]
    unique = list(dict.fromkeys(titles))
    said = f"{name}, {made}{ends}."
    return f"{said} Conditions: {' '.join(unique)}" if unique else said


def _conditions(
    order: StoredOrder, open_to: frozenset[str], maskers: Mapping[str, Masker], *, on: date
) -> Iterator[ConditionView]:
    terms, step = order.terms, order.terms_step
    if terms is None or step is None:
        return
    results = Counter((s.given.condition, s.act) for s in order.steps if s.given and s.given.condition)
    for number, each in enumerate(terms.conditions, start=1):
        yield _condition(number, each, order, step, results, open_to, maskers).model_copy(
            update={"is_current": each.includes(on)}
        )


def _condition(
    number: int,
    condition: StoredCondition,
    order: StoredOrder,
    step: StoredStep,
    results: Counter[tuple[int, OrderAct]],
    open_to: frozenset[str],
    maskers: Mapping[str, Masker],
) -> ConditionView:
    order_ends = order.last_day(last_day_by_rule(order))
    last = min((day for day in (condition.until, order_ends) if day is not None), default=None)
    is_open = step.case in open_to
    coded = condition.is_checked
    return ConditionView(
        number=number,
        title=condition.title,
        must=condition.must.value if condition.must else "not coded",
        who=_who(condition, is_open=is_open) if coded else NOT_CODED,
        what=_what(condition) if coded else "Free text, as the court wrote it",
        where=_where(condition) if coded else NOT_CODED,
        when=(_sentence(hours_in_words(condition)) or _ALWAYS) if coded else NOT_CODED,
        until=_day(last) if last else _sentence(_end(order, None)),
        wording=_wording(condition, step, maskers, is_open=is_open),
        is_sealed=condition.zone is not None,
        is_checked=coded,
        attended=results[number, OrderAct.ATTENDED],
        missed=results[number, OrderAct.MISSED],
        not_reported=results[number, OrderAct.NOT_REPORTED],
        is_requirement=condition.must is Must.DO,
    )


def _wording(
    condition: StoredCondition, step: StoredStep, maskers: Mapping[str, Masker], *, is_open: bool
) -> str:
    """Return the wording; free text and numbers of persons only where its case is open to this person."""
    if not is_open and (not condition.is_checked or condition.persons):
        return TEXT_WITHHELD
    masker = maskers.get(step.case)
    return masker.masked(condition.rendered, by=step.by) if masker else condition.rendered


def _who(condition: StoredCondition, *, is_open: bool) -> str:
    if condition.must is Must.DO or condition.what is What.POSSESSION:
        return "The respondent"
    if not is_open or not condition.persons:
        return "The protected persons"
    return _sentence(persons_in_words(condition.persons))


def _what(condition: StoredCondition) -> str:
    match condition.what:
        case What.CONTACT | What.DISCLOSURE | What.CONDUCT:
            allowed = listed([each.value for each in condition.exceptions])
            return _sentence(listed([each.value for each in condition.means])) + (
                f". Allowed: {allowed}" if allowed else ""
            )
        case What.APPROACH:
            return f"Come within {condition.metres} metres"
        case What.PRESENCE:
            return "Enter or wait in the area"
        case What.ATTENDANCE:
            times = f", {condition.times} times" if condition.times else ""
            return f"{_sentence(condition.attends.value) if condition.attends else 'Report'}{times}"
        case What.POSSESSION if condition.things:
            return _sentence(listed([each.value for each in condition.things], last="or"))
        case _:
            return condition.title


def _where(condition: StoredCondition) -> str:
    if condition.zone is not None:
        return SEALED
    if condition.what is What.RESIDENCE:
        return "At home"
    return "As the provider directs" if condition.what is What.ATTENDANCE else _ANYWHERE


def _protected(terms: OrderTerms | None, open_to: frozenset[str]) -> Iterator[ProtectedPersonView]:
    for number, person in enumerate(terms.protected if terms else (), start=1):
        if person.case in open_to:
            yield ProtectedPersonView(
                number=number,
                says=_person(person),
                is_victim=person.is_victim,
                is_child=person.is_child,
            )


def _person(person: StoredProtectedPerson) -> str:
    age = {True: ", a child", False: ", an adult", None: ""}[person.is_child]
    if person.is_victim:
        return f"The victim of {person.case}{age}"
    return f"Another person who is not the victim{age}. The name is sealed"


def _step(step: StoredStep, open_to: frozenset[str], maskers: Mapping[str, Masker]) -> StepView:
    given, why = step.given, None
    if given is not None and given.why is not None:
        masker = maskers.get(step.case)
        may_read = step.case in open_to and masker is not None
        why = masker.masked(given.why, by=step.by) if may_read and masker else TEXT_WITHHELD
    parts = [step.act.value]
    if given is not None and given.how is not None:
        parts.append(given.how.value)
    if given is not None and given.at_time is not None:
        parts.append(given.at_time)
    if given is not None and given.condition is not None:
        parts.append(f"condition {given.condition}")
    return StepView(
        number=step.number,
        act=step.act,
        on=step.on,
        said=", ".join(parts) if given is not None else f"{step.act.value}. Its content was erased",
        why=why,
        by=step.by,
        at=step.at,
    )


def _masked_names(
    order: StoredOrder, open_to: frozenset[str], maskers: Mapping[str, Masker]
) -> OrderTerms | None:
    """Return the terms with what a person typed of court, force and number masked.

    What was typed on a case that is closed to this person is withheld: only that case's mask would fit.
    """
    terms, step = order.terms, order.terms_step
    if terms is None or step is None:
        return None
    typed = {name: getattr(terms, name) for name in ("court_name", "force", "case_number")}
    if step.case not in open_to:
        withheld = {name: text and TEXT_WITHHELD for name, text in typed.items()}
        return terms.model_copy(update=withheld | ({"court_name": None} if terms.court else {}))
    for masker in (maskers[case] for case in order.cases if case in maskers):
        typed = {name: masker.masked_or_none(text, by=step.by) for name, text in typed.items()}
    return terms.model_copy(update=typed)


def _court(terms: OrderTerms | None) -> str:
    if terms is None or (terms.court is None and terms.court_name is None):
        return NOT_RECORDED
    kind = courts().get(terms.court) if terms.court else None
    return terms.court_name or (kind.name if kind else NOT_RECORDED)


def _standard(terms: OrderTerms | None) -> str:
    return terms.standard_of_proof.value if terms and terms.standard_of_proof else NOT_RECORDED


def _respondent(terms: OrderTerms | None) -> str:
    if terms is None:
        return NOT_RECORDED
    if terms.is_of_child:
        return "a child"
    known = terms.respondent_is_child is not None or terms.respondent_age is not None
    return "an adult" if known else "age not recorded"


def _end(order: StoredOrder, last: date | None) -> str:
    if not order.was_made:
        return "not made"
    if last is None:
        return open_end_in_words(order)
    return _day(last) if is_checked(order) else f"{_day(last)}. {NOT_CHECKED_DATES}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def hearing_for(order: StoredOrder, others: Sequence[StoredOrder], *, on: date) -> date | None:
    """Return the hearing that an interim order waits for: its own, or that of its application.

    None where other orders of all its cases apply on each date between its end and the hearing.
    """
    if order.type not in interim_types():
        return None
    main = order.is_to(Relation.INTERIM_TO)
    days = [order.hearing_after(on)]
    days += [each.hearing_after(on) for each in others if each.reference == main]
    hearing = min((day for day in days if day is not None), default=None)
    last = order.last_day(last_day_by_rule(order))
    if hearing is None or last is None or hearing <= last:
        return hearing
    beside = [
        each for each in others if each.reference != order.reference and {*order.cases} <= {*each.cases}
    ]
    begins, ends = last + timedelta(days=1), hearing - timedelta(days=1)
    return None if begins <= ends and covers(beside, begins, ends) else hearing
