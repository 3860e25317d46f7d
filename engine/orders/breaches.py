"""Likely breaches: an incident held against every condition of orders. Pure: the same facts, the same result.

A likely breach is a proposal: a person confirms or rejects it. What cannot be said is named with the fact
that is missing, so that silence is not read as "no breach".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from engine.domain.orders.breaches import BreachResult, Comparison, HeldIncident
from engine.domain.orders.conditions import NOT_CHECKED, Must, StoredCondition, What
from engine.domain.orders.orders import Relation, StoredOrder
from engine.orders import breach_times
from engine.orders.at_the_time import order_at_the_time
from engine.orders.breach_checks import Check, Match, checks_of
from engine.orders.time_spans import Applying, Occurrence

VERSION = 2
"""The version of the rules below; a change of any of them is a new one."""
FREE_TEXT = "free-text"
SEALED_SENTENCE = (
    "The area is sealed. The safe-contact officer and the police lead have the result; other people do not."
)
_RULES = {
    What.CONTACT: "contact-1",
    What.APPROACH: "approach-1",
    What.PRESENCE: "presence-1",
    What.POSSESSION: "possession-1",
    What.DISCLOSURE: "disclosure-1",
    What.CONDUCT: "conduct-1",
    What.RESIDENCE: "residence-1",
    What.ATTENDANCE: "attendance-1",
}
_HANDED_OVER = {Relation.VARIES, Relation.RENEWS}
"""A copy and the order before it. An interim order ends when the full one is made, served or not (s.5(6))."""
PlaceCheck = Mapping[tuple[str, int], Check]
"""For the two people who may know: by order and condition, how a place compares with a sealed area."""


def compare(
    incident: HeldIncident,
    orders: Sequence[StoredOrder],
    *,
    places: PlaceCheck | None = None,
    only: Collection[tuple[str, int]] | None = None,
) -> tuple[Comparison, ...]:
    """Return an incident held against each condition of each order that was made, in their order.

    Without ``places`` the result of a sealed area is withheld, the same for every incident. ``only``
    leaves out all but these conditions, each by its order and number.
    """
    others = {order.reference: order for order in orders}
    return tuple(
        _compare(incident, order, number, condition, others, places or {})
        for order in sorted(orders, key=lambda each: each.reference)
        if order.was_made and order.terms is not None
        for number, condition in enumerate(order.terms.conditions, start=1)
        if only is None or (order.reference, number) in only
    )


def _compare(
    incident: HeldIncident,
    order: StoredOrder,
    number: int,
    condition: StoredCondition,
    others: Mapping[str, StoredOrder],
    places: PlaceCheck,
) -> Comparison:
    when = breach_times.occurrence_of(incident)
    time = _time(incident, when, order, condition, others)
    of_condition = list(_checks(incident, order, number, condition, places))
    checks = [time, *of_condition]
    is_sealed = condition.zone is not None
    result = _result(checks)
    no = next((each.sentence for each in checks if each.match is Match.NO), None)
    return Comparison(
        incident=incident.reference,
        order=order.reference,
        condition=number,
        result=result,
        rule=_RULES[condition.what] if condition.is_checked and condition.what else FREE_TEXT,
        version=VERSION,
        evidence=tuple(_sentences(checks, Match.YES)) if no is None else (),
        unclear=tuple(_sentences(checks, Match.UNKNOWN, Match.NO_FACT)) if no is None else (),
        against=(*_against(checks), *_allowed_elsewhere(order, condition, others, when))
        if no is None
        else (),
        because=no,
        at_the_time=order_at_the_time(
            order, number, when, others, [*_periods(when, condition), *of_condition]
        ),
        asks=no is None
        and all(each.match is not Match.NO_FACT for each in checks)
        and not (is_sealed and (order.reference, number) not in places),
        is_sealed=is_sealed,
    )


def _periods(when: Occurrence, condition: StoredCondition) -> Iterator[Check]:
    """Yield whether the condition's own period and its hours included the time."""
    for part in (
        breach_times.times_of_condition(condition),
        breach_times.times_of_hours(condition.hours, when),
    ):
        surely, perhaps = when.surely_in(part.surely), when.perhaps_in(part.perhaps)
        yield Check(Match.YES if surely else Match.UNKNOWN if perhaps else Match.NO)


