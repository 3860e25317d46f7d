"""The trend of a case: what raises an alarm, what does not, and what is never said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate, pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.dates import PartialDate
from engine.links.escalation import NO_ALARM, CaseContext, Event, trend_of
from engine.links.escalation_data import escalation_data
from engine.links.how_often import TOO_FEW
from engine.links.trend import (
    gap_probability,
    gaps_between,
    laplace_probability,
    laplace_statistic,
    rise_tails,
    rises,
)

FIRST = date(2025, 1, 1)
FASTER = (70, 50, 35, 22, 14, 8, 4, 2)


def events(*gaps: int, since: date | None = None, severities: tuple[float, ...] = ()) -> list[Event]:
    """Events with these gaps between them, the first on the first day of 2025."""
    days = [FIRST + timedelta(days=sum(gaps[:place])) for place in range(len(gaps) + 1)]
    graded: list[float | None] = [*severities] or [None] * len(days)
    return [Event(day, severity, since) for day, severity in zip(days, graded, strict=True)]


def test_gaps_that_shrink_raise_an_alarm() -> None:
    trend = trend_of("K", events(*FASTER))
    assert trend.alarm is True
    assert trend.says.startswith("the gaps between the 9 reported events, from 1 January 2025 to")
    assert "the first 4 took 177 days, the last 4 took 28" in trend.says
    assert trend.p_permutation is not None
    assert trend.p_permutation < 0.01


def test_gaps_that_grow_or_stay_raise_none_and_the_words_do_not_lower_concern() -> None:
    for gaps in (tuple(reversed(FASTER)), (30,) * 8):
        trend = trend_of("K", events(*gaps))
        assert trend.alarm is False
        assert trend.says.startswith(
            "the test does not show whether what was *reported* came faster; this does not lower concern: "
            "contact can stop before an attack"
        )


def test_a_burst_without_a_trend_raises_none() -> None:
    trend = trend_of("K", events(1, 1, 40, 1, 2, 60, 1, 1, 50, 2))
    assert trend.alarm is False


@pytest.mark.parametrize("number", [1, 2, 3])
def test_below_four_events_nothing_is_judged(number: int) -> None:
    trend = trend_of("K", events(*FASTER[: number - 1]))
    assert trend.says.startswith(TOO_FEW)
    assert (trend.statistic, trend.p_trend, trend.p_permutation, trend.alarm) == (None, None, None, None)


@pytest.mark.parametrize(
    ("number", "observed", "judged"),
    [(4, False, False), (5, False, False), (6, False, True), (5, True, True)],
)
def test_below_the_smallest_number_at_which_an_alarm_is_possible_there_is_no_answer(
    number: int, observed: bool, judged: bool
) -> None:
    since = FIRST - timedelta(days=90) if observed else None
    trend = trend_of("K", events(*(60, 30, 20, 10, 2)[: number - 1], since=since))
    assert (trend.alarm, trend.reason, trend.smallest) == (
        (True, None, None) if judged else (None, "too few to judge", 6)
    )
    assert trend.says.startswith(TOO_FEW) is not judged
    assert ("with fewer than 6 no alarm is possible" in trend.says) is not judged


def test_gaps_of_which_no_order_could_raise_an_alarm_say_so() -> None:
    one_day = trend_of("K", events(90, 0, 0, 0, 0))
    assert (one_day.alarm, one_day.reason) == (None, "too many on one day to judge")
    assert one_day.says.startswith("too many on one day to judge whether they came faster")
    alike = "no order of them could have raised an alarm"
    even = trend_of("K", events(30, 30, 30, 30, 30, 1))
    assert (even.alarm, even.reason, even.smallest) == (None, "gaps too alike to judge", None)
    assert even.says.startswith(f"gaps too alike to judge whether they came faster: {alike}")
    assert NO_ALARM not in even.says
    assert trend_of("K", events(*(30,) * 6)).alarm is False, "all alike: nothing came faster"
    assert alike not in trend_of("K", events(40, 44, 38, 41, 37, 12)).says


@pytest.mark.parametrize("vague", [None, PartialDate("2025"), PartialDate("2025-08")])
def test_events_without_a_whole_day_that_could_raise_the_alarm_come_first_and_leave_it_open(
    vague: PartialDate | None,
) -> None:
    known = events(60, 50, 45, 30, 25)
    assert trend_of("K", known).alarm is True
    even = events(40, 44, 38, 41, 37, 12)
    assert trend_of("K", even).alarm is False
    trend = trend_of(
        "K", [*even, *[Event(None, None, None, vague)] * 3], result=CaseContext(until=date(2025, 8, 5))
    )
    assert (trend.alarm, trend.reason, trend.events) == (None, "days are missing", 7)
    assert trend.says.startswith(
        "it depends on 3 events without a full date: late in the time that is possible"
    )
    assert NO_ALARM not in trend.says


def test_an_alarm_stays_and_says_that_unknown_days_could_take_it_back() -> None:
    trend = trend_of("K", [*events(60, 50, 45, 30, 25), Event(None, None, None, PartialDate("2025-01"))])
    assert trend.alarm is True
    assert trend.says.startswith("the alarm depends on 1 event without a full date")


def test_events_of_known_months_that_change_nothing_are_no_condition() -> None:
    trend = trend_of("K", [*events(*(30,) * 8), Event(None, None, None, PartialDate("2025-01"))])
    assert trend.alarm is False
    assert trend.says.startswith(NO_ALARM)


def test_the_order_of_rows_on_one_day_is_no_order() -> None:
    days = [FIRST + timedelta(days=day) for day in (0, 0, 0, 30, 30, 30)]
    orders = (
        trend_of("K", [Event(day, grade, None) for day, grade in zip(days, grades, strict=True)])
        for grades in ((1, 2, 3, 3, 4, 5), (3, 2, 1, 5, 4, 3))
    )
    one, other = orders
    assert one == other
    assert one.severity_p is None
    assert one.severity_p_between is not None
    assert one.severity_p_between[0] < 0.05 < one.severity_p_between[1]
    assert "recorded severity may have risen, by the order of events on one date" in one.says


def test_events_all_on_one_day_show_no_trend() -> None:
    assert trend_of("K", events(0, 0, 0, 0)).says.startswith(f"{TOO_FEW}: all 5 events were on one day")


def test_since_when_a_case_was_observed_is_used_where_it_is_known() -> None:
    trend = trend_of("K", events(30, 30, 30, 30, since=FIRST - timedelta(days=365)))
    assert trend.statistic is not None
    assert trend.statistic > 0.8
    assert "counted from the first event" not in trend.says
    assert "counted from the first event" in trend_of("K", events(30, 30, 30, 30)).says


def test_severity_that_rises_is_said_beside_and_does_not_change_the_alarm() -> None:
    trend = trend_of("K", events(30, 30, 30, 30, 30, severities=(1, 1, 2, 3, 4, 5)))
    assert trend.alarm is False
    assert "recorded severity rose from 1 to 5" in trend.says
    level = trend_of("K", events(30, 30, 30, 30, 30, severities=(2, 1, 3, 2, 1, 2)))
    assert "the test does not show whether recorded severity rose" in level.says


def test_the_answer_is_the_same_every_time() -> None:
    many = events(*(int(each) for each in np.random.default_rng(3).integers(1, 60, 20)))
    assert trend_of("K", many) == trend_of("K", list(reversed(many)))


def test_the_words_hold_no_probability() -> None:
    for gaps in (FASTER, (30,) * 8):
        assert "p=" not in trend_of("K", events(*gaps)).says.replace(" ", "")
        assert "0.0" not in trend_of("K", events(*gaps)).says


@pytest.mark.parametrize(
    ("events_", "critical"), [(3, 0.7773), (4, 0.7382), (5, 0.7132), (9, 0.6589), (19, 0.6092)]
)
def test_the_probability_has_the_published_critical_values(events_: int, critical: float) -> None:
    assert laplace_probability(critical, events_) == pytest.approx(0.05, abs=0.002)


def test_the_probability_agrees_with_drawing_numbers() -> None:
    drawn = np.random.default_rng(1).random((200_000, 5)).mean(axis=1)
    for statistic in (0.3, 0.5, 0.62, 0.8):
        assert laplace_probability(statistic, 5) == pytest.approx(
            float((drawn >= statistic).mean()), abs=0.005
        )
    assert laplace_probability(0.55, 21) == pytest.approx(laplace_probability(0.55, 20), abs=0.02)


def test_every_order_of_few_gaps_is_looked_at() -> None:
    days = [60.0, 90.0, 100.0]
    statistic = laplace_statistic(days)
    assert statistic == 0.75
    assert gap_probability(gaps_between(days), statistic) == pytest.approx(1 / 6)
    assert rises([1, 2, 3, 4]) == 6
    assert rise_tails((6,), [1, 2, 3, 4]) == pytest.approx((1 / 24,))


def test_trend_free_series_raise_few_alarms() -> None:
    chance = np.random.default_rng(11)
    alarms = 0
    for _ in range(200):
        gaps = [int(gap) + 1 for gap in chance.exponential(30, 7)]
        alarms += trend_of("K", events(*gaps)).alarm is True
    assert alarms <= 8


def by_hand(days: list[int]) -> tuple[float, float]:
    """The statistic and its permutation probability as one would write them down, from the first event on."""
    gaps = [b - a for a, b in pairwise(days)]

    def statistic(order: Sequence[int]) -> float:
        ends = list(accumulate(order))
        return sum(ends[:-1]) / len(ends[:-1]) / ends[-1]

    own = statistic(gaps)
    orders = [statistic(order) for order in permutations(gaps)]
    return own, sum(each >= own - 1e-12 for each in orders) / len(orders)


@given(st.lists(st.integers(0, 400), min_size=4, max_size=7).filter(lambda days: len(set(days)) > 1))
@settings(max_examples=60, deadline=None)
def test_the_figures_are_those_worked_out_by_hand_with_events_on_one_day_too(days: list[int]) -> None:
    days.sort()
    trend = trend_of("K", [Event(FIRST + timedelta(days=day), None, None) for day in days])
    statistic, probability = by_hand(days)
    assert trend.statistic == pytest.approx(statistic, abs=1e-6)
    assert trend.p_permutation == pytest.approx(probability, abs=1e-6)
    assert trend.alarm in {None, probability <= 0.01}


def test_cases_whose_events_gather_are_found_and_evenly_drawn_ones_are_not() -> None:
    chance = np.random.default_rng(5)
    alarms = {"even": 0, "gathering": 0}
    for _ in range(60):
        for name, power in (("even", 1.0), ("gathering", 0.25)):
            days = sorted(int(365 * part) for part in chance.random(16) ** power)
            trend = trend_of("K", [Event(FIRST + timedelta(days=day), None, FIRST) for day in days])
            alarms[name] += trend.alarm is True
    assert alarms["even"] <= 3
    assert alarms["gathering"] >= 45


def test_very_many_events_of_one_case_are_no_burden() -> None:
    chance = np.random.default_rng(3)
    days = sorted(int(day) for day in chance.random(2_000) * 9_000)
    trend = trend_of("K", [Event(FIRST + timedelta(days=day), float(day % 5), None) for day in days])
    assert trend.alarm is False
    assert trend.severity_p is not None


def test_the_normal_form_of_the_rise_agrees_with_shuffling() -> None:
    values = [float(n % 7) + n / 40 for n in range(61)]
    normal, shuffled = (rise_tails((rises(some),), some)[0] for some in (values, values[:60]))
    assert normal == pytest.approx(shuffled, abs=0.01)
    assert rise_tails((rises([1.0] * 80),), [1.0] * 80) == (1.0,)


def test_the_normal_form_of_the_gaps_agrees_with_shuffling() -> None:
    chance = np.random.default_rng(17)
    for number in (400, 401):  # the last that are shuffled, and the first that are not
        gaps = sorted(chance.exponential(10, 500), reverse=True)[:number]
        gaps = [float(gap) for gap in chance.permutation(gaps)]
        statistic = laplace_statistic(list(accumulate(gaps)))
        assert statistic is not None
        shuffled = np.array([chance.permutation(gaps).cumsum()[:-1].mean() for _ in range(4_000)]) / sum(gaps)
        wanted = float((shuffled >= statistic).mean())
        assert gap_probability(gaps, statistic) == pytest.approx(wanted, abs=0.04)


def test_events_before_the_start_of_observation_are_retrospective_and_left_out_of_the_test() -> None:
    counted = events(20, 15, 12, 9, 5, 3, since=FIRST - timedelta(days=40))
    before = [counted[0]._replace(day=FIRST - timedelta(days=days)) for days in (200, 90, 60)]
    trend, alone = trend_of("K", [*before, *counted]), trend_of("K", counted)
    assert (trend.statistic, trend.p_permutation) == (alone.statistic, alone.p_permutation)
    assert (trend.events, alone.events) == (10, 7)
    assert "3 earlier events are retrospective and left out of the test" in trend.says


def test_a_first_report_that_is_the_start_is_no_event() -> None:
    its_own_start, unknown = events(60, 30, 20, 10, 2, since=FIRST), events(60, 30, 20, 10, 2)
    one, other = trend_of("K", its_own_start), trend_of("K", unknown)
    assert (one.statistic, one.p_permutation) == (other.statistic, other.p_permutation)


def test_that_severity_rose_is_in_the_same_sentence_as_that_no_alarm_was_raised() -> None:
    first = trend_of("K", events(30, 31, 29, 33, 28, 30, severities=(1, 1, 1, 2, 3, 4, 4))).says.split(";")[0]
    assert first == (
        "recorded severity rose from 1 to 4, while the test does not show whether what was *reported* came "
        "faster"
    )
    few = trend_of("K", events(30, 31, 29, 33, severities=(1, 2, 3, 4, 5))).says
    assert "no alarm is possible, but recorded severity rose from 1 to 5" in few


@pytest.mark.parametrize(("observed", "power"), [(False, 0.057), (True, 0.159)])
def test_the_power_of_the_case_at_hand_is_said_beside_a_missing_alarm(observed: bool, power: float) -> None:
    gaps = (31, 29, 33, 28, 30, 32, 27, 34, 26)
    trend = trend_of("K", events(*gaps, since=FIRST - timedelta(days=30) if observed else None))
    assert (trend.alarm, trend.events, trend.power) == (False, 10, power)
    assert f"finds only about {power * 100:.0f} of 100 series that rise in a straight line" in trend.says
    assert trend.as_values()["power"] == power
    assert "power" not in trend_of("K", events(*FASTER)).as_values()


@pytest.mark.parametrize("observed", [False, True])
def test_the_power_that_is_said_is_the_power_that_is_measured(observed: bool) -> None:
    chance, found, number = np.random.default_rng(7), 0, 600
    for _ in range(number):
        days = np.sqrt(np.cumsum(chance.exponential(size=6))) * 10_000
        series = [Event(FIRST + timedelta(days=int(day)), None, FIRST if observed else None) for day in days]
        found += trend_of("K", series).alarm is True
    said = escalation_data().power_at(6, start_is_known=observed)
    assert found / number == pytest.approx(said, abs=3 * (said * (1 - said) / number) ** 0.5)


@pytest.mark.parametrize(
    ("first", "marked"), [("2018-03-31", 2), ("2018-04-01", 1), ("2020-03-31", 1), ("2020-04-01", 0)]
)
def test_a_series_that_crosses_a_change_of_recording_rules_is_marked(first: str, marked: int) -> None:
    days = [date.fromisoformat(first) + timedelta(days=300 * n) for n in range(7)]
    trend = trend_of("K", [Event(day, None, None) for day in days])
    assert len(trend.recording_changes) == marked
    assert ("more may be recorded from then without more having happened" in trend.says) is bool(marked)
    assert ("recording_changes" in trend.as_values()) is bool(marked)
