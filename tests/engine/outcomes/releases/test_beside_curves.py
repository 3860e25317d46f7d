"""Curves beside results and comparisons: a difference of a few cases is not left to subtraction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from engine.domain.outcomes.comparisons import Arm, ComparedBy, Comparison, Comparisons, Verdict
from engine.domain.outcomes.follow_up import AgainstWhom, Measure
from engine.domain.outcomes.observed import FurtherAct, MeasureObserved, ObservedCase, Standing
from engine.domain.outcomes.releases import (
    EVERYONE,
    NOT_TESTED,
    Curve,
    Group,
    GroupFigures,
    MeasureFigures,
    Step,
)
from engine.outcomes.comparing import HORIZON_DAYS
from engine.outcomes.followed_cases import LANDMARK_DAYS
from engine.outcomes.observed.answering import first_ending
from engine.outcomes.observed.windows import WINDOW_DAYS, standing
from engine.outcomes.releases.beside_curves import ProtectedCurves, protect_curves
from engine.outcomes.releases.micro_tables import DAYS_IN_MONTH, frame_of
from engine.outcomes.releases.protecting import LEAKS
from engine.outcomes.statistics.risk_table import COMPETING, EVENT, LEFT

DAY = date(2026, 9, 30)
MONTH = 30
Shown = tuple[tuple[GroupFigures, ...], tuple[Comparisons, ...]]


def cases_of(
    number: int,
    *,
    year: int,
    month: int | None,
    over: bool = True,
    custody: int | None = None,
    searched: bool = True,
) -> list[ObservedCase]:
    """Cases of a year, with a first act in a month or none; ``over`` where their 12 months are over."""
    anchor = date(year, 1, 15) if over else DAY - timedelta(days=340)
    until = (DAY - anchor).days
    act = FurtherAct(day=(month - 1) * MONTH + 5, against=AgainstWhom.SAME_VICTIM) if month else None
    measures = {
        each: MeasureObserved(each, looked_until=until if searched else None, acts=(act,) if act else ())
        for each in Measure
    }
    return [
        ObservedCase(
            reference=f"{year} {month} {over} {custody} {searched} {place}",
            person=f"{year} {month} {over} {custody} {searched} {place}",
            anchor=anchor,
            ended_day=None,
            ending=None,
            custody=() if custody is None else ((custody, None),),
            measures=measures,
            typology="in person" if place % 2 else "other",
        )
        for place in range(number)
    ]


def in_group(cases: Sequence[ObservedCase], group: Group) -> list[ObservedCase]:
    return [case for case in cases if group.period in (None, str(case.anchor.year))]


def a_curve(cases: Sequence[ObservedCase], ends: Sequence[int], measure: Measure = Measure.REPORTED) -> Curve:
    """The steps that a release would show of these cases."""
    ended = [end for case in cases if (end := first_ending(case, measure)) is not None]
    steps, begin = [], 0.0
    for month in ends:
        inside = [each for each in ended if begin <= each.days < month * DAYS_IN_MONTH]
        begin = month * DAYS_IN_MONTH
        numbers = [sum(each.ending == how for each in inside) for how in (EVENT, COMPETING, LEFT)]
        steps.append(
            Step(
                until_month=month,
                followed=len(ended),
                events=numbers[0],
                competing=numbers[1],
                left=numbers[2],
                share=0.5,
                low=0.4,
                high=0.6,
            )
        )
    still = sum(each.days >= begin for each in ended)
    return Curve(as_of=DAY, followed=len(ended), still=still, steps=tuple(steps))


def figures(
    cases: Sequence[ObservedCase],
    *ends: int,
    group: Group = EVERYONE,
    results: bool = True,
    measure: Measure = Measure.REPORTED,
) -> GroupFigures:
    """What is shown of a group: a curve with these ends, and results."""
    members = in_group(cases, group)
    further = sum(standing(case, measure, WINDOW_DAYS, DAY) is Standing.FURTHER for case in members)
    shown = MeasureFigures(
        measure=measure,
        as_of=DAY,
        parts=(),
        further=further,
        counted=200,
        share=0.2,
        low=0.1,
        high=0.3,
    )
    curve = a_curve(members, ends, measure) if ends else None
    return GroupFigures(
        group=group,
        cases=len(members),
        as_of=DAY,
        measures=(shown,) if results else (),
        reported=curve if measure is Measure.REPORTED else None,
        recorded=curve if measure is Measure.RECORDED else None,
    )


def of_an_older_date(figures: GroupFigures) -> GroupFigures:
    """The same, with decided cases of an earlier date: they are no part of the sums."""
    return figures.model_copy(update={"as_of": DAY - timedelta(days=92)})


def protected(
    cases: Sequence[ObservedCase],
    *groups: GroupFigures,
    compared: Comparisons | None = None,
    seconds: float = 60,
) -> Shown:
    found = with_refusals(cases, *groups, compared=compared, seconds=seconds)
    return found.groups, found.comparisons


def with_refusals(
    cases: Sequence[ObservedCase],
    *groups: GroupFigures,
    compared: Comparisons | None = None,
    seconds: float = 60,
) -> ProtectedCurves:
    return protect_curves(
        groups,
        () if compared is None else (compared,),
        cases,
        frame_of(cases),
        as_of=DAY,
        limit=10,
        width=10,
        seconds_left=lambda: seconds,
    )


def some(open_reports: int, month: int = 11) -> list[ObservedCase]:
    """Forty reports in results, so many that are not, and a hundred cases without one."""
    return [
        *cases_of(20, year=2024, month=2),
        *cases_of(20, year=2024, month=5),
        *cases_of(open_reports, year=2025, month=month, over=False),
        *cases_of(100, year=2024, month=None),
    ]


@pytest.mark.parametrize(
    ("open_reports", "ends", "is_shown"),
    [
        (4, (3, 12), False),
        (12, (3, 12), True),
        (0, (3, 12), True),
    ],
    ids=["exactly 4", "12 are enough", "none"],
)
def test_a_curve_does_not_show_how_few_had_a_report_before_their_time_is_over(
    open_reports: int, ends: tuple[int, ...], is_shown: bool
) -> None:
    cases = some(open_reports)
    ((found,), _) = protected(cases, figures(cases, *ends))
    assert (found.reported is not None) is is_shown
    assert found.measures == figures(cases, *ends).measures


@pytest.mark.parametrize(("late", "is_shown"), [(30, True), (3, False)])
def test_few_open_reports_within_a_wide_step_are_not_worked_out(late: int, is_shown: bool) -> None:
    cases = [*some(4), *cases_of(late, year=2024, month=14)]
    ((found,), _) = protected(cases, figures(cases, 3, 15))
    assert (found.reported is not None) is is_shown


def test_few_open_reports_do_not_follow_from_several_groups() -> None:
    """The group with the few has no curve, and everyone has no results: no pair of both shows them."""
    cases = [*some(4), *cases_of(30, year=2023, month=4), *cases_of(30, year=2025, month=4)]
    years = [Group(period=str(year)) for year in (2023, 2024, 2025)]
    shown = [
        figures(cases, 3, 12, results=False),
        figures(cases, 3, 12, group=years[0], results=False),
        figures(cases, 3, 12, group=years[1], results=False),
        figures(cases, group=years[2]),
    ]
    groups, _ = protected(cases, *shown)
    assert sum(each.reported is None for each in groups) == 2, "one curve more than before is hidden"
    assert groups[0].reported is not None, "that of everyone stays"
    alone, _ = protected(cases, *shown[:3])
    assert [each.reported for each in alone] == [each.reported for each in shown[:3]]


def test_a_curve_of_recorded_crime_is_attacked_with_its_results_too() -> None:
    cases = some(4)
    ((found,), _) = protected(cases, figures(cases, 3, 12, measure=Measure.RECORDED))
    assert found.recorded is None


@pytest.mark.parametrize(("without_act", "is_shown"), [(30, True), (0, False)])
def test_recorded_crimes_after_custody_are_in_results_and_no_event_of_the_curve(
    without_act: int, is_shown: bool
) -> None:
    """Where all 20 of those in custody had an act, results less 20 would show the 4."""
    cases = [
        *some(4),
        *cases_of(20, year=2024, month=6, custody=3),
        *cases_of(without_act, year=2024, month=None, custody=4),
    ]
    ((found,), _) = protected(cases, figures(cases, 3, 12, measure=Measure.RECORDED))
    assert (found.recorded is not None) is is_shown


@pytest.mark.parametrize(("not_searched", "is_shown"), [(4, False), (12, True), (0, True)])
def test_decided_cases_less_those_followed_are_none_or_many(not_searched: int, is_shown: bool) -> None:
    cases = [*some(12), *cases_of(not_searched, year=2024, month=None, searched=False)]
    ((found,), _) = protected(cases, figures(cases, 3, 12))
    assert (found.reported is not None) is is_shown
    ((old,), _) = protected(cases, of_an_older_date(figures(cases, 3, 12)))
    assert old.reported is not None, "decided cases of another date are another number"


@pytest.mark.parametrize(("early", "is_shown"), [(4, False), (15, True)])
def test_decided_cases_less_those_compared_are_none_or_many(early: int, is_shown: bool) -> None:
    cases = [
        *cases_of(early, year=2024, month=2),
        *cases_of(40, year=2024, month=5),
        *cases_of(90, year=2024, month=None),
    ]
    by = compared(cases, ComparedBy.INTERVENTION, "a programme")
    _, (left,) = protected(cases, figures(cases, results=False), compared=by)
    assert bool(left.shown) is is_shown


def test_comparisons_begin_and_end_where_steps_of_curves_can() -> None:
    ends = (LANDMARK_DAYS, LANDMARK_DAYS + HORIZON_DAYS + 1)
    assert [int(each / DAYS_IN_MONTH) for each in ends] == [3, 12]
    assert [int((each - 1) / DAYS_IN_MONTH) for each in ends] == [2, 11]


def compared(cases: Sequence[ObservedCase], by: ComparedBy, level: str) -> Comparisons:
    """A comparison as a release has it, of a year or an intervention that none has."""

    def arm(of: Sequence[ObservedCase]) -> Arm:
        ends = [end for case in of if (end := first_ending(case, Measure.REPORTED)) is not None]
        since = [end for end in ends if end.days >= LANDMARK_DAYS]
        had = [end for end in since if end.ending == EVENT and end.days <= LANDMARK_DAYS + HORIZON_DAYS]
        return Arm(cases=len(since), events=len(had), share=0.3)

    inside = in_group(cases, Group(period=level)) if by is ComparedBy.PERIOD else list(cases[::2])
    names = {case.reference for case in inside}
    one = Comparison(
        by=by,
        level=level,
        as_of=DAY,
        landmark_days=LANDMARK_DAYS,
        horizon_days=HORIZON_DAYS,
        with_it=arm(inside),
        without=arm([case for case in cases if case.reference not in names]),
        low=-5.0,
        high=5.0,
        verdict=Verdict.INCONCLUSIVE,
    )
    return Comparisons(by=by, counted=3, confidence=0.98, shown=(one,), hidden=1)


@pytest.mark.parametrize(
    ("by", "level", "group", "hidden_first"),
    [
        (ComparedBy.PERIOD, "2024", Group(period="2024"), "curve"),
        (ComparedBy.INTERVENTION, "a programme", EVERYONE, "comparison"),
    ],
)
@pytest.mark.parametrize(("early", "is_shown"), [(4, False), (15, True)])
def test_a_comparison_does_not_narrow_the_step_that_its_landmark_is_in(
    by: ComparedBy, level: str, group: Group, hidden_first: str, early: int, is_shown: bool
) -> None:
    """The curve of a group is hidden before a comparison, and a comparison before the curve of everyone."""
    cases = [
        *cases_of(early, year=2024, month=2),
        *cases_of(20, year=2024, month=5),
        *cases_of(20, year=2024, month=10),
        *cases_of(90, year=2024, month=None),
    ]
    wide = of_an_older_date(figures(cases, 6, 12, group=group, results=False))
    (found,), (left,) = protected(cases, wide, compared=compared(cases, by, level))
    assert (found.reported is not None) == (is_shown or hidden_first != "curve")
    assert bool(left.shown) == (is_shown or hidden_first != "comparison")
    assert left.hidden == (1 if left.shown else 2)


def test_what_there_is_no_time_to_attack_is_hidden() -> None:
    cases = some(4)
    shown = compared(cases, ComparedBy.PERIOD, "2024")
    (figure,), (left,) = protected(cases, figures(cases, 3, 15), compared=shown, seconds=0)
    assert figure.reported is None
    assert (left.shown, left.hidden) == ((), 2)
    found = with_refusals(cases, figures(cases, 3, 15), compared=shown, seconds=0)
    assert [(each.table, each.reason) for each in found.refusals] == [
        ("curve of reports", NOT_TESTED),
        ("comparison by period: 2024", NOT_TESTED),
    ]


def test_a_curve_that_leaks_is_refused_with_the_figures_that_give_it_away() -> None:
    cases = some(4)
    (refusal,) = with_refusals(cases, figures(cases, 3, 12)).refusals
    assert (refusal.group, refusal.table, refusal.reason) == (EVERYONE, "curve of reports", LEAKS)
    assert "reported further stalking in 12 months: all cases" in refusal.chain
    assert "curve of reports, step to month 12, first acts: all cases" in refusal.chain
    assert with_refusals(some(12), figures(some(12), 3, 12)).refusals == (), "12 are enough"


def test_a_comparison_that_leaks_is_refused_once_with_its_level() -> None:
    cases = [
        *cases_of(4, year=2024, month=2),
        *cases_of(20, year=2024, month=5),
        *cases_of(20, year=2024, month=10),
        *cases_of(90, year=2024, month=None),
    ]
    wide = of_an_older_date(figures(cases, 6, 12, results=False))
    by = compared(cases, ComparedBy.INTERVENTION, "a programme")
    (refusal,) = with_refusals(cases, wide, compared=by).refusals
    assert (refusal.table, refusal.reason) == ("comparison by intervention: a programme", LEAKS)
    assert "comparison by intervention, a programme: cases on both sides" in refusal.chain
    assert "curve of reports, step to month 6, first acts: all cases" in refusal.chain
