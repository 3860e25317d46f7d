"""The term of an order: which fields its type takes, and the rule that counts what was typed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from engine.domain.orders.clocks import ClockAnswer, ClockState
from engine.domain.orders.order_types import OrderType, Unit
from engine.domain.orders.orders import CourtTerms
from engine.orders.clocks import answer_clock, names_of_facts
from engine.orders.rules import clock_rules

AS_TYPED = "as-typed"
FIELDS = tuple(unit.field for unit in Unit if unit.field is not None)
"""The fields that say how long an order lasts."""


def fields_of(kind: OrderType) -> tuple[str, ...]:
    """Return the fields that say how long an order of this type lasts, the one offered first first."""
    return tuple(unit.field for unit in kind.term.units if unit.field is not None)


def typed_fields(terms: CourtTerms) -> tuple[str, ...]:
    """Return the fields of a term that were typed."""
    return tuple(name for name in FIELDS if getattr(terms, name))


class TermCounted(NamedTuple):
    """The answer to how long an order lasts, and the rule that gave it."""

    rule: str
    answer: ClockAnswer

    @property
    def is_checked(self) -> bool:
        """True if software counted it: what was only typed claims nothing."""
        has_answer = self.answer.state in (ClockState.DUE, ClockState.NO_CLOCK)
        return has_answer and clock_rules()[self.rule].claims

    @property
    def is_doubtful(self) -> bool:
        """True if it was typed, and from when it counts is not known."""
        return self.rule == AS_TYPED and self.answer.state is ClockState.UNCERTAIN


def count_term(
    kind: OrderType, terms: CourtTerms, *, made: date | None, determined: date | None = None
) -> TermCounted | None:
    """Return how long an order lasts; None where no term was typed.

    What the rule of its type does not read is counted as it was typed, so nothing that was typed is lost.
    """
    typed = typed_fields(terms)
    if not typed:
        return None
    facts: dict[str, object] = {
        **{name: getattr(terms, name) for name in typed},
        "made": made,
        "in_effect": terms.in_effect,
        "arrested": terms.arrested,
        "determined": determined,
        "under_18": terms.is_of_child or None,
    }
    rule = kind.term.counted_by
    if rule != AS_TYPED and set(typed) & names_of_facts(rule):
        answer = answered(rule, facts)
        if answer.state is not ClockState.OFF:
            return TermCounted(rule, answer)
    return TermCounted(AS_TYPED, answered(AS_TYPED, facts))


def typed_end(made: date | None, ends: date) -> TermCounted:
    """Return an end date as it was typed, whatever else was typed with it."""
    return TermCounted(AS_TYPED, answered(AS_TYPED, {"made": made, "ends": ends}))


def answered(rule: str, facts: Mapping[str, object]) -> ClockAnswer:
    """Return the answer of a rule to those of these facts that it reads."""
    names = names_of_facts(rule)
    return _answered(rule, tuple((name, _written(fact)) for name, fact in facts.items() if name in names))


@lru_cache(maxsize=16_384)
def _answered(rule: str, facts: tuple[tuple[str, object], ...]) -> ClockAnswer:
    """Answer once what a list asks several times of each order: the same facts have the same answer."""
    return answer_clock({"rule": rule, **dict(facts)})


def _written(fact: object) -> object:
    """Return a fact as a line has it."""
    if isinstance(fact, datetime):
        return fact.isoformat(timespec="minutes")
    return fact.isoformat() if isinstance(fact, date) else fact
