"""Comparisons: no difference that is not there, no group formed later, no hidden level given away."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from engine.domain.outcomes.comparisons import ComparedBy, Comparisons, Verdict
from engine.domain.outcomes.follow_up import AgainstWhom, Measure
from engine.domain.outcomes.observed import FurtherAct, MeasureObserved, ObservedCase
from engine.outcomes.comparing import compare, followed_from, verdict_of

DAY = date(2026, 9, 30)
PROGRAMMES = ("a", "b", "c", "d", "e")


def case(
    number: int,
    act: int | None,
    *,
    until: int = 600,
    interventions: frozenset[str] = frozenset(),
    typology: str | None = None,
) -> ObservedCase:
    def measured(measure: Measure) -> MeasureObserved:
        acts = (FurtherAct(act, AgainstWhom.SAME_VICTIM),) if act is not None and act <= until else ()
        return MeasureObserved(measure, until, acts)

    return ObservedCase(
        reference=str(number),
        person=str(number),
        anchor=date(2024, 1, 1),
        ended_day=None,
        ending=None,
        custody=(),
        measures={measure: measured(measure) for measure in Measure},
        typology=typology,
        interventions=interventions,
    )


def simulated(seed: int, *, helps: float = 1.0, number: int = 320) -> list[ObservedCase]:
    """Cases with five programmes given by chance; the first multiplies the rate of reports."""
    chance = np.random.default_rng(seed)
    found = []
    for each in range(number):
        had = frozenset(name for name in PROGRAMMES if chance.random() < 0.4)
        rate = 0.0016 * (helps if "a" in had else 1.0)
        typology = ("rejected", "resentful")[int(chance.random() < 0.3)]
        until = int(chance.integers(200, 700))
        act = int(chance.exponential(1 / rate))
        found.append(case(each, act, until=until, interventions=had, typology=typology))
    return found


def compared(cases: list[ObservedCase], by: ComparedBy = ComparedBy.INTERVENTION) -> Comparisons:
    return compare(cases, by, as_of=DAY, limit=10)


def false_alarms(runs: int) -> float:
    """The share of simulated releases of programmes without effect in which any of five seems to differ."""
    alarms = 0
    for seed in range(runs):
        found = compared(simulated(seed))
        assert found.counted == len(PROGRAMMES)
        alarms += any(each.verdict is not Verdict.INCONCLUSIVE for each in found.shown)
    return alarms / runs


def test_five_programmes_without_effect_seldom_seem_to_differ() -> None:
    assert false_alarms(60) <= 0.13


@pytest.mark.full
def test_false_alarms_of_all_comparisons_together_are_nominal() -> None:
    assert 0.02 <= false_alarms(1000) <= 0.075


def test_a_programme_that_halves_reports_is_found() -> None:
    found = compared(simulated(5, helps=0.3, number=900))
    first = next(each for each in found.shown if each.level == "a")
    assert first.verdict is Verdict.FEWER
    assert first.standardised is not None
    assert first.standardised.verdict is Verdict.FEWER
    assert first.standardised.e_value is not None
    assert first.standardised.e_value > 1
    assert found.confidence == pytest.approx(0.99)


def test_a_report_before_the_landmark_or_no_one_followed_so_long_is_not_compared() -> None:
    cases = [case(1, 89), case(2, 90), case(3, None, until=80), case(4, None, until=200)]
    assert [each.reference for each in followed_from(cases, 90).cases] == ["2", "4"]


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(-5.0, -0.1, Verdict.FEWER), (-5.0, 0.0, Verdict.INCONCLUSIVE), (0.1, 4.0, Verdict.MORE)],
)
def test_a_range_that_includes_no_difference_is_inconclusive(
    low: float, high: float, verdict: Verdict
) -> None:
    assert verdict_of(low, high) is verdict


def test_groups_that_do_not_overlap_are_not_standardised() -> None:
    cases = [
        case(
            number,
            100 if number % 2 else None,
            typology=("rejected", "resentful")[number % 4 > 1],
            interventions=frozenset({"a"} if number % 4 > 1 else ()),
        )
        for number in range(200)
    ]
    (only,) = compared(cases).shown
    assert only.standardised is not None
    assert only.standardised.refused == "The groups are too different to compare."


def test_one_small_level_is_not_worked_out_from_all_others() -> None:
    sizes = {"rejected": 120, "resentful": 80, "predatory": 6}
    cases = [
        case(number, 150 if number % 2 else None, typology=typology)
        for typology, size in sizes.items()
        for number in range(size)
    ]
    found = compared(cases, ComparedBy.TYPOLOGY)
    assert [each.level for each in found.shown] == ["rejected"]
    assert found.hidden == 2


def test_a_side_that_changed_by_few_cases_is_repeated_as_it_was() -> None:
    cases = simulated(1)
    then = compared(cases)
    now = compare(
        cases + simulated(2, number=4),
        ComparedBy.INTERVENTION,
        as_of=date(2026, 12, 31),
        limit=10,
        before=then.shown,
    )
    assert now.shown == then.shown
