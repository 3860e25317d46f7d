"""Conditions of two orders that do not agree. Pure; names the rule, and not which order wins.

The types name the section on a conflict. Every pair is for the court.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from engine.domain.base import Frozen
from engine.domain.orders.conditions import Means, Must, StoredCondition, What
from engine.domain.orders.order_types import LawText, LawTopic, OrderType
from engine.domain.orders.orders import StoredOrder
from engine.orders.conditions import hours_in_words, listed
from engine.orders.on_record import last_day_by_rule
from engine.orders.rules import is_of_court, order_type

VERSION = 1


class Contradiction(Frozen):
    """Two conditions, of two orders in force, that do not agree."""

    rule: str
    about: str
    one: str
    one_says: str
    other: str
    other_says: str
    next: str

    @property
    def found_by(self) -> str:
        """The rule and its version."""
        return f"Found by comparing {self.about}. Rule {self.rule}, version {VERSION}."


def contradictions(orders: Sequence[StoredOrder], *, on: date) -> tuple[Contradiction, ...]:
    """Return each pair of coded conditions, of two orders in force on a date, that do not agree."""
    there = [order for order in orders if order.applies_on(on, by_rule=last_day_by_rule(order))]
    return tuple(found for one, other in combinations(there, 2) for found in _between(one, other, on))


def _between(one: StoredOrder, other: StoredOrder, on: date) -> Iterator[Contradiction]:
    for mine in conditions_on(one, on):
        for theirs in conditions_on(other, on):
            if (about := _differ(mine, theirs)) is not None:
                rule, subject = about
                yield Contradiction(
                    rule=rule,
                    about=subject,
                    one=one.reference,
                    one_says=_says(one, mine),
                    other=other.reference,
                    other_says=_says(other, theirs),
                    next=_next(one, other),
                )


def conditions_on(order: StoredOrder, on: date) -> tuple[StoredCondition, ...]:
    """Return the conditions of an order whose own period includes a date."""
    terms = order.terms
    return tuple(each for each in (terms.conditions if terms else ()) if each.includes(on))


def _differ(one: StoredCondition, other: StoredCondition) -> tuple[str, str] | None:
    """Return the rule that two conditions break, and what it compares; None if they agree.

    Free text is not compared.
    """
    if not (one.is_checked and other.is_checked):
        return None
    if one.what is What.CONTACT and other.what is What.CONTACT:
        if _share_means(one, other) and _allow_unlike(one, other):
            return "differ-1", "contact"
        return None
    pair = {one.what, other.what}
    both_require = pair == {What.RESIDENCE, What.ATTENDANCE} and Must.NOT not in (one.must, other.must)
    if both_require and any(mine.overlaps(theirs) for mine in one.hours for theirs in other.hours):
        return "differ-2", "hours"
    return None


def _share_means(one: StoredCondition, other: StoredCondition) -> bool:
    means = {*one.means}, {*other.means}
    return any(Means.ANY in each for each in means) or bool(means[0] & means[1])


def _allow_unlike(one: StoredCondition, other: StoredCondition) -> bool:
    return {*one.exceptions} != {*other.exceptions}


def _says(order: StoredOrder, condition: StoredCondition) -> str:
    kind = order_type(order.type)
    name = kind.name if kind else order.type
    if condition.what is What.CONTACT:
        means = listed([each.value for each in condition.means])
        allowed = listed([each.value for each in condition.exceptions])
        return f"{name}: no contact by {means}" + (f"; allowed: {allowed}" if allowed else "")
    return f"{name}: {condition.title.lower()}, {hours_in_words(condition)}"


def _next(one: StoredOrder, other: StoredOrder) -> str:
    named = [*sections_on_conflict(one.type, other.type), *sections_on_conflict(other.type, one.type)]
    return " ".join(["Contradiction: raise with the court.", *dict.fromkeys(named)])


def sections_on_conflict(code: str, other: str) -> Iterator[str]:
    """Yield what the law of one type says about a conflict with another order, with its section."""
    kind, second = order_type(code), order_type(other)
    if kind is None or second is None:
        return
    for text in kind.texts(LawTopic.CONFLICT):
        if _is_about(text, second):
            yield f"{kind.name}: {text.says[:1].lower()}{text.says[1:]} ({text.rests_on})."


def _is_about(text: LawText, other: OrderType) -> bool:
    return other.code in text.among if text.among else is_of_court(other)
