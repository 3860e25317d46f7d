"""The rules of clocks and the types of orders as data, and the sentences that answers share."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from engine.domain.base import Code, Frozen, Sentence
from engine.domain.orders.clocks import ClockAnswer, ClockState
from engine.domain.orders.order_types import Court, OrderType, Source
from engine.orders.counting import last_day_of_days, last_day_of_months

_DATA = Path(__file__).parent / "data"


class Bounds(Frozen):
    """The length that a section sets for an order, and the sentence for one that is outside it."""

    at_least_days: int | None = None
    at_most_days: int | None = None
    at_least_months: int | None = None
    at_most_months: int | None = None
    may_be_open: bool = False
    """True: it may last until further order."""
    says: Sentence

    def include(self, start: date, last: date) -> bool:
        """Return whether an order from one date to another is as long as the section sets."""
        shortest, longest = (
            [
                *([last_day_of_days(start, days)] if days else []),
                *([last_day_of_months(start, months)] if months else []),
            ]
            for days, months in (
                (self.at_least_days, self.at_least_months),
                (self.at_most_days, self.at_most_months),
            )
        )
        return all(last >= each for each in shortest) and all(last <= each for each in longest)


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
    bounds: Bounds | None = None
    bounds_of_child: Bounds | None = None
    disregarded_by: str | None = None
    """Of a count of hours, the subsection that leaves days out."""
    continued_by: str | None = None
    """Of a hearing, the subsection that continues the notice after an adjournment."""
    claims: bool = True
    """False: it counts what was typed, and software checks nothing of it."""
    missed: Sentence | None = None
    """The consequence in law where it was not done in time; None where its text was not read."""

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

    def refused(self, fault: str) -> ClockAnswer:
        """Return the answer to facts that this rule does not allow, with the fault as one sentence."""
        return self.answer(ClockState.INVALID, says=f"{self.rests_on}: {fault}.")

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


class _TypesFile(Frozen):
    """The file of types as it is written: a text of the law has the code of its source."""

    general_limit: Sentence
    sources: tuple[Source, ...]
    types: tuple[dict[str, object], ...]
    courts: tuple[Court, ...]

    def law_of(self, written: dict[str, object]) -> Iterator[dict[str, object]]:
        """Yield the texts of a type with their sources."""
        by_code = {each.code: each for each in self.sources}
        texts = written.get("law", ())
        assert isinstance(texts, list | tuple)
        for text in texts:
            sentence = text["says"].replace("{general_limit}", self.general_limit)
            yield {**text, "source": by_code[text["source"]], "says": sentence}


@cache
def _types_file() -> _TypesFile:
    text = (_DATA / "order_types.toml").read_text(encoding="utf-8")
    return _TypesFile.model_validate(tomllib.loads(text))


@cache
def order_types() -> tuple[OrderType, ...]:
    """Return every type of order, in the order of its file, with the texts of the law that were read."""
    file = _types_file()
    return tuple(OrderType.model_validate({**each, "law": list(file.law_of(each))}) for each in file.types)


@cache
def order_type(code: str) -> OrderType | None:
    """Return a type of order by its code; None if there is none."""
    return next((each for each in order_types() if each.code == code), None)


@cache
def interim_types() -> frozenset[str]:
    """Return the types of interim orders: those that an order of another type may replace."""
    return frozenset(each.interim for each in order_types() if each.interim is not None)


@cache
def renewal_warnings() -> tuple[int, ...]:
    """Return how many days before its end the panel is asked about a renewal, of every type that says so."""
    return tuple(
        sorted({each.renewal_warning_days for each in order_types() if each.renewal_warning_days is not None})
    )


@cache
def courts() -> Mapping[str, Court]:
    """Return the courts and bodies that make orders, by code."""
    return MappingProxyType({court.code: court for court in _types_file().courts})


def is_of_court(kind: OrderType) -> bool:
    """Return whether a court makes this type. No court sets a condition of a notice or of a licence."""
    return any(courts()[each].is_court for each in kind.made_by)


def in_full(day: date) -> str:
    """Return a date as a sentence has it: Monday 9 March 2026."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def days_listed(start: date, last: date) -> tuple[str, ...]:
    """Return each day of a short count with its number."""
    count = (last - start).days + 1
    days = (date.fromordinal(start.toordinal() + place) for place in range(count))
    return tuple(f"{in_full(day)}: day {number}" for number, day in enumerate(days, start=1))
