"""The rules of clocks and the types of orders as data, and the sentences that answers share."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from engine.domain.base import Code, Frozen, Sentence
from engine.domain.orders.clocks import ClockAnswer, ClockState
from engine.domain.orders.order_types import Court, OrderType
from engine.orders.counting import last_day_of_days

_DATA = Path(__file__).parent / "data"


class ClockRule(Frozen):
    """A rule: the act and section, what starts the clock, how it is counted, and when it applies.

    Without ``in_force_from`` it is off. The text that starts it was read for
    dates until ``read_until``; ``after_that`` is the caution for later ones.
    """

    code: Code
    act: str | None = None
    short: str | None = None
    section: str
    about: Sentence
    starts: str
    counts: Sentence
    days: int | None = None
    hours: int | None = None
    months: tuple[int, ...] = ()
    years: int | None = None
    in_force_from: date | None = None
    in_force_until: date | None = None
    read_from: Literal["statute", "summary", "our reading", "local rule", "not read"]
    source: str | None = None
    read_until: date | None = None
    after_that: Sentence | None = None
    changed_by: Sentence | None = None
    """Facts that would change the date, shown beside it."""

    @property
    def rests_on(self) -> str:
        """The act and the section."""
        return f"{self.short} {self.section}" if self.short else self.section

    def applies_on(self, day: date) -> bool:
        """Return whether the rule applies on a date."""
        if self.in_force_from is None or day < self.in_force_from:
            return False
        return self.in_force_until is None or day <= self.in_force_until

    def last_day(self, start: date) -> date:
        """Return the last of the rule's days; the start is day 1."""
        assert self.days is not None
        return last_day_of_days(start, self.days)

    def due(self, **answer: object) -> ClockAnswer:
        """Return an answer with a date."""
        return self.answer(ClockState.DUE, **answer)

    def answer(self, state: ClockState, **answer: object) -> ClockAnswer:
        """Return an answer that rests on this rule."""
        return ClockAnswer.model_validate({"state": state, "rests_on": self.rests_on, **answer})

    def no_clock(self, sentence: str) -> ClockAnswer:
        """Return an answer without a clock, and why."""
        return self.answer(ClockState.NO_CLOCK, says=sentence)

    def awaiting(self, what: str) -> ClockAnswer:
        """Return an answer for a clock whose start is not recorded."""
        return self.answer(
            ClockState.AWAITING,
            says=f"The clock has no date yet: {what} is not recorded. This does not mean that nothing is "
            "due.",
        )


@cache
def clock_rules() -> Mapping[str, ClockRule]:
    """Return every rule by its code."""
    written = tomllib.loads((_DATA / "clocks.toml").read_text(encoding="utf-8"))["rules"]
    rules = (ClockRule.model_validate(each) for each in written)
    return MappingProxyType({rule.code: rule for rule in rules})


@cache
def order_types() -> tuple[OrderType, ...]:
    """Return every type of order, in the order of its file."""
    written = tomllib.loads((_DATA / "order_types.toml").read_text(encoding="utf-8"))["types"]
    return tuple(OrderType.model_validate(each) for each in written)


@cache
def order_type(code: str) -> OrderType | None:
    """Return a type of order by its code; None if there is none."""
    return next((each for each in order_types() if each.code == code), None)


@cache
def courts() -> Mapping[str, Court]:
    """Return the courts and bodies that make orders, by code."""
    written = tomllib.loads((_DATA / "order_types.toml").read_text(encoding="utf-8"))["courts"]
    made = (Court.model_validate(each) for each in written)
    return MappingProxyType({court.code: court for court in made})


def in_full(day: date) -> str:
    """Return a date as a sentence has it: Monday 9 March 2026."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def days_listed(start: date, last: date) -> tuple[str, ...]:
    """Return each day of a short count with its number."""
    count = (last - start).days + 1
    days = (date.fromordinal(start.toordinal() + place) for place in range(count))
    return tuple(f"{in_full(day)}: day {number}" for number, day in enumerate(days, start=1))
