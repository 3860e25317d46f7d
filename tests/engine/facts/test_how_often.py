"""Counts beside the same before, and acts close together after longer gaps, each with a near miss."""

from __future__ import annotations

import pytest

from engine.domain.cases.plain_facts import FactKind
from tests.engine.facts.builders import act, of_kind, sentences


def test_three_periods_stand_beside_as_many_days_before() -> None:
    acts = [act(days) for days in (0, 3, 13, 20, 30, 80, 95)]
    assert sentences(FactKind.COUNTS, *acts) == [
        "Reported acts: 3 in the last 14 days, 1 in the 14 before; 4 in the last 28, 1 in "
        "the 28 before; 6 in the last 90, 1 in the 90 before."
    ]


@pytest.mark.parametrize(("days", "fires"), [(0, True), (89, True), (90, False), (-1, False)])
def test_a_period_without_an_act_is_not_said(days: int, fires: bool) -> None:
    found = sentences(FactKind.COUNTS, act(days))
    assert bool(found) is fires
    assert not any(": 0 in" in each or ", 0 in" in each for each in found)


def test_an_act_of_a_month_counts_where_all_its_days_are_within_the_period() -> None:
    assert sentences(FactKind.COUNTS, act(None, happened="2026-02")) == [
        "Reported acts: 1 in the last 90 days, none in the 90 before."
    ]
    assert sentences(FactKind.COUNTS, act(None, happened="2026")) == [], "it may be yet to come"


def test_acts_closer_together_than_the_gaps_before_them() -> None:
    # gaps of 51, 60 and 50 days, then three within fifteen
    days = (175, 124, 64, 14, 6, 0)
    assert sentences(FactKind.GAPS, *(act(each) for each in days)) == [
        "Reported acts: 3 in 15 days (17 March 2026 to 31 March 2026), after gaps of 51, 60 and 50 days."
    ]


@pytest.mark.parametrize(
    ("days", "fires"),
    [
        ((40, 15, 5, 0), True),  # a gap of 25, three in 15 days
        ((30, 15, 5, 0), False),  # a gap of 15: as long as the three took
        ((31, 15, 5, 0), True),
        ((40, 5, 0), False),  # two need three gaps before them
        ((155, 104, 44, 4, 0), True),  # of 51, 60 and 40: each more than twice as long as 4
        ((155, 104, 74, 20, 0), False),
        ((64, 44, 4, 0), False),
        ((15, 5, 0), False),  # no gap before the first
        ((10, 0, 0, 0), True),  # three on one day
    ],
)
def test_it_fires_with_three_within_less_than_the_shortest_gap(days: tuple[int, ...], fires: bool) -> None:
    acts = [act(each, name=f"I-{number}") for number, each in enumerate(days)]
    assert bool(sentences(FactKind.GAPS, *acts)) is fires


def test_a_long_silence_after_them_takes_nothing_back() -> None:
    close = (275, 224, 164, 114, 106, 100)
    before = sentences(FactKind.GAPS, *(act(each) for each in close))
    assert before == sentences(FactKind.GAPS, *(act(each) for each in (*close, 0)))
    (fact,) = of_kind(FactKind.GAPS, *(act(each) for each in close))
    assert fact.short is None, "it is of more than 28 days ago"
