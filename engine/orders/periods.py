"""Periods of orders, notices and bail. Pure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, StrictInt, model_validator

from engine.domain.orders.clocks import ClockAnswer, ClockState
from engine.orders.bank_holidays import (
    Area,
    expected_bank_holidays,
    good_friday,
    is_published,
    published_bank_holidays,
    statutory_bank_holidays,
)
from engine.orders.counting import (
    HoursOfDay,
    end_of_hours,
    has_corresponding_date,
    last_day_of_days,
    last_day_of_months,
)
from engine.orders.facts import FactDay, FactMoment, Facts, YesNo, in_order, is_skipped
from engine.orders.rules import ClockRule, in_full

_LONGEST_YEARS, _LONGEST_DAYS = 100, 36_500
_ADULT = 18


def _bail_months(given: object) -> object:
    if type(given) is not int or given not in (3, 6, 9):
        raise ValueError("write 3, 6 or 9; a longer period is for the court (s.47ZF)")
    return given


class FullOrder(Facts):
    """The facts of how long a full order lasts: one of years, an end, or until further order."""

    made: FactDay | None = None
    served: FactDay | None = None
    years: StrictInt | None = None
    ends: FactDay | None = None
    until_further_order: YesNo | None = None

    @model_validator(mode="after")
    def _lasts_long_enough(self) -> Self:
        in_order(
            (self.made, self.served, "the order was served before it was made; check both dates"),
            (self.made, self.ends, "the order ends before it was made; check both dates"),
        )
        if self.until_further_order and (self.years is not None or self.ends is not None):
            raise ValueError("an order 'until further order' has no years and no end; leave them out")
        if not self.until_further_order and self.years is None and self.ends is None:
            raise ValueError("give 'years', 'ends' or 'until_further_order' (s.3(1))")
        if self.years is not None and not 2 <= self.years <= _LONGEST_YEARS:
            raise ValueError(
                "a full order for a fixed period lasts at least 2 years beginning with the date made (s.3(2))"
                if self.years < 2
                else f"'years' must be {_LONGEST_YEARS} at most"
            )
        if self.made is not None and self.ends is not None:
            self._ends_late_enough(self.made, self.ends)
        return self

    def _ends_late_enough(self, made: date, ends: date) -> None:
        shortest = last_day_of_months(made, 24)
        if ends < shortest:
            raise ValueError(
                "the order lasts under 2 years beginning with the date made (s.3(2)); the earliest end is "
                f"{in_full(shortest)}"
            )
        if self.years is not None and ends != last_day_of_months(made, 12 * self.years):
            raise ValueError("'years' and 'ends' give different end dates; correct one")

    @property
    def governed_by(self) -> date | None:
        return self.made


def full_order(rule: ClockRule, facts: FullOrder) -> ClockAnswer:
    """Return the end date of a full order."""
    if facts.made is None:
        return rule.awaiting("the date of the order")
    if facts.until_further_order:
        return rule.no_clock(
            "The order has no end: it lasts until further order (s.3(1)). Review dates can be set; none is "
            "a date of law."
        )
    if facts.ends is not None:
        return rule.due(
            last_day=facts.ends,
            counted=(f"from {in_full(facts.made)} to {in_full(facts.ends)}",),
            says=f"The order ends on {in_full(facts.ends)}, to 24:00, as stated in it. It lasts 2 years or "
            f"more beginning with the date made, {in_full(facts.made)}. Service does not move the date.",
        )
    assert facts.years is not None
    last = last_day_of_months(facts.made, 12 * facts.years)
    return rule.due(
        last_day=last,
        counted=(f"{facts.years} years beginning with {in_full(facts.made)}",),
        says=f"The order ends on {in_full(last)}, to 24:00: {facts.years} years beginning with the date "
        f"made, {in_full(facts.made)}. Service does not move the "
        f"date.{_of_month_ends(facts.made, 12 * facts.years)}",
    )


class InterimOrder(Facts):
    """The facts of how long an interim order lasts."""

    made: FactDay | None = None
    served: FactDay | None = None
    days: StrictInt | None = None
    ends: FactDay | None = None
    determined: FactDay | None = None

    @model_validator(mode="after")
    def _has_an_end(self) -> Self:
        if self.days is None and self.ends is None:
            raise ValueError("an interim order needs a fixed period: give 'days' (s.5(6))")
        if self.days is not None and not 1 <= self.days <= _LONGEST_DAYS:
            raise ValueError(f"'days' must be between 1 and {_LONGEST_DAYS}; the date made is day 1 (s.5(6))")
        in_order(
            (self.made, self.served, "the order was served before it was made; check both dates"),
            (self.made, self.ends, "the order ends before it was made; check both dates"),
            (self.made, self.determined, "the main application was determined before the order was made"),
        )
        if self.made and self.days and self.ends and self.ends != last_day_of_days(self.made, self.days):
            raise ValueError("'days' and 'ends' give different end dates; correct one")
        return self

    @property
    def governed_by(self) -> date | None:
        return self.made


def interim_order(rule: ClockRule, facts: InterimOrder) -> ClockAnswer:
    """Return the end date of an interim order: of its fixed period, or of the main application."""
    if facts.made is None:
        return rule.awaiting("the date of the order")
    last = facts.ends
    if last is None:
        assert facts.days is not None
        last = last_day_of_days(facts.made, facts.days)
    days = (last - facts.made).days + 1
    counted = (f"{days} days beginning with {in_full(facts.made)}",)
    if facts.determined is not None and facts.determined < last:
        return rule.due(
            last_day=facts.determined,
            counted=counted,
            says=f"The order ends on {in_full(facts.determined)}: it ends when the main application is "
            f"determined (s.5(6)). Its fixed period would have ended on {in_full(last)}.",
        )
    return rule.due(
        last_day=last,
        counted=counted,
        says=f"The order ends on {in_full(last)}, to 24:00: {days} days beginning with the date made, "
        f"{in_full(facts.made)}. It ends earlier if the main application is determined earlier (s.5(6)).",
    )


class Bail(Facts):
    """The facts of pre-charge bail."""

    arrested: FactDay | None = None
    months: Annotated[int, BeforeValidator(_bail_months)]
    force_kind: Literal["territorial", "other"] | None = None

    @property
    def governed_by(self) -> date | None:
        return self.arrested


_SECTION_OF_MONTHS = {3: "s.47ZB(1)(b)", 6: "s.47ZD, inspector", 9: "s.47ZDA, superintendent"}
_OTHER_MONTHS = {3: 6, 9: 12}


def bail(rule: ClockRule, facts: Bail) -> ClockAnswer:
    """Return the end date of pre-charge bail, counted from the date after the arrest."""
    if facts.arrested is None:
        return rule.awaiting("the date of the arrest")
    start = last_day_of_days(facts.arrested, 2)
    last = last_day_of_months(start, facts.months)
    sentence = (
        f"Bail ends on {in_full(last)}: {facts.months} months beginning with the date after the arrest, "
        f"{in_full(start)} ({_SECTION_OF_MONTHS[facts.months]}).{_of_month_ends(start, facts.months)}"
    )
    alternatives: tuple[object, ...] | None = None
    if facts.force_kind == "other" and facts.months in _OTHER_MONTHS:
        longer = last_day_of_months(start, _OTHER_MONTHS[facts.months])
        alternatives = (last, longer)
        sentence += (
            " If the offence is investigated by one of the 4 bodies that s.47ZB(1)(a) names, the period is "
            f"{_OTHER_MONTHS[facts.months]} months, to {in_full(longer)}."
        )
    state = ClockState.DUE
    if facts.arrested == rule.in_force_from:
        state = ClockState.UNCERTAIN
        alternatives = (last, ClockState.OFF.value)
        sentence += (
            " These limits apply to arrests after their start date, which is the date of this arrest (PCSC "
            "Act 2022 s.45(3)). Ask a lawyer whether they apply. The earlier limits are off."
        )
    counted = (f"{facts.months} months beginning with {in_full(start)}",)
    return rule.answer(state, last_day=last, counted=counted, alternatives=alternatives, says=sentence)


class Notice(Facts):
    """The facts of a domestic abuse protection notice."""

    adults_by: ClassVar[str] = "s.22(6)"

    given: FactMoment | None = None
    adjourned: YesNo | None = None
    under_18: YesNo | None = None
    age: StrictInt | None = None
    born: FactDay | None = None

    @model_validator(mode="after")
    def _is_of_an_adult(self) -> Self:
        if self.under_18 or (self.age is not None and self.age < _ADULT) or self._is_born_too_late():
            raise ValueError(f"a notice may not be given to a person under 18 ({self.adults_by})")
        return self

    def _is_born_too_late(self) -> bool:
        if self.born is None or self.given is None:
            return False
        # ends before the 18th birthday; of a birth on 29 February with 28 February in a year without one
        return self.given.date() <= last_day_of_months(self.born, 12 * _ADULT)

    @property
    def governed_by(self) -> date | None:
        return None if self.given is None else self.given.date()


class ViolenceNotice(Notice):
    """The facts of a domestic violence protection notice: it is given by serving it."""

    adults_by: ClassVar[str] = "s.24(2)"


def hearing_of_notice(rule: ClockRule, facts: Notice) -> ClockAnswer:
    """Return the end of the 48 hours, by each list of bank holidays; the earliest is the one to work to."""
    if facts.given is None:
        return rule.awaiting("the time when the notice was given")
    if facts.adjourned:
        return rule.no_clock(
            "No clock: the hearing was adjourned, and the notice continues until the application is "
            f"determined or withdrawn ({rule.continued_by}). No end is computed."
        )
    hours = rule.hours
    assert hours is not None
    counts = [end_of_hours(facts.given, hours, reading) for reading in _readings(facts.given.year)]
    ends_at, days = min(counts, key=lambda count: count[0])
    latest = max(end for end, _ in counts)
    sentence = (
        f"The application must be heard by {_at(ends_at)}: {hours} hours from {_at(facts.given)}, less what "
        f"{rule.disregarded_by} disregards."
    )
    if latest != ends_at:
        sentence += (
            f" Work to this time. The better reading gives {_at(latest)}: the lists of bank holidays differ, "
            f"and {_why_lists_differ(facts.given.year)}."
        )
    if is_skipped(facts.given):
        sentence += " Clocks went forward over the time given: check it. It makes no difference to the end."
    return rule.due(
        ends_at=ends_at,
        counted=tuple(_hours_in_words(each) for each in days),
        alternatives=None if latest == ends_at else (ends_at, latest),
        says=sentence,
    )


class _Reading:
    """A way to decide what is disregarded."""

    def __init__(self, *, published: bool, statutory: bool, expected: bool) -> None:
        self._published, self._statutory, self._expected = published, statutory, expected

    def __call__(self, day: date) -> str | None:
        if day.weekday() == 6:
            return "Sunday"
        if (day.month, day.day) == (12, 25):
            return "Christmas Day"
        if day == good_friday(day.year):
            return "Good Friday"
        if (
            self._published
            and is_published(day.year)
            and day in published_bank_holidays(Area.ENGLAND_AND_WALES)
        ):
            return "bank holiday"
        if self._expected and not is_published(day.year) and day in expected_bank_holidays(day.year):
            return "bank holiday, expected"
        if self._statutory and day in statutory_bank_holidays(day.year):
            return "bank holiday by the 1971 Act"
        return None


def _readings(year: int) -> tuple[_Reading, ...]:
    """Return the readings that a lawyer may take; a year not yet published has one more, only the Act."""
    closed = _Reading(published=True, statutory=False, expected=True)
    either = _Reading(published=True, statutory=True, expected=True)
    if is_published(year) and is_published(year + 1):
        return closed, either
    return closed, either, _Reading(published=True, statutory=True, expected=False)


def _why_lists_differ(year: int) -> str:
    if is_published(year):
        return "the 1971 Act names a date that GOV.UK does not list"
    return "the bank holidays of that year are not published yet"


def _hours_in_words(each: HoursOfDay) -> str:
    if each.disregarded is not None:
        return f"{in_full(each.day)}: disregarded, {each.disregarded}"
    hours, minutes = divmod(each.minutes, 60)
    return f"{in_full(each.day)}: {hours} hours" + (f" {minutes} minutes" if minutes else "")


def _at(moment: datetime) -> str:
    return f"{moment:%H:%M} on {in_full(moment.date())}"


def _of_month_ends(start: date, months: int) -> str:
    """Return the mark for the only starts that lawyers may differ on: the 29th, 30th and 31st."""
    if start.day < 29:
        return ""
    if has_corresponding_date(start, months):
        return " It starts on the 29th, 30th or 31st: lawyers may count it differently."
    days = last_day_of_months(start, months).day
    return f" Its last month has only {days} days, and it ends with them. Lawyers may count it differently."
