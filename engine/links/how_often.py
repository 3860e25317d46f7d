"""Test of whether reports came faster: the alarm, its basis,
and what days that are not known could change.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from engine.links.escalation_data import escalation_data
from engine.links.spans import Span
from engine.links.trend import (
    fewest_gaps,
    gap_probability,
    gaps_between,
    is_rarer,
    laplace_probability,
    laplace_statistic,
    least_probability,
)

TOO_FEW = "too few to judge"
ONE_DAY = "too many on one day to judge"
ALIKE = "gaps too alike to judge"
DAYS_MISSING = "days are missing"


class HowOften(NamedTuple):
    """The test of one series. ``alarm`` is None where it cannot be judged, and ``reason`` says why."""

    events: int
    """The days that were tested, the start among them where the first report is the start."""
    statistic: float | None = None
    p_trend: float | None = None
    p_permutation: float | None = None
    alarm: bool | None = None
    reason: str | None = None
    smallest: int | None = None
    """With fewer events than this no alarm is possible."""
    power: float | None = None
    """Share of rising series of this length for which the test raises the alarm, as measured."""
    gaps: tuple[float, ...] = ()
    begun: date | None = None
    """Start of the time when the series was observed; None where the first report is the start."""
    earlier: int = 0
    """Events before that: reported afterwards, and not tested."""
    depends: str | None = None
    """Results that days that are not known could change."""


def how_often(days: Sequence[date], vague: Sequence[Span] = (), *, begun: date | None = None) -> HowOften:
    """Test the days of events for a rising rate, and again with those of unknown days put early and late.

    Parameters
    ----------
    days : sequence of date
        Of the events with a whole day, sorted.
    vague : sequence of Span
        Of the events without one.
    begun : date, optional
        Since when the series was observed. Without it the first event is the start, and no event.
    """
    known = _tested(days, begun)
    if not vague or not days:
        return known
    alarms = {_tested(sorted([*days, *placed]), begun).alarm for placed in _placed(days, vague, begun)}
    number = f"{len(vague)} {'event' if len(vague) == 1 else 'events'} without a full date"
    if True in alarms and known.alarm is not True:
        sentence = f"it depends on {number}: late in the time that is possible they raise the alarm"
        return known._replace(alarm=None, reason=DAYS_MISSING, depends=sentence)
    if known.alarm and alarms != {True}:
        sentence = (
            f"the alarm depends on {number}: early in the time that is possible they would take it back"
        )
        return known._replace(depends=sentence)
    return known


def came_faster(
    days: Sequence[date], vague: Sequence[Span] = (), *, begun: date | None = None
) -> bool | None:
    """Return the ``alarm`` of ``how_often`` for the same days, and nothing else: for many cases at once."""
    known = _raises_alarm(days, begun)
    if not vague or not days or known:
        return known
    placed = (_raises_alarm(sorted([*days, *each]), begun) for each in _placed(days, vague, begun))
    return None if any(placed) else known


def _placed(days: Sequence[date], vague: Sequence[Span], begun: date | None) -> list[list[date]]:
    """Return those without a whole day at their earliest, at their latest,
    and as near as can be to the last report.

    The statistic is the largest where they fall on the day of the last report, and smallest at either end.
    """
    first = begun or days[0]
    return [
        [max(span.first, first) if span.last >= first else span.last for span in vague],
        [span.last for span in vague],
        [min(max(days[-1], span.first), span.last) for span in vague],
    ]


def _raises_alarm(days: Sequence[date], begun: date | None) -> bool | None:
    _, passed, statistic = _begin(days, begun)
    gaps = gaps_between(passed)
    if statistic is None or _cannot_be_judged(gaps) is not None:
        return None
    return is_rarer(gaps, statistic, than=escalation_data().alarm_at)


def _begin(days: Sequence[date], begun: date | None) -> tuple[HowOften, list[float], float | None]:
    """Return the result so far, the number of days since its start, and a statistic: None of too few."""
    data = escalation_data()
    since = [day for day in days if begun is None or day >= begun]
    first_is_start = begun is None or since[:1] == [begun]
    smallest = max(data.fewest_events, fewest_gaps(data.alarm_at) + first_is_start)
    result = HowOften(len(since), smallest=smallest, begun=begun, earlier=len(days) - len(since))
    start = begun or (since[0] if since else None)
    if start is None or len(since) < data.fewest_events:
        return result._replace(reason=TOO_FEW), [], None
    passed = [float((day - start).days) for day in since[1 if first_is_start else 0 :]]
    statistic = laplace_statistic(passed)
    return (result if statistic is not None else result._replace(reason=TOO_FEW)), passed, statistic


def _cannot_be_judged(gaps: Sequence[float]) -> str | None:
    """Return why no order of these gaps could raise the alarm."""
    alarm_at = escalation_data().alarm_at
    if len(gaps) < fewest_gaps(alarm_at):
        return TOO_FEW
    if least_probability(gaps, only=0) > alarm_at:
        return ONE_DAY
    # equal gaps have few orders among them; where all are equal it is known that nothing came faster
    return ALIKE if len(set(gaps)) > 1 and least_probability(gaps) > alarm_at else None


def _tested(days: Sequence[date], begun: date | None) -> HowOften:
    data = escalation_data()
    result, passed, statistic = _begin(days, begun)
    if statistic is None:
        return result
    gaps = gaps_between(passed)
    probability = gap_probability(gaps, statistic)
    result = result._replace(
        statistic=round(statistic, 6),
        p_trend=round(laplace_probability(statistic, len(passed) - 1), 6),
        p_permutation=round(probability, 6),
        gaps=tuple(gaps),
    )
    reason = _cannot_be_judged(gaps)
    if reason is not None:
        return result._replace(reason=reason)
    return result._replace(
        alarm=probability <= data.alarm_at,
        power=data.power_at(result.events, start_is_known=len(passed) == result.events),
    )
