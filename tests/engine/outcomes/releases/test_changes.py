"""A release after others: no small change of a group follows from what is new beside what is repeated."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.observed import MeasureObserved, ObservedCase
from engine.domain.outcomes.releases import EVERYONE, Group, RegisteredRelease
from engine.outcomes.releases.protecting import LEAKS
from tests.engine.outcomes.releases.test_releasing import registered

FIRST, SECOND = date(2025, 9, 30), date(2025, 12, 31)
ONE, OTHER = Group(typology="one"), Group(typology="other")


def decided(number: int, typology: str, day: date) -> list[ObservedCase]:
    """Cases of a type, decided on one date; no one has searched yet."""
    return [
        ObservedCase(
            reference=f"{typology} {day} {place}",
            person=f"{typology} {day} {place}",
            anchor=day,
            ended_day=None,
            ending=None,
            custody=(),
            measures={each: MeasureObserved(each, looked_until=None, acts=()) for each in Measure},
            typology=typology,
        )
        for place in range(number)
    ]


def second_release(one: int, other: int) -> RegisteredRelease:
    """Make a release of 40 and 50 cases, and return the next, with so many more of each type."""
    cases = [*decided(40, "one", FIRST), *decided(50, "other", FIRST)]
    first = registered(cases, FIRST)
    new = SECOND - timedelta(days=10)
    return registered([*cases, *decided(one, "one", new), *decided(other, "other", new)], SECOND, first)


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        (6, 12, (108, 40, 50)),
        (6, 14, (110, 40, 50)),
        (0, 12, (102, 40, 62)),
        (12, 15, (117, 52, 65)),
        (6, 7, (103, 40, 50)),
        (4, 5, (90, 40, 50)),
    ],
    ids=[
        "6 would follow from the total and the other type",
        "the same, of another total",
        "none changed",
        "both changed by much",
        "both by few, and together by much",
        "all by few",
    ],
)
def test_a_small_change_of_a_repeated_group_does_not_follow_from_a_new_total(
    one: int, other: int, shown: tuple[int, int, int]
) -> None:
    made = second_release(one, other)
    figures = [made.release.of(group) for group in (EVERYONE, ONE, OTHER)]
    assert tuple(each.cases if each else None for each in figures) == shown


def test_what_is_repeated_so_that_a_change_stays_hidden_is_refused_with_the_figures_that_show_it() -> None:
    leaks = [
        each for each in second_release(6, 12).refusals if each.table == "cases" and each.reason == LEAKS
    ]
    assert {each.group for each in leaks} == {OTHER, OTHER.model_copy(update={"period": "2025"})}
    for each in leaks:
        assert any("earlier release 1" in figure for figure in each.chain)
