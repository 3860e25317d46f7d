"""Cost of the time that agencies reported for actions, by a dated price list. Pure.

Over all cases only. Time that was not reported is in no cost: the figure is the least that it cost. A sum
shows a case where that case is nearly all of it, so it is hidden where two cases make up nine tenths.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from engine.domain.outcomes.prices import AgencyCost, CostView, PriceList, in_words
from engine.outcomes.small_numbers import HIDDEN_UNDER, progress

_PENNY, _POUND = Decimal("0.01"), Decimal(1)
_MOST_OF_TWO = Decimal("0.9")


@dataclass(frozen=True, slots=True)
class TimeReported:
    """The time of one report on an action; ``minutes`` None is not recorded, which is not nought."""

    case: str
    agency: str
    spent_on: date
    minutes: int | None
    reported_at: datetime | None = None


def cost_view(
    reported: Sequence[TimeReported],
    prices: PriceList | None,
    *,
    version: int | None = None,
    limit: int = HIDDEN_UNDER,
) -> CostView:
    """Return the cost over all cases, or in one sentence why it cannot be estimated.

    A limit of 0 hides nothing.
    """
    timed = [each for each in reported if each.minutes is not None]
    minutes: dict[str, Counter[str]] = defaultdict(Counter)
    for each in timed:
        minutes[each.agency][each.case] += each.minutes or 0
    cases = {each.case for each in timed if each.minutes}
    why_not = _why_not(timed, prices)
    pounds: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    if prices is not None and why_not is None:
        for each in timed:
            price = prices.price(each.agency, each.spent_on)
            if price is not None and each.minutes:
                pounds[each.agency][each.case] += price.pounds_per_hour * each.minutes / 60

    def is_enough_of(by_case: Mapping[str, int] | Mapping[str, Decimal]) -> bool:
        return limit == 0 or is_enough_together(by_case, limit)

    is_enough = is_enough_of(_over_agencies(minutes)) and (
        why_not is not None or is_enough_of(_over_agencies(pounds))
    )
    by_agency = is_enough and all(
        is_enough_of(minutes[agency]) and (why_not is not None or is_enough_of(pounds[agency]))
        for agency in minutes
    )
    total = sum((sum(each.values(), Decimal()) for each in pounds.values()), Decimal())
    has_cost = is_enough and why_not is None and bool(cases)
    return CostView(
        cases=progress(len(cases), len(cases), limit),
        minutes=sum(each.total() for each in minutes.values()) if is_enough else None,
        pounds=total.quantize(_POUND, ROUND_HALF_UP) if has_cost else None,
        pounds_per_case=(total / len(cases)).quantize(_POUND, ROUND_HALF_UP) if has_cost else None,
        agencies=tuple(
            AgencyCost(
                agency=agency,
                minutes=minutes[agency].total() if by_agency else None,
                pounds=(
                    sum(pounds[agency].values(), Decimal()).quantize(_POUND, ROUND_HALF_UP)
                    if by_agency and why_not is None
                    else None
                ),
            )
            for agency in sorted(minutes)
        ),
        reports=progress(len(reported), len(reported), limit),
        not_timed=progress(len(reported) - len(timed), len(reported), limit),
        list_version=version,
        why_not=why_not,
    )


def _why_not(timed: Sequence[TimeReported], prices: PriceList | None) -> str | None:
    if not any(each.minutes for each in timed):
        return "Cannot be estimated: no agency has reported minutes."
    if prices is None:
        return "Cannot be estimated: no price list is recorded."
    days: dict[str, list[date]] = defaultdict(list)
    for each in timed:
        if each.minutes:
            days[each.agency].append(each.spent_on)
    for agency in sorted(days):
        if not prices.has(agency):
            return f"Cannot be estimated: the price list has no price of {agency}. Add one."
        day = prices.first_day_without(agency, days[agency])
        if day is not None:
            return (
                f"Cannot be estimated: the price list has no price of {agency} on {in_words(day)}, and time "
                "is recorded beyond its dates. Add one."
            )
    return None


def _over_agencies(by_agency: Mapping[str, Mapping[str, int] | Mapping[str, Decimal]]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for by_case in by_agency.values():
        for case, amount in by_case.items():
            found[case] += amount
    return found


def is_enough_together(by_case: Mapping[str, int] | Mapping[str, Decimal], limit: int) -> bool:
    """Return whether enough cases are in a sum, and the largest two are under nine tenths of it."""
    amounts = sorted((Decimal(each) for each in by_case.values() if each), reverse=True)
    return len(amounts) >= limit and sum(amounts[:2]) < _MOST_OF_TWO * sum(amounts)


def changed_by_enough(reported: Sequence[TimeReported], since: datetime, limit: int) -> bool:
    """Return whether the time reported since then is of enough cases, over all and for each agency of it."""
    by_agency: dict[str, Counter[str]] = defaultdict(Counter)
    for each in reported:
        if each.reported_at is not None and each.reported_at > since:
            by_agency[each.agency][each.case] += each.minutes or 0
    return (
        bool(by_agency)
        and is_enough_together(_over_agencies(by_agency), limit)
        and all(is_enough_together(by_case, limit) for by_case in by_agency.values())
    )
