"""Clocks of orders by rule: one fact set in, one answer out. Pure; knows no record and not the time.

Examples
--------
>>> from engine.orders.clocks import answer_clock
>>> answer_clock({"rule": "spa-9-1", "served": "2026-03-09"}).last_day
datetime.date(2026, 3, 11)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Generic, Protocol, TypeVar

from pydantic import ValidationError

from engine.domain.orders.clocks import ClockAnswer, ClockState
from engine.orders import notification, other_clocks, periods, typed_terms
from engine.orders.facts import Facts, fault_in_words
from engine.orders.rules import ClockRule, clock_rules, in_full

_Given = TypeVar("_Given", bound=Facts)
_LONGEST_ID = 200


class _Answering(Protocol):
    @property
    def names(self) -> Iterator[str]: ...
    def answer(self, rule: ClockRule, given: Mapping[str, object]) -> ClockAnswer: ...


@dataclass(frozen=True)
class _Counted(Generic[_Given]):
    """The count of one rule: the facts that it reads, and the function that answers."""

    facts: type[_Given]
    count: Callable[[ClockRule, _Given], ClockAnswer]

    @property
    def names(self) -> Iterator[str]:
        """The names of the facts, as a line writes them."""
        return (field.alias or name for name, field in self.facts.model_fields.items())

    def answer(self, rule: ClockRule, given: Mapping[str, object]) -> ClockAnswer:
        """Return the answer of the rule to facts that are not checked yet."""
        try:
            facts = self.facts.model_validate(given)
        except ValidationError as error:
            return invalid(fault_in_words(error, self.names), rests_on=rule.rests_on)
        if not facts.is_of_england_and_wales:
            return _off(rule, "This rule applies in England and Wales only.")
        day = facts.governed_by
        if day is not None and not rule.applies_on(day):
            return _off(rule, _when_it_applies(rule))
        answer = self.count(rule, facts)
        if day is None or rule.read_until is None or day <= rule.read_until:
            return answer
        return answer.model_copy(update={"says": f"{answer.says} {rule.after_that}"})


_COUNTED: Mapping[str, _Answering] = {
    "spa-9-1": _Counted(notification.SpaFirst, notification.first_under_spa),
    "spa-9-3": _Counted(notification.SpaNewName, notification.new_name),
    "spa-9-4": _Counted(notification.SpaNewAddress, notification.new_address),
    "spa-3-2": _Counted(periods.FullOrder, periods.full_order),
    "spa-5-6": _Counted(periods.InterimOrder, periods.interim_order),
    "daa-41-2": _Counted(notification.DaaFirst, notification.first_under_daa),
    "daa-41-4": _Counted(notification.DaaNewName, notification.new_name),
    "daa-41-5": _Counted(notification.DaaNewAddress, notification.new_address),
    "daa-41-6": _Counted(notification.DaaNoAddress, notification.no_address),
    "daa-29": _Counted(periods.Notice, periods.hearing_of_notice),
    "csa-27": _Counted(periods.ViolenceNotice, periods.hearing_of_notice),
    "as-typed": _Counted(typed_terms.AsTyped, typed_terms.as_typed),
    "csa-28": _Counted(typed_terms.TypedTerm, typed_terms.bounded_term),
    "code-334": _Counted(typed_terms.TermInEffect, typed_terms.bounded_term),
    "code-347": _Counted(typed_terms.TermInEffect, typed_terms.bounded_term),
    "pasa-9": _Counted(typed_terms.TermInNorthernIreland, typed_terms.bounded_term),
    "pace-47z": _Counted(periods.Bail, periods.bail),
    "working-days": _Counted(other_clocks.WorkingDays, other_clocks.working_days),
    "moj-proven": _Counted(other_clocks.ProvenReoffending, other_clocks.proven_reoffending),
    "marac-repeat": _Counted(other_clocks.MaracRepeat, other_clocks.marac_repeat),
}


def answer_clock(given: Mapping[str, object]) -> ClockAnswer:
    """Return the answer to one fact set: its ``rule``, perhaps an ``id``, and facts by name.

    A fact that is null counts as not recorded. A fault is an answer too, and raises no error.
    """
    identity = given.get("id")
    if isinstance(identity, bool) or not isinstance(identity, str | int | None):
        return invalid("'id' must be text or a whole number")
    if isinstance(identity, str) and len(identity) > _LONGEST_ID:
        return invalid(f"'id' is longer than {_LONGEST_ID} characters")
    return _answer(given).model_copy(update={"id": identity})


@cache
def names_of_facts(rule: str) -> frozenset[str]:
    """Return the names of the facts that a rule reads; none for one that is off."""
    return frozenset(_COUNTED[rule].names) if rule in _COUNTED else frozenset()


def invalid(fault: str, *, rests_on: str | None = None) -> ClockAnswer:
    """Return the answer to a line that cannot be counted, with its fault as one sentence."""
    sentence = f"{rests_on}: {fault}." if rests_on else f"{fault[:1].upper()}{fault[1:]}."
    return ClockAnswer(state=ClockState.INVALID, rests_on=rests_on, says=sentence)


def _answer(given: Mapping[str, object]) -> ClockAnswer:
    code = given.get("rule")
    rules = clock_rules()
    if code is None:
        return invalid(f"the line has no 'rule'; use one of {', '.join(_COUNTED)}")
    if not isinstance(code, str) or code not in rules:
        return invalid(f"the rule is not known; use one of {', '.join(_COUNTED)}")
    rule = rules[code]
    if code not in _COUNTED:
        return _off(rule, _when_it_applies(rule))
    facts = {name: fact for name, fact in given.items() if name not in ("id", "rule") and fact is not None}
    return _COUNTED[code].answer(rule, facts)


def _off(rule: ClockRule, why: str) -> ClockAnswer:
    sentence = (
        f"No clock is computed. {why} The order can still be recorded; its dates are not checked by software."
    )
    return rule.answer(ClockState.OFF, says=sentence)


def _when_it_applies(rule: ClockRule) -> str:
    if rule.in_force_from is None:
        return "This rule is off until a lawyer has verified its text and its start date."
    if rule.in_force_until is not None:
        return f"This rule applies from {in_full(rule.in_force_from)} to {in_full(rule.in_force_until)}."
    return f"This rule applies from {in_full(rule.in_force_from)}."
