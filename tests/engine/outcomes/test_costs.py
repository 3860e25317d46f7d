"""Costs of reported time: by the price of the day, over all cases; a missing price is a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from engine.domain.outcomes.prices import Price, PriceList
from engine.outcomes.costs import TimeReported, cost_view

DAY, LATER = date(2026, 3, 1), date(2026, 4, 1)
PRICES = PriceList(
    prices=(
        Price(agency="harbour", begins=date(2025, 4, 1), ends=date(2026, 3, 31), pounds_per_hour=Decimal(60)),
        Price(agency="harbour", begins=LATER, pounds_per_hour=Decimal(120)),
        Price(agency="voice", begins=date(2025, 4, 1), pounds_per_hour=Decimal(30)),
    )
)


def reported(
    agency: str = "harbour", *, cases: int = 20, minutes: int | None = 60, on: date = DAY
) -> list[TimeReported]:
    return [TimeReported(f"case {n}", agency, on, minutes) for n in range(cases)]


def test_each_day_has_its_own_price_and_the_sum_is_over_all_cases() -> None:
    view = cost_view([*reported(), *reported(on=LATER), *reported("voice", minutes=90)], PRICES, version=3)
    assert (view.cases, view.minutes, view.list_version) == (20, 20 * 210, 3)
    assert view.pounds == 20 * (60 + 120 + 45)
    assert view.pounds_per_case == 225
    assert [(each.agency, each.minutes, each.pounds) for each in view.agencies] == [
        ("harbour", 2400, Decimal(3600)),
        ("voice", 1800, Decimal(900)),
    ]


def test_time_that_is_not_recorded_is_counted_and_is_in_no_cost() -> None:
    view = cost_view([*reported(), *reported("voice", minutes=None)], PRICES)
    assert (view.pounds, view.reports, view.not_timed) == (Decimal(1200), 40, 20)
    assert [each.agency for each in view.agencies] == ["harbour"]


def test_a_missing_price_is_one_sentence_that_names_a_day_of_the_list() -> None:
    early = cost_view([*reported(), *reported(on=date(2024, 1, 9))], PRICES)
    assert early.why_not is not None
    assert "no price of harbour on 31 March 2025" in early.why_not
    assert "2024" not in early.why_not
    assert early.pounds is early.pounds_per_case is None
    assert early.minutes == 2400
    other = cost_view(reported("lantern"), PRICES)
    assert other.why_not == "Cannot be estimated: the price list has no price of lantern. Add one."
    # minutes of nought need no price
    assert cost_view([*reported(), *reported("lantern", minutes=0)], PRICES).pounds == 1200


def test_no_list_and_no_time_are_different_sentences_and_neither_is_nought() -> None:
    for given, prices, sentence in (
        (reported(), None, "no price list is recorded"),
        (reported(minutes=None), PRICES, "no agency has reported minutes"),
        ([], PRICES, "no agency has reported minutes"),
    ):
        view = cost_view(given, prices)
        assert view.why_not is not None
        assert sentence in view.why_not
        assert view.pounds is None


def hidden(given: Sequence[TimeReported]) -> bool:
    view = cost_view(given, PRICES)
    return {view.pounds, view.pounds_per_case, view.minutes} == {None}


def test_few_cases_and_a_sum_that_is_nearly_all_of_two_cases_are_hidden() -> None:
    assert hidden(reported(cases=9))
    assert not hidden(reported(cases=10))
    two_long = [TimeReported(f"case {n}", "harbour", DAY, 9000) for n in (0, 1)]
    assert hidden([*reported(cases=20), *two_long])
    assert not hidden([*reported(cases=60), *two_long])


def test_one_agency_with_few_cases_hides_every_agency_but_not_the_sum() -> None:
    view = cost_view([*reported(), *reported("voice", cases=4)], PRICES)
    assert view.pounds == 20 * 60 + 4 * 30
    assert {(each.minutes, each.pounds) for each in view.agencies} == {(None, None)}
