"""The price of an hour of each agency's work, with dates. A date without a price is refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from engine.domain.base import Code, Frozen, Instant
from engine.domain.errors import InvalidInputError


class Price(Frozen):
    """The price of an hour of one agency from a date on; without ``ends`` it still applies."""

    agency: Code
    begins: date
    ends: date | None = None
    pounds_per_hour: Annotated[Decimal, Field(ge=0, le=10_000, decimal_places=2)]

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Price:
        if self.ends is not None and self.ends < self.begins:
            raise ValueError(f"ends: {in_words(self.ends)} is before it begins")
        return self

    def applies_on(self, day: date) -> bool:
        """Return whether this is the price on a date."""
        return self.begins <= day and (self.ends is None or day <= self.ends)


class PriceList(Frozen):
    """All prices, of whichever agencies have one. Between two prices of an agency no day is left out."""

    prices: Annotated[tuple[Price, ...], Field(min_length=1, max_length=1_000)]

    @model_validator(mode="after")
    def _no_gap_and_no_overlap(self) -> PriceList:
        for agency, prices in self._by_agency().items():
            for one, following in pairwise(prices):
                if one.ends is None or one.ends >= following.begins:
                    raise ValueError(f"{agency} has 2 prices on {in_words(following.begins)}; leave one out")
                missing = one.ends + timedelta(days=1)
                if missing != following.begins:
                    raise ValueError(f"{agency} has no price on {in_words(missing)}; add one from then on")
        return self

    def price(self, agency: str, day: date) -> Price | None:
        """Return the price of an agency on a date, if there is one."""
        return next((each for each in self.prices if each.agency == agency and each.applies_on(day)), None)

    def first_day_without(self, agency: str, days: Sequence[date]) -> date | None:
        """Return the date next to an agency's prices if work on one of these dates has none.

        It is a date of the list and not of the work: just before its first price, or just after its last.
        """
        prices = self._by_agency().get(agency, [])
        if not prices:
            return min(days, default=None)
        if any(day < prices[0].begins for day in days):
            return prices[0].begins - timedelta(days=1)
        ends = prices[-1].ends
        return ends + timedelta(days=1) if ends is not None and any(day > ends for day in days) else None

    def has(self, agency: str) -> bool:
        """Return whether any price of an agency is there."""
        return any(each.agency == agency for each in self.prices)

    def in_order(self) -> Iterator[Price]:
        """Yield the prices by agency and date."""
        for _, prices in sorted(self._by_agency().items()):
            yield from prices

    def _by_agency(self) -> dict[str, list[Price]]:
        found: dict[str, list[Price]] = defaultdict(list)
        for each in sorted(self.prices, key=lambda price: price.begins):
            found[each.agency].append(each)
        return found


class StoredPriceList(Frozen):
    """One version of the price list; the newest applies to all work, whenever it was done."""

    version: int
    given: PriceList
    by: str
    at: Instant


class AgencyCost(Frozen):
    """One agency's time and what it cost. None is hidden."""

    agency: str
    minutes: int | None
    pounds: Decimal | None


class CostView(Frozen):
    """The cost of the time that agencies reported, over all cases. None is hidden or cannot be estimated.

    ``not_timed`` are reports on actions without minutes: their time is in no cost.
    """

    cases: int | None
    minutes: int | None
    pounds: Decimal | None
    pounds_per_case: Decimal | None
    agencies: tuple[AgencyCost, ...]
    reports: int | None
    not_timed: int | None
    list_version: int | None
    why_not: str | None


def in_words(day: date) -> str:
    """Return a date as a sentence has it."""
    return f"{day.day} {day:%B %Y}"


def with_price(there: PriceList | None, price: Price) -> PriceList:
    """Return a list with one more price, which ends the agency's newest one.

    Raises InvalidInputError if it does not begin after the newest one, or leaves days without a price.
    """
    prices = list(there.in_order()) if there is not None else []
    of_agency = [each for each in prices if each.agency == price.agency]
    if of_agency:
        newest = of_agency[-1]
        if price.begins <= newest.begins:
            raise InvalidInputError(
                "from", f"the newest price is from {in_words(newest.begins)}; begin after it"
            )
        before = price.begins - timedelta(days=1)
        if newest.ends is not None and newest.ends < before:
            missing = newest.ends + timedelta(days=1)
            raise InvalidInputError("from", f"there is no price on {in_words(missing)}; begin then")
        prices[prices.index(newest)] = newest.model_copy(update={"ends": before})
    return PriceList(prices=(*prices, price))
