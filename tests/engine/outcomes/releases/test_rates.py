"""Rates: which are of few cases, and which would give the acts of a few away by subtraction."""

from __future__ import annotations

from datetime import date

import pytest

from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.releases import FurtherOften, Group, GroupFigures, MeasureFigures
from engine.outcomes.releases.rates import hide_rates_that_reveal, is_of_few

DAY = date(2026, 9, 30)
EVEN, OF_TWO = [2] * 12, [90, 80, *[1] * 10]
ActsByBorough = dict[str, list[int]]


def rates_shown(acts: ActsByBorough, *, hidden: tuple[str, ...] = ()) -> set[str | None]:
    """The boroughs whose rate is shown; None is all of them together."""
    everyone = [number for numbers in acts.values() for number in numbers]
    wholes: list[tuple[str | None, list[int]]] = [(None, everyone), *acts.items()]
    groups = [
        GroupFigures(
            group=Group(borough=borough),
            cases=99,
            as_of=DAY,
            measures=(
                MeasureFigures(
                    measure=Measure.REPORTED,
                    as_of=DAY,
                    parts=(),
                    further=12,
                    counted=30,
                    share=0.4,
                    low=0.2,
                    high=0.6,
                    often=None
                    if borough in hidden
                    else FurtherOften(acts=sum(numbers), years=20, rate=1.0, low=0.5, high=2.0),
                ),
            ),
        )
        for borough, numbers in wholes
    ]
    by_codes = {("2025", borough, "rejected"): numbers for borough, numbers in acts.items()}
    found = hide_rates_that_reveal(groups, dict.fromkeys(Measure, by_codes), 10)
    return {
        each.group.borough
        for each in found
        if (figures := each.of(Measure.REPORTED)) is not None and figures.often is not None
    }


@pytest.mark.parametrize(("acts", "few"), [(EVEN, False), (OF_TWO, True), ([5] * 9, True), ([0] * 30, True)])
def test_a_rate_is_of_few_where_few_have_acts_or_two_have_nearly_all(acts: list[int], few: bool) -> None:
    assert is_of_few(acts, 10) is few


def test_rates_that_are_all_shown_stay() -> None:
    assert rates_shown({"a": EVEN, "b": EVEN}) == {None, "a", "b"}


def test_the_acts_of_two_cases_cannot_be_taken_from_the_rates_of_everyone_and_of_the_others() -> None:
    acts = {"a": OF_TWO, "b": [9] * 12, "c": [9] * 40}
    assert rates_shown(acts, hidden=("a",)) == {None, "c"}


def test_few_acts_that_no_rate_shows_are_not_worked_out() -> None:
    assert rates_shown({"a": [1, 1], "b": EVEN, "c": [3] * 30}, hidden=("a",)) == {None, "c"}


def test_a_hidden_group_without_acts_hides_no_other() -> None:
    assert rates_shown({"a": [0, 0], "b": EVEN}, hidden=("a",)) == {None, "b"}
