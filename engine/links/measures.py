"""What changed over a case's reported incidents, measure by measure, each with its formula. Ranks no case.

Severity and nearness go by an order of kinds that is data. Nothing here is added to anything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from engine.domain.dates import PartialDate
from engine.domain.trends import CaseTrendView, TrendMeasure
from engine.links.escalation import NO_ALARM, TOO_FEW, Event, trend_of
from engine.links.escalation_data import EscalationData, Step, escalation_data
from engine.links.gaps import Change, says_of_gaps
from engine.links.trend import rise_probability

_LISTED = 5


class Reported(NamedTuple):
    """One incident as it was reported."""

    happened: PartialDate | None
    kind: str
    channel: str | None


def measures_of(
    reported: Sequence[Reported],
    *,
    until: date,
    orders: Sequence[date] | None = None,
    changes: Sequence[Change] = (),
) -> CaseTrendView:
    """Every measure of one case, from its incidents until a day.

    ``orders`` are the days on which orders were made, None where none are recorded here; ``changes`` are what
    may have stopped reports.
    """
    data = escalation_data()
    dated = sorted((e for e in reported if e.happened and e.happened.is_whole_day), key=_day)
    trend = trend_of("", [Event(_day(each), None, None) for each in dated])
    judged = len(dated) >= data.fewest_events
    seen = _seen(dated, len(reported) - len(dated))
    return CaseTrendView(
        events=len(dated),
        statistic=trend.statistic,
        p_trend=trend.p_trend,
        p_permutation=trend.p_permutation,
        alarm=trend.alarm,
        measures=(
            _how_often(trend.says, seen),
            _severity(dated, seen, data) if judged else _too_few("How grave", _GRAVE, seen),
            _variety(dated, seen) if judged else _too_few("In how many ways", _WAYS, seen),
            _nearness(dated, seen, data) if judged else _too_few("How near", _NEAR, seen),
            _after_orders(reported, dated, orders),
            TrendMeasure(
                name="Gaps in reporting",
                says=says_of_gaps([_day(each) for each in dated], changes, until=until),
                how=_GAPS,
                seen=f"{seen}; {_count(len(changes), 'recorded change')} that may stop reports",
                would_change="A lost advocate, a closed crime or a changed number that is not recorded here.",
            ),
        ),
    )


_OFTEN = (
    "The gaps between the incidents, from the first to the last, are put into every other order (or 1,999 "
    "of them). An alarm means that at most 1 in 100 orders has the incidents as close together at the end. "
    "It is so strict because it is looked at again after each incident."
)
_GRAVE = (
    "Each kind of incident has one of four steps (from unwanted contact to assault), an order of our own and "
    "no measure of harm. Each incident is set beside each that came after it; it rises if those after it "
    "are graver more often than in 19 of 20 other orders."
)
_WAYS = (
    "The kinds and channels first reported in the second half of the incidents, beside those of the first "
    "half."
)
_NEAR = (
    "Each kind and channel has one of three steps (from a distance; in the person's presence; by entry or by "
    "hand). The nearest of the first half of the incidents is set beside the nearest of the second half."
)
_ORDER = "Incidents recorded as a breach of an order are counted, and incidents after the day of an order."
_GAPS = (
    "Where an advocate was lost, a crime closed or a number changed, the incidents of the days after are "
    "counted beside those of as many days before. At most half as many is marked."
)
_REPORTS = "An incident that was not reported, two that are one, or a date that is wrong or missing."


def _how_often(says: str, seen: str) -> TrendMeasure:
    return TrendMeasure(name="How often", says=_sentence(says), how=_OFTEN, seen=seen, would_change=_REPORTS)


def _severity(dated: Sequence[Reported], seen: str, data: EscalationData) -> TrendMeasure:
    steps = [step for each in dated if (step := _step(each.kind, None, data.severity)) is not None]
    told = [step.step for step in steps]
    total, probability = rise_probability(told)
    if total > 0 and probability <= data.severity_at:
        gravest = max(steps, key=lambda step: step.step)
        says = f"What was reported became graver; the gravest kind is {gravest.says}."
    else:
        says = f"No rise in how grave what was *reported* is; {_DOES_NOT_LOWER}"
    return TrendMeasure(
        name="How grave",
        says=says,
        how=_GRAVE,
        seen=seen,
        would_change="A kind of incident that was recorded wrongly; " + _REPORTS[0].lower() + _REPORTS[1:],
    )


def _variety(dated: Sequence[Reported], seen: str) -> TrendMeasure:
    earlier, later = _halves(dated)
    before, after = _ways(earlier), _ways(later)
    new = [way for way in after if way not in before]
    if new:
        says = f"New in the second half: {', '.join(new)}."
    else:
        says = f"No new way in the second half of what was *reported*; {_DOES_NOT_LOWER}"
    return TrendMeasure(
        name="In how many ways",
        says=f"{_count(len(before), 'way')} in the first half, {len(after)} in the second. {says}",
        how=_WAYS,
        seen=seen,
        would_change="A channel that was not recorded; a way that was used earlier and not reported.",
    )


def _nearness(dated: Sequence[Reported], seen: str, data: EscalationData) -> TrendMeasure:
    nearest = []
    for half in _halves(dated):
        steps = [s for each in half if (s := _step(each.kind, each.channel, data.nearness)) is not None]
        nearest.append(max(steps, key=lambda step: step.step, default=None))
    before, after = nearest
    if before is None or after is None:
        says = "What was recorded does not tell how near somebody came."
    elif after.step > before.step:
        says = f"It came nearer: {before.says} in the first half, {after.says} in the second."
    else:
        says = f"It came no nearer in what was *reported* ({after.says}); {_DOES_NOT_LOWER}"
    return TrendMeasure(
        name="How near",
        says=says,
        how=_NEAR,
        seen=seen,
        would_change="A channel that was not recorded, or somebody who was near and not noticed.",
    )


def _after_orders(
    reported: Sequence[Reported], dated: Sequence[Reported], orders: Sequence[date] | None
) -> TrendMeasure:
    breaches = sum(each.kind == "breach of order" for each in reported)
    parts = [
        f"{_count(breaches, 'incident') if breaches else 'No incident'} recorded as a breach of an order."
    ]
    if orders is None:
        parts.append("Orders and their days are not recorded here, so what came after one is not known.")
    elif not orders:
        parts.append("No order is recorded.")
    else:
        after = sum(_day(each) > min(orders) for each in dated)
        parts.append(f"{_count(after, 'incident')} after the order of {min(orders):%-d %B %Y}.")
    return TrendMeasure(
        name="After an order",
        says=" ".join(parts),
        how=_ORDER,
        seen=f"{_count(len(reported), 'incident')}; whether an order was broken is for people to judge",
        would_change="An order that is not recorded, or an incident that nobody recorded as a breach.",
    )


_DOES_NOT_LOWER = NO_ALARM.split("; ", 1)[1].split(":")[0] + "."


def _too_few(name: str, how: str, seen: str) -> TrendMeasure:
    return TrendMeasure(
        name=name, says=_sentence(TOO_FEW), how=how, seen=seen, would_change="More incidents with a day."
    )


def _step(kind: str, channel: str | None, steps: Iterable[Step]) -> Step | None:
    told = [each for each in steps if kind in each.kinds or (channel and channel in each.channels)]
    return max(told, key=lambda each: each.step, default=None)


def _ways(half: Sequence[Reported]) -> list[str]:
    told = [f"{each.kind} ({each.channel})" if each.channel else each.kind for each in half]
    return list(dict.fromkeys(told))


def _halves(dated: Sequence[Reported]) -> tuple[Sequence[Reported], Sequence[Reported]]:
    half = len(dated) // 2
    return dated[:half], dated[half:]


def _seen(dated: Sequence[Reported], undated: int) -> str:
    told = f"{_count(len(dated), 'incident')} with a whole day"
    if dated:
        told += f", from {_day(dated[0]):%-d %B %Y} to {_day(dated[-1]):%-d %B %Y}"
    return told + (f"; {undated} more without a whole day could not be counted" if undated else "")


def _day(each: Reported) -> date:
    assert each.happened is not None, "only dated incidents come here"
    return each.happened.earliest


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _sentence(says: str) -> str:
    return says[:1].upper() + says[1:] + "."
