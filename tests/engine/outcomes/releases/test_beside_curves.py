"""Curves beside results and comparisons: a difference of a few cases is not left to subtraction."""

from __future__ import annotations

from datetime import date

import pytest

from engine.domain.outcomes.comparisons import Arm, ComparedBy, Comparison, Comparisons, Verdict
from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.releases import EVERYONE, Curve, Group, GroupFigures, MeasureFigures, Step
from engine.outcomes.comparing import HORIZON_DAYS
from engine.outcomes.followed_cases import LANDMARK_DAYS
from engine.outcomes.releases.beside_curves import without_curves_that_show_open_cases, without_narrowing
from engine.outcomes.releases.micro_tables import DAYS_IN_MONTH

DAY = date(2026, 9, 30)


def a_curve(**events: int) -> Curve:
    """Steps by the month of their end, such as until_12."""
    steps = tuple(
        Step(
            until_month=int(name.removeprefix("until_")),
            followed=400,
            events=number,
            competing=0,
            left=0,
            share=0.5,
            low=0.4,
            high=0.6,
        )
        for name, number in events.items()
    )
    return Curve(as_of=DAY, followed=400, still=100, steps=steps)


def figures(curve: Curve, further: int = 40, group: Group = EVERYONE) -> GroupFigures:
    results = MeasureFigures(
        measure=Measure.REPORTED,
        as_of=DAY,
        parts=(),
        further=further,
        counted=200,
        share=0.2,
        low=0.1,
        high=0.3,
    )
    return GroupFigures(group=group, cases=400, as_of=DAY, measures=(results,), reported=curve)


@pytest.mark.parametrize(
    ("curve", "open_events", "is_shown"),
    [
        (a_curve(until_3=20, until_12=24), 4, False),
        (a_curve(until_3=20, until_12=32), 12, True),
        (a_curve(until_3=20, until_12=20), 0, True),
        (a_curve(until_3=20, until_10=18, until_15=30), 4, True),
        (a_curve(until_3=20, until_10=18, until_15=10), 4, False),
    ],
    ids=["exactly 4", "12 are enough", "none", "4 within a wide step", "a step that is not wide enough"],
)
def test_a_curve_does_not_show_how_few_had_a_report_before_their_time_is_over(
    curve: Curve, open_events: int, is_shown: bool
) -> None:
    (found,) = without_curves_that_show_open_cases(
        [figures(curve)], lambda group: open_events, limit=10, width=10
    )
    assert (found.reported is not None) is is_shown
    assert found.measures == figures(curve).measures


def test_comparisons_begin_and_end_where_steps_of_curves_can() -> None:
    ends = (LANDMARK_DAYS, LANDMARK_DAYS + HORIZON_DAYS + 1)
    assert [int(each / DAYS_IN_MONTH) for each in ends] == [3, 15]
    assert [int((each - 1) / DAYS_IN_MONTH) for each in ends] == [2, 14]


def compared(events: int, without: int, by: ComparedBy = ComparedBy.PERIOD) -> Comparisons:
    one = Comparison(
        by=by,
        level="2025",
        as_of=DAY,
        landmark_days=92,
        horizon_days=364,
        with_it=Arm(cases=100, events=events, share=0.3),
        without=Arm(cases=100, events=without, share=0.3),
        low=-5.0,
        high=5.0,
        verdict=Verdict.INCONCLUSIVE,
    )
    return Comparisons(by=by, counted=3, confidence=0.98, shown=(one,), hidden=1)


def test_a_comparison_does_not_narrow_the_step_that_its_landmark_is_in() -> None:
    curve = a_curve(until_6=30, until_15=20)
    year = figures(curve, group=Group(period="2025"))
    narrow = without_narrowing(compared(46, 200), [year], lambda group, days: 4, limit=10, width=10)
    assert (narrow.shown, narrow.hidden) == ((), 2)
    wide = without_narrowing(compared(35, 200), [year], lambda group, days: 15, limit=10, width=10)
    assert (len(wide.shown), wide.hidden) == (1, 1)


def test_both_sides_of_a_comparison_together_are_beside_the_curve_of_everyone() -> None:
    everyone = figures(a_curve(until_6=30, until_15=20))
    found = without_narrowing(
        compared(20, 26, ComparedBy.INTERVENTION), [everyone], lambda group, days: 4, limit=10, width=10
    )
    assert found.shown == ()
    exact = figures(a_curve(until_3=12, until_15=46))
    found = without_narrowing(
        compared(20, 26, ComparedBy.INTERVENTION), [exact], lambda group, days: 12, limit=10, width=10
    )
    assert len(found.shown) == 1
