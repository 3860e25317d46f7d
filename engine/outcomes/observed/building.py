"""One case as it was observed, from what agencies found and from reports of incidents. Pure.

What cannot count is left out, each time with a reason. Of a month or year the latest date that it may mean
counts for an act, and the earliest for a search.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from engine.domain.dates import PartialDate
from engine.domain.outcomes.follow_up import AgainstWhom, Measure
from engine.domain.outcomes.observed import Ending, FurtherAct, MeasureObserved, ObservedCase


class LeftOut(StrEnum):
    """The reason why something counts in no figure, or the reservation that it counts with."""

    BEFORE_ANCHOR = "happened before the panel's first decision and is left out"
    AFTER_ENDING = "happened after observation ended and is left out"
    SAME_AS_ANOTHER = "was found by another source too and counts once"
    MAYBE_BEFORE_ANCHOR = "may have happened before the panel's first decision and counts as after it"
    MAYBE_ORDER_BREACH = "may be the breach of an order and counts as proven"
    SEARCH_BEFORE_ANCHOR = "is a search that ended before the panel's first decision and is left out"


@dataclass(frozen=True, slots=True)
class Search:
    """A search for one measure, and its end."""

    measure: Measure
    until: PartialDate


@dataclass(frozen=True, slots=True)
class ActFound:
    """An act as one source found it. Acts of one source are different acts."""

    measure: Measure
    happened: PartialDate
    against: AgainstWhom
    source: str
    recorded_on: date
    harm: float | None = None
    is_order_breach: bool | None = None
    proved: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of observation."""

    ending: Ending
    on: PartialDate


