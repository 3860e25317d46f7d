"""The term of an order as a person typed it, and the length that a section sets for it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Self

from pydantic import StrictInt, model_validator

from engine.domain.orders.clocks import ClockAnswer, ClockState
from engine.orders.counting import last_day_of_days, last_day_of_months
from engine.orders.facts import FactDay, Facts, YesNo, in_order
from engine.orders.rules import ClockRule, in_full

_LONGEST = {"years": 100, "months": 1_200, "days": 36_500}


class TypedTerm(Facts):
    """A term as it was typed: one of years, months and days, an end date, or until further order."""

    made: FactDay | None = None
    years: StrictInt | None = None
    months: StrictInt | None = None
    days: StrictInt | None = None
    ends: FactDay | None = None
    until_further_order: YesNo | None = None
    under_18: YesNo | None = None

    @model_validator(mode="after")
    def _is_one_term(self) -> Self:
        lengths = [name for name in _LONGEST if getattr(self, name) is not None]
        for name in lengths:
            if not 1 <= getattr(self, name) <= _LONGEST[name]:
                raise ValueError(f"'{name}' must be between 1 and {_LONGEST[name]}")
        if len(lengths) > 1:
            raise ValueError(
                f"'{lengths[0]}' and '{lengths[1]}' are one term: give one of them, such as 18 months"
            )
        if self.until_further_order and (lengths or self.ends is not None):
            raise ValueError("an order until further order has no end; leave one of them out")
        if not self.until_further_order and not lengths and self.ends is None:
            raise ValueError("give 'years', 'months', 'days', 'ends' or 'until_further_order'")
        in_order((self.start, self.ends, "the order ends before it starts; check both dates"))
        if lengths and self.start and self.ends and self.counted_from(self.start) != self.ends:
            raise ValueError(f"'{lengths[0]}' and 'ends' give different end dates; correct one")
        return self

    @property
    def start(self) -> date | None:
        """The date that the term begins with."""
        return self.made

    @property
    def last_day(self) -> date | None:
        """The end date; None until further order, or without a start."""
        return self.ends or (self.counted_from(self.start) if self.start is not None else None)

    @property
    def length(self) -> str | None:
        """The length as it was typed."""
        for name in _LONGEST:
            if (count := getattr(self, name)) is not None:
                return f"{count} {name if count != 1 else name[:-1]}"
        return None

    @property
    def governed_by(self) -> date | None:
        return self.start or self.ends

    def counted_from(self, start: date) -> date | None:
        """Return the end of its length from a date; None where only an end was typed."""
        if self.days is not None:
            return last_day_of_days(start, self.days)
        months = 12 * self.years if self.years is not None else self.months
        return last_day_of_months(start, months) if months is not None else None


class TermInEffect(TypedTerm):
    """A term that begins when the order takes effect, which a court may set later than the making."""

    in_effect: FactDay | None = None

    @property
    def start(self) -> date | None:
        return self.in_effect or self.made


class AsTyped(TermInEffect):
    """A term that no rule here counts."""

    @property
    def is_of_england_and_wales(self) -> bool:
        """True for every area: nothing is claimed of its law."""
        return True


class TermInNorthernIreland(TypedTerm):
    """A term by the law of Northern Ireland."""

    @property
    def is_of_england_and_wales(self) -> bool:
        """True for every area: the rule is of Northern Ireland's own Act."""
        return True


def as_typed(rule: ClockRule, facts: AsTyped) -> ClockAnswer:
    """Return the end as it was typed. Where it is not known from when it counts, both ends are said."""
    if facts.until_further_order:
        return rule.no_clock("Until further order, as typed. Not checked by software.")
    if facts.length is None:
        assert facts.ends is not None
        return rule.due(
            last_day=facts.ends, says=f"As typed, not checked by software: it ends on {in_full(facts.ends)}."
        )
    if facts.start is None or facts.made is None:
        return rule.awaiting("the date of the order")
    last = facts.last_day
    assert last is not None
    counted = f"{facts.length} beginning with {in_full(facts.start)}"
    if facts.ends is None and facts.start != facts.made:
        earlier = facts.counted_from(facts.made)
        assert earlier is not None
        return rule.answer(
            ClockState.UNCERTAIN,
            last_day=last,
            counted=(counted,),
            says=f"As typed, not checked by software: {counted}, when it takes effect. Counted from the "
            f"date made, it ends on {in_full(earlier)}. Read the order and record its end date.",
        )
    return rule.due(last_day=last, counted=(counted,), says=f"As typed, not checked by software: {counted}.")


def bounded_term(rule: ClockRule, facts: TypedTerm) -> ClockAnswer:
    """Return the end of an order whose length a section sets, or refuse what is outside it."""
    bounds = (rule.bounds_of_child if facts.under_18 else None) or rule.bounds
    assert bounds is not None
    if facts.until_further_order:
        if not bounds.may_be_open:
            return rule.refused(bounds.says)
        return rule.no_clock("The order has no end: it lasts until further order.")
    if facts.start is None:
        return rule.awaiting("the date of the order")
    last = facts.last_day
    assert last is not None
    if not bounds.include(facts.start, last):
        return rule.refused(bounds.says)
    return rule.due(last_day=last, counted=tuple(_counted(facts)), says=_ends(facts, last))


def _counted(facts: TypedTerm) -> Iterator[str]:
    assert facts.start is not None
    if facts.length is not None:
        yield f"{facts.length} beginning with {in_full(facts.start)}"
    elif facts.ends is not None:
        yield f"from {in_full(facts.start)} to {in_full(facts.ends)}"


def _ends(facts: TypedTerm, last: date) -> str:
    how = ", as stated in it" if facts.ends is not None else ""
    return f"The order ends on {in_full(last)}, to 24:00{how}: {'; '.join(_counted(facts))}."
