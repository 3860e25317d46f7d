"""Comparisons: no difference that is not there, no group formed later, no hidden level given away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from engine.domain.outcomes.comparisons import ComparedBy, Comparisons, Verdict
from engine.domain.outcomes.follow_up import AgainstWhom, Measure
from engine.domain.outcomes.observed import FurtherAct, MeasureObserved, ObservedCase
from engine.outcomes.cluster_variance import between_persons, share_influences
from engine.outcomes.comparing import compare
from engine.outcomes.followed_cases import followed_from, persons_of, share_by, verdict_of

DAY = date(2026, 9, 30)
PROGRAMMES = ("a", "b", "c", "d", "e")


def case(
    number: int,
    act: int | None,
    *,
    until: int = 600,
    interventions: frozenset[str] = frozenset(),
    typology: str | None = None,
    person: str | None = None,
    orders: tuple[tuple[int, int | None], ...] | None = None,
) -> ObservedCase:
    def measured(measure: Measure) -> MeasureObserved:
        acts = (FurtherAct(act, AgainstWhom.SAME_VICTIM),) if act is not None and act <= until else ()
        return MeasureObserved(measure, until, acts)

    return ObservedCase(
        reference=str(number),
        person=person or str(number),
        anchor=date(2024, 1, 1),
        ended_day=None,
        ending=None,
        custody=(),
        measures={measure: measured(measure) for measure in Measure},
        typology=typology,
        interventions=interventions,
        orders=orders,
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
    assert false_alarms(40) <= 0.1


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


def test_cases_of_one_person_say_less_than_cases_of_several() -> None:
    cases = simulated(3)
    twice = [*cases, *(replace(each, reference=f"{each.reference}b") for each in cases)]
    several = [replace(each, person=each.reference) for each in twice]

    def width(of: list[ObservedCase]) -> float:
        first = compared(of).shown[0]
        return first.high - first.low

    assert width(twice) / width(several) == pytest.approx(2**0.5, rel=0.03)
    assert width(several) == pytest.approx(width(cases) / 2**0.5, rel=0.03)


def test_the_variance_between_persons_is_that_of_greenwood_where_each_has_one_case() -> None:
    followed = followed_from(simulated(5), 90)
    everyone = np.ones(len(followed.days), dtype=np.bool_)
    _, greenwood = share_by(followed, everyone, 365)
    found = between_persons(share_influences(followed.days, followed.had, 365), persons_of(followed))
    assert found == pytest.approx(greenwood, rel=0.02)


def confounded(seed: int, *, number: int = 900, apart: float = 0.3) -> list[ObservedCase]:
    """Cases where one type of stalking has the programme more often, and reports more often in any case."""
    chance = np.random.default_rng(seed)
    found = []
    for each in range(number):
        is_rejected = chance.random() < 0.5
        has = (
            frozenset("a") if chance.random() < (0.5 + apart if is_rejected else 0.5 - apart) else frozenset()
        )
        act = int(chance.exponential(1 / (0.004 if is_rejected else 0.0007)))
        typology = "rejected" if is_rejected else "resentful"
        found.append(case(each, act, until=700, interventions=has, typology=typology))
    return found


def test_weights_on_what_was_known_take_away_a_difference_that_comes_from_it() -> None:
    (shown,) = compared(confounded(1)).shown
    assert shown.verdict is Verdict.MORE
    weighted = shown.weighted
    assert weighted is not None
    assert weighted.covariate == "typology"  # borough and year are the same for all
    assert (weighted.verdict, weighted.in_overlap) == (Verdict.INCONCLUSIVE, 1.0)
    before = {each.name: each.before for each in weighted.balance}
    after = {each.name: each.after for each in weighted.balance}
    assert before["typology"] > 1
    assert after["typology"] < 0.01
    (near,) = compared(confounded(1, apart=0.0)).shown
    assert near.verdict is Verdict.INCONCLUSIVE


def test_groups_that_do_not_overlap_are_not_weighted() -> None:
    (shown,) = compared(confounded(2, apart=0.49)).shown
    assert shown.weighted is not None
    assert shown.weighted.refused == "The groups are too different to compare."
    assert shown.weighted.low is None


def ordered(seed: int, *, effect: float = 1.0, number: int = 500) -> list[ObservedCase]:
    """Cases with an order served at some time, which multiplies the rate of reports from then on."""
    chance = np.random.default_rng(seed)
    found = []
    for each in range(number):
        served = int(chance.exponential(200)) if chance.random() < 0.6 else None
        first = int(chance.exponential(1 / 0.003))
        if served is not None and first >= served:
            first = served + int(chance.exponential(1 / (0.003 * effect)))
        is_known = served is not None and served <= 700
        found.append(case(each, first, until=700, orders=((served, None),) if is_known and served else ()))
    return found


def was_served_first(each: ObservedCase) -> bool:
    """Whether an order was served before the first report."""
    acts = each.measures[Measure.REPORTED].acts
    return any(not acts or served < acts[0].day for served, _ in each.orders or ())


def test_an_order_counts_from_its_service_on_and_not_before() -> None:
    """Who had no report for long had more time to be served: grouped by that, an order seems to help."""
    ever = [
        replace(each, interventions=frozenset({"served first"} if was_served_first(each) else ()))
        for each in ordered(1)
    ]
    (naive,) = compare(ever, ComparedBy.INTERVENTION, as_of=DAY, limit=10, landmark=0).shown
    assert naive.verdict is Verdict.FEWER
    alarms = 0
    for seed in range(20):
        (found,) = compared(ordered(seed), ComparedBy.ORDER).shown
        assert found.over_time is not None
        alarms += (found.verdict, found.over_time.verdict) != (Verdict.INCONCLUSIVE,) * 2
    assert alarms <= 5  # two questions at 5 %: two are expected


def test_an_order_that_halves_reports_shows_fewer_of_them() -> None:
    (found,) = compared(ordered(3, effect=0.4), ComparedBy.ORDER).shown
    assert (found.level, found.verdict) == ("an order applies and was served", Verdict.FEWER)
    assert found.over_time is not None
    assert found.over_time.high < 1


def begun(seed: int, *, effect: float = 1.0) -> list[ObservedCase]:
    """The same with the first session of a programme in place of service; it was planned for all of them."""
    return [
        replace(
            each,
            orders=None,
            interventions=frozenset({"a"}) if each.orders or number % 2 else frozenset(),
            first_sessions={"a": each.orders[0][0]} if each.orders else {},
        )
        for number, each in enumerate(ordered(seed, effect=effect))
    ]


def test_an_intervention_counts_over_time_from_its_first_session_on() -> None:
    alarms = 0
    for seed in range(20):
        (found,) = compared(begun(seed)).shown
        assert found.over_time is not None
        alarms += found.over_time.verdict is not Verdict.INCONCLUSIVE
    assert alarms <= 3
    (found,) = compared(begun(3, effect=0.4)).shown
    assert found.over_time is not None
    assert found.over_time.verdict is Verdict.FEWER


def test_where_no_session_was_delivered_nothing_is_compared_over_time() -> None:
    cases = [replace(each, first_sessions={}) for each in begun(3)]
    (found,) = compared(cases).shown
    assert found.over_time is None


def test_a_year_does_not_change_with_time() -> None:
    cases = [
        replace(each, anchor=each.anchor.replace(year=2023 + number % 2))
        for number, each in enumerate(ordered(3))
    ]
    shown = compared(cases, ComparedBy.PERIOD).shown
    assert shown
    assert [each.over_time for each in shown] == [None] * len(shown)


def test_where_orders_were_not_read_nothing_is_compared_by_them() -> None:
    cases = [replace(each, orders=None) for each in ordered(3)]
    assert compared(cases, ComparedBy.ORDER).counted == 0
    some = [*ordered(3), *(replace(each, reference=f"{each.reference}b") for each in cases)]
    (found,) = compared(some, ComparedBy.ORDER).shown
    (same,) = compared(ordered(3), ComparedBy.ORDER).shown
    assert (found.with_it, found.without) == (same.with_it, same.without)