@dataclass(frozen=True, slots=True)
class InCustody:
    """A time in custody; None for an end that is not known."""

    since: PartialDate
    until: PartialDate | None


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of a case that were fixed when it was decided."""

    typology: str | None = None
    borough: str | None = None
    interventions: frozenset[str] = frozenset()
    first_sessions: Mapping[str, date] = field(default_factory=dict)
    """When the first session of an intervention was delivered."""
    orders: tuple[tuple[date, date | None], ...] | None = None
    """The first and the last date of each order that was served; None: orders were not read."""


def observed_case(
    reference: str,
    *,
    person: str,
    anchor: date,
    searches: Iterable[Search],
    acts: Iterable[ActFound],
    endings: Iterable[Ended] = (),
    custody: Iterable[InCustody] = (),
    groups: Groups | None = None,
) -> tuple[ObservedCase, tuple[LeftOut, ...]]:
    """Return a case, and a reason for each act or search that does not count as it was recorded."""
    reasons: list[LeftOut] = []
    ended = _first_ending(endings, anchor)
    ended_day = ended[0] if ended else None
    by_measure: dict[Measure, list[ActFound]] = defaultdict(list)
    for act in acts:
        if act.happened.latest < anchor:
            reasons.append(LeftOut.BEFORE_ANCHOR)
        elif ended_day is not None and (act.happened.earliest - anchor).days > ended_day:
            reasons.append(LeftOut.AFTER_ENDING)
        else:
            if act.happened.earliest < anchor:
                reasons.append(LeftOut.MAYBE_BEFORE_ANCHOR)
            by_measure[act.measure].append(act)
    looked: dict[Measure, int] = {}
    for search in searches:
        day = (search.until.earliest - anchor).days
        if day < 0:
            reasons.append(LeftOut.SEARCH_BEFORE_ANCHOR)
        else:
            looked[search.measure] = max(day, looked.get(search.measure, day))
    found = groups or Groups()
    case = ObservedCase(
        reference=reference,
        person=person,
        anchor=anchor,
        ended_day=ended_day,
        ending=ended[1] if ended else None,
        custody=_spans(custody, anchor),
        measures={
            measure: MeasureObserved(
                measure=measure,
                looked_until=looked.get(measure),
                acts=_distinct(by_measure[measure], anchor, ended_day, reasons),
            )
            for measure in Measure
        },
        typology=found.typology,
        borough=found.borough,
        interventions=found.interventions,
        first_sessions={item: max((on - anchor).days, 0) for item, on in found.first_sessions.items()},
        orders=None if found.orders is None else _order_days(found.orders, anchor),
    )
    return case, tuple(reasons)


def _first_ending(endings: Iterable[Ended], anchor: date) -> tuple[int, Ending] | None:
    """Return the first of the endings; one before the decision is on day 0."""
    dated = sorted((max((each.on.latest - anchor).days, 0), each.ending) for each in endings)
    return dated[0] if dated else None


def _distinct(
    acts: Sequence[ActFound], anchor: date, ended_day: int | None, reasons: list[LeftOut]
) -> tuple[FurtherAct, ...]:
    """Return the acts in order. Of different sources, acts of one day against one target are the same.

    The first of one source is the first of another. What one of them lacks, such as a score, the other gives.
    """
    of_source: dict[tuple[PartialDate, AgainstWhom], dict[str, list[ActFound]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for act in acts:
        of_source[act.happened, act.against][act.source].append(act)
    found = []
    for by_source in of_source.values():
        ordered = [sorted(each, key=_most_serious_first) for each in by_source.values()]
        for place in range(max(len(each) for each in ordered)):
            same = [each[place] for each in ordered if place < len(each)]
            reasons.extend([LeftOut.SAME_AS_ANOTHER] * (len(same) - 1))
            further = _one(same, anchor, ended_day)
            if same[0].measure is Measure.PROVEN and further.is_order_breach is None:
                reasons.append(LeftOut.MAYBE_ORDER_BREACH)
            found.append(further)
    return tuple(sorted(found, key=_in_order))


def _one(same: Sequence[ActFound], anchor: date, ended_day: int | None) -> FurtherAct:
    latest = min([same[0].happened.latest, *(max(act.recorded_on, act.happened.earliest) for act in same)])
    day = max((latest - anchor).days, 0)
    breach = [act.is_order_breach for act in same if act.is_order_breach is not None]
    proved = [act.proved.latest for act in same if act.proved is not None]
    return FurtherAct(
        day=day if ended_day is None else min(day, ended_day),
        against=same[0].against,
        harm=max((act.harm for act in same if act.harm is not None), default=None),
        is_order_breach=any(breach) if breach else None,
        proved_day=(min(proved) - anchor).days if proved else None,
    )


def _most_serious_first(act: ActFound) -> tuple[bool, float]:
    return act.harm is None, -act.harm if act.harm is not None else 0.0


_TARGETS = {whom: place for place, whom in enumerate(AgainstWhom)}


def _in_order(act: FurtherAct) -> tuple[int, int, bool, float]:
    return act.day, _TARGETS[act.against], act.harm is None, -act.harm if act.harm is not None else 0.0


def _spans(custody: Iterable[InCustody], anchor: date) -> tuple[tuple[int, int | None], ...]:
    """Return the times in custody since the decision, those that overlap or touch as one.

    An arrest counts as at liberty, because it often follows an act. Where a date is only a month, the shorter
    time counts: the person is at risk until custody is certain.
    """
    days = []
    for each in custody:
        begin = max((each.since.latest - anchor).days + 1, 0)
        end = None if each.until is None else (each.until.earliest - anchor).days
        if end is None or end > begin:
            days.append((begin, end))
    return _joined(days)


def _order_days(
    orders: Iterable[tuple[date, date | None]], anchor: date
) -> tuple[tuple[int, int | None], ...]:
    """Return the times in days since the decision; what ended before it is left out."""
    days = []
    for first, last in orders:
        end = None if last is None else (last - anchor).days + 1
        if end is None or end > 0:
            days.append((max((first - anchor).days, 0), end))
    return _joined(days)


def _joined(days: Iterable[tuple[int, int | None]]) -> tuple[tuple[int, int | None], ...]:
    """Return times in order, those that overlap or touch as one."""
    joined: list[tuple[int, int | None]] = []
    for begin, end in sorted(days, key=lambda span: span[0]):
        if joined and (joined[-1][1] is None or begin <= joined[-1][1]):
            last = joined[-1][1]
            joined[-1] = (joined[-1][0], None if last is None or end is None else max(last, end))
        else:
            joined.append((begin, end))
    return tuple(joined)
