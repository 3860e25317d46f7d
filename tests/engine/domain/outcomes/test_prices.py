"""A price list has one price of an agency for each day, or says in one sentence which day has none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from engine.domain.outcomes.prices import PriceList


def a_list(*prices: tuple[str, str, str | None, Any]) -> PriceList:
    return PriceList.model_validate(
        {
            "prices": [
                {"agency": agency, "begins": begins, "ends": ends, "pounds_per_hour": pounds}
                for agency, begins, ends, pounds in prices
            ]
        }
    )


def pounds_on(prices: PriceList, day: date) -> Decimal | None:
    price = prices.price("harbour", day)
    return price.pounds_per_hour if price else None


def test_a_gap_is_refused_and_names_the_first_day_without_a_price() -> None:
    whole = a_list(("harbour", "2025-04-01", "2026-03-31", "40.50"), ("harbour", "2026-04-01", None, 42))
    assert pounds_on(whole, date(2026, 3, 31)) == Decimal("40.50")
    assert pounds_on(whole, date(2026, 4, 1)) == 42
    assert pounds_on(whole, date(2025, 3, 31)) is None
    with pytest.raises(ValidationError, match="harbour has no price on 31 March 2026; add one from then on"):
        a_list(("harbour", "2026-04-01", None, 42), ("harbour", "2025-04-01", "2026-03-30", 40))


@pytest.mark.parametrize("ends", ["2026-04-01", None])
def test_two_prices_on_one_day_are_refused(ends: str | None) -> None:
    with pytest.raises(ValidationError, match="harbour has 2 prices on 1 April 2026"):
        a_list(("harbour", "2025-04-01", ends, 40), ("harbour", "2026-04-01", None, 42))
    a_list(("harbour", "2025-04-01", ends, 40), ("voice", "2026-04-01", None, 42))


def test_a_day_beyond_the_list_is_named_by_the_list_and_not_by_the_work() -> None:
    prices = a_list(("harbour", "2025-04-01", "2026-03-31", 40))
    inside, before, after = date(2025, 4, 1), date(2024, 1, 9), date(2027, 1, 9)
    assert prices.first_day_without("harbour", [inside]) is None
    assert prices.first_day_without("harbour", [inside, before]) == date(2025, 3, 31)
    assert prices.first_day_without("harbour", [after, inside]) == date(2026, 4, 1)
    assert a_list(("harbour", "2025-04-01", None, 40)).first_day_without("harbour", [after]) is None
    assert not prices.has("voice")


@pytest.mark.parametrize(
    ("price", "sentence"),
    [
        (("harbour", "2026-04-01", "2026-03-31", 40), "31 March 2026 is before it begins"),
        (("harbour", "2026-04-01", None, -1), "greater than or equal to 0"),
        (("harbour", "2026-04-01", None, "NaN"), "finite number"),
        (("harbour", "2026-04-01", None, "1.005"), "2 decimal places"),
        (("harbour", "someday", None, 40), "valid date"),
    ],
)
def test_an_absurd_price_is_refused(price: tuple[str, str, str | None, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        a_list(price)


def test_an_empty_list_is_refused() -> None:
    with pytest.raises(ValidationError):
        a_list()