def _checks(
    incident: HeldIncident,
    order: StoredOrder,
    number: int,
    condition: StoredCondition,
    places: PlaceCheck,
) -> Iterator[Check]:
    if not condition.is_checked:
        yield Check(Match.NO_FACT, f"{NOT_CHECKED}. A person must read it.")
        return
    assert order.terms is not None  # held by the caller
    yield from checks_of(incident, condition, order.reference, order.terms)
    if condition.what is What.PRESENCE:
        sealed = Check(Match.UNKNOWN, SEALED_SENTENCE)
        yield places.get((order.reference, number), sealed)
    if condition.what is What.RESIDENCE and condition.must is Must.DO:
        yield Check(Match.YES, "", ("It happened at the respondent's own home.",))


def _time(
    incident: HeldIncident,
    when: Occurrence,
    order: StoredOrder,
    condition: StoredCondition,
    others: Mapping[str, StoredOrder],
) -> Check:
    """Check the time: whether the order, the condition and its hours all applied when it happened."""
    parts = (
        (breach_times.times_of(order, others), "The order did not apply when it happened."),
        (breach_times.times_of_condition(condition), "The condition's own period does not include it."),
        (
            breach_times.times_of_hours(condition.hours, when),
            "It happened outside the hours of the condition.",
        ),
    )
    joined = parts[0][0]
    for part, _ in parts[1:]:
        joined = joined.and_also(part)
    said = breach_times.in_words(incident)
    for part, sentence in parts:
        if not when.perhaps_in(part.perhaps):
            return Check(Match.NO, sentence)
    if not when.perhaps_in(joined.perhaps):
        return Check(Match.NO, "The order, the condition and its hours did not all apply when it happened.")
    if when.surely_in(joined.surely):
        return Check(Match.YES, said, _sent_before(incident))
    if (before := _same_before(order, condition, others)) is not None:
        shared = breach_times.handed_over(order, before, others).or_else(joined.surely)
        rest = parts[1][0].and_also(parts[2][0]).surely
        if when.surely_in(shared.and_also(rest)):
            return Check(
                Match.YES,
                f"{said} The order or {before.reference} before it applied, with the same condition.",
                _sent_before(incident),
            )
    return Check(
        Match.UNKNOWN, " ".join(each for each in (said, _why(when, [part for part, _ in parts])) if each)
    )


def _why(when: Occurrence, parts: Sequence[Applying]) -> str:
    """Return what is not known of the first part that is not sure."""
    for part in parts:
        if not when.surely_in(part.surely):
            return part.why or "Not all of that time is within the order, its condition and its hours."
    return ""


def _sent_before(incident: HeldIncident) -> tuple[str, ...]:
    return ("It was sent before, and arrived later.",) if incident.channel else ()


def _same_before(
    order: StoredOrder, condition: StoredCondition, others: Mapping[str, StoredOrder]
) -> StoredOrder | None:
    """Return the order before this one, if it has a condition with the same meaning."""
    for relation, reference in order.earlier:
        before = others.get(reference)
        if relation not in _HANDED_OVER or before is None or before.terms is None or not before.was_made:
            continue
        if any(_means(each) == _means(condition) for each in before.terms.conditions if each.is_checked):
            return before
    return None


def _means(condition: StoredCondition) -> dict[str, object]:
    return condition.model_dump(exclude={"library", "title", "rendered", "zone", "starts", "until"})


def _result(checks: Sequence[Check]) -> BreachResult:
    answers = {each.match for each in checks}
    if Match.NO in answers:
        return BreachResult.NOT
    return BreachResult.LIKELY if answers == {Match.YES} else BreachResult.UNCLEAR


def _sentences(checks: Sequence[Check], *answers: Match) -> Iterator[str]:
    yield from dict.fromkeys(each.sentence for each in checks if each.match in answers and each.sentence)


def _against(checks: Sequence[Check]) -> Iterator[str]:
    yield from dict.fromkeys(sentence for each in checks for sentence in each.against)


def _allowed_elsewhere(
    order: StoredOrder, condition: StoredCondition, others: Mapping[str, StoredOrder], when: Occurrence
) -> Iterator[str]:
    """Yield what another order that may have applied allows: two courts may not agree."""
    if condition.what is not What.CONTACT:
        return
    for other in sorted(others.values(), key=lambda each: each.reference):
        if other.reference == order.reference or other.terms is None or not other.was_made:
            continue
        if not when.perhaps_in(breach_times.times_of(other, others).perhaps):
            continue
        for each in other.terms.conditions:
            allowed = {*each.exceptions} - {*condition.exceptions} if each.what is What.CONTACT else set()
            for exception in sorted(allowed, key=lambda one: one.value):
                yield (
                    f"{other.reference} allows contact '{exception.value}'. The two orders do not agree: "
                    "raise with the court."
                )
