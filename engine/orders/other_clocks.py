"""Counts beside the law of orders: working days, proven reoffending, repeat referrals to a MARAC. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from pydantic import Field, StrictInt, model_validator

from engine.domain.orders.clocks import UNCERTAIN, ClockAnswer, ClockState
from engine.orders.bank_holidays import Area, is_closed, is_published
from engine.orders.counting import last_day_of_months, working_days_from
from engine.orders.facts import FactDay, Facts, in_order
from engine.orders.rules import ClockRule, in_full

_MOST_WORKING_DAYS = 2_000


class WorkingDays(Facts):
    """The facts of a count of working days. A field cannot be named ``from``, so it has an alias."""

    start: FactDay = Field(alias="from")
    days: StrictInt

    @model_validator(mode="after")
    def _is_short_enough(self) -> Self:
        if not -_MOST_WORKING_DAYS <= self.days <= _MOST_WORKING_DAYS:
            raise ValueError(f"'days' must be between -{_MOST_WORKING_DAYS} and {_MOST_WORKING_DAYS}")
        return self

    @property
    def is_of_england_and_wales(self) -> bool:
        """True for every area: GOV.UK lists the bank holidays of each."""
        return True

    @property
    def governed_by(self) -> date | None:
        return self.start


def working_days(rule: ClockRule, facts: WorkingDays) -> ClockAnswer:
    """Return the working day that many after or before a date; the date itself for zero."""
    area = Area(facts.area)
    counted = tuple(working_days_from(facts.start, facts.days, lambda day: is_closed(day, area)))
    last = counted[-1] if counted else facts.start
    years = range(min(last, facts.start).year, max(last, facts.start).year + 1)
    unpublished = [year for year in years if not is_published(year)]
    if unpublished and area is not Area.ENGLAND_AND_WALES:
        return rule.answer(
            ClockState.OFF,
            says=f"The bank holidays of {unpublished[0]} are not in the list of this area that is installed "
            "here.",
        )
    count = f"{abs(facts.days)} working day{'' if abs(facts.days) == 1 else 's'}"
    side = "before" if facts.days < 0 else "after"
    caution = (
        f" The list installed here has no {unpublished[0]}: bank holidays of that year are those that are "
        "expected."
        if unpublished
        else ""
    )
    return rule.due(
        last_day=last,
        counted=tuple(in_full(day) for day in counted),
        says=f"{in_full(last)} is {count} {side} {in_full(facts.start)}, which is day 0.{caution}",
    )


class ProvenReoffending(Facts):
    """The facts of the follow-up of proven reoffending."""

    index: FactDay | None = None

    @property
    def governed_by(self) -> date | None:
        return self.index


def proven_reoffending(rule: ClockRule, facts: ProvenReoffending) -> ClockAnswer:
    """Return the end of the follow-up, the end of the wait for a result, and when it is known."""
    if facts.index is None:
        return rule.awaiting("the index date")
    assert rule.years is not None
    year, wait = 12 * rule.years, rule.months[0]
    last = last_day_of_months(facts.index, year)
    counted_to = last_day_of_months(facts.index, year + wait)
    known_from = counted_to + timedelta(days=1)
    return rule.due(
        last_day=last,
        counted_to=counted_to,
        known_from=known_from,
        counted=(
            f"{year} months beginning with {in_full(facts.index)}",
            f"{year + wait} months beginning with {in_full(facts.index)}",
        ),
        says=f"An offence counts if it was committed by {in_full(last)} and led to a conviction or caution "
        f"by {in_full(counted_to)}. Until {in_full(known_from)} the result is not yet known. That does not "
        "mean that there was no offence.",
    )


class MaracRepeat(Facts):
    """The facts of a repeat referral."""

    last_referral: FactDay | None = None
    incident: FactDay | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        in_order(
            (self.last_referral, self.incident, "the incident is before the last referral; check both dates")
        )
        return self

    @property
    def governed_by(self) -> date | None:
        return self.last_referral


def marac_repeat(rule: ClockRule, facts: MaracRepeat) -> ClockAnswer:
    """Return whether an incident makes a repeat; the date 12 months later is open, as protocols differ."""
    if facts.last_referral is None:
        return rule.awaiting("the date of the last referral")
    if facts.incident is None:
        return rule.awaiting("the date of the incident")
    months = rule.months[0]
    last = last_day_of_months(facts.last_referral, months)
    counted = (f"{months} months beginning with {in_full(facts.last_referral)}",)
    if facts.incident == last + timedelta(days=1):
        return rule.answer(
            ClockState.UNCERTAIN,
            repeat=UNCERTAIN,
            counted=counted,
            says=f"The incident was exactly {months} months after the last referral. The local protocol "
            "decides whether that is 'within'. Until it does, make a new referral.",
        )
    if facts.incident <= last:
        return rule.due(
            repeat=True,
            counted=counted,
            says=f"Repeat: the incident was within {months} months of the last referral, by {in_full(last)}.",
        )
    return rule.due(
        repeat=False,
        counted=counted,
        says=f"Not a repeat by date: the {months} months ended on {in_full(last)}. It is a new referral, "
        "not a lesser one.",
    )
