"""Orders counted by the stage that they reached. None that serves only restricted cases is counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from datetime import date

from engine.clock import LONDON
from engine.domain.cases.incidents import IncidentKind
from engine.domain.dates import PartialDate
from engine.domain.orders.breaches import BreachResult, BreachStatus, StoredBreach
from engine.domain.orders.stages import (
    OrderCounted,
    OrderGroup,
    OrderStage,
    first_of_copies,
    furthest,
    stage_of,
)
from engine.domain.outcomes.follow_up import Measure
from engine.orders.rules import order_type
from engine.outcomes.observed.from_record import endings_of, searches_of
from engine.outcomes.order_figures import Happened, Since, after_service, checked_for_all
from engine.store.repositories.access.visibility import NO_RESTRICTED_CASE
from engine.store.unit_of_work import Work


def orders_counted(work: Work, cases: Container[str], *, on: date) -> tuple[OrderCounted, ...]:
    """Return each order that serves one of these cases, with its stage; a part of larger use cases.

    A variation or renewal is the same protection: an order is counted once with its copies, by the stage
    that any of them reached. What followed is of the 12 months from its first service, as of that date.
    """
    breaches: dict[str, list[StoredBreach]] = defaultdict(list)
    for breach in work.likely_breaches.visible(NO_RESTRICTED_CASE):
        if breach.case in cases:
            breaches[breach.order].append(breach)
    orders = work.orders.visible(NO_RESTRICTED_CASE, terms_only=True)
    first = first_of_copies(orders)
    stages: dict[str, list[OrderStage]] = defaultdict(list)
    served: dict[str, list[str]] = defaultdict(list)
    since: dict[str, list[date]] = defaultdict(list)
    broken: dict[str, list[StoredBreach]] = defaultdict(list)
    types: dict[str, str] = {}
    for order in orders:
        there = breaches[order.reference]
        stage = stage_of(
            order,
            is_likely_breached=any(
                each.is_open and each.newest.result is BreachResult.LIKELY for each in there
            ),
            is_breached=any(each.status is BreachStatus.CONFIRMED for each in there),
        )
        stages[first[order.reference]].append(stage)
        served[first[order.reference]] += [case for case in order.cases if case in cases]
        since[first[order.reference]] += [order.served] if order.served is not None else []
        broken[first[order.reference]] += there
        types.setdefault(first[order.reference], order.type)
    asked = {case for reference, those in served.items() if since[reference] for case in those}
    happened = _Happened(work, sorted(asked))
    return tuple(
        OrderCounted(
            stage=furthest(stages[reference]),
            cases=tuple(dict.fromkeys(those)),
            group=_group(types[reference]),
            followed=after_service(min(since[reference]), happened.since(those, broken[reference]), today=on)
            if since[reference]
            else None,
        )
        for reference, those in served.items()
        if those
    )


def _group(code: str) -> OrderGroup:
    kind = order_type(code)
    return kind.group if kind else OrderGroup.OTHER


class _Happened:
    """Records of the cases of served orders, read once for all of them."""

    def __init__(self, work: Work, cases: Sequence[str]) -> None:
        self._incidents: dict[str, list[tuple[Happened, bool]]] = defaultdict(list)
        for seen in work.observed_parts.incidents(cases) if cases else ():
            span = _span(seen.happened, seen.reported_at.astimezone(LONDON).date())
            self._incidents[seen.involvement].append((span, IncidentKind.BREACH in seen.kinds))
        self._outcomes = work.outcomes.of(cases) if cases else {}

    def since(self, cases: Iterable[str], breaches: Iterable[StoredBreach]) -> Since:
        """Return what there is of the cases of one order."""
        incidents = [each for case in cases for each in self._incidents[case]]
        cases = tuple(dict.fromkeys(cases))
        outcomes = [each for case in cases for each in self._outcomes[case]]
        known = [(each, _span(each.happened, each.at.astimezone(LONDON).date())) for each in breaches]
        ended = [each.on.latest for each in endings_of(outcomes)]
        return Since(
            incidents=[span for span, is_breach in incidents if not is_breach],
            reported=[
                *(span for span, is_breach in incidents if is_breach),
                *(span for each, span in known if each.is_open and each.newest.result is BreachResult.LIKELY),
            ],
            confirmed=[span for each, span in known if each.status is BreachStatus.CONFIRMED],
            checked_until=checked_for_all(
                [
                    each.until.earliest
                    for each in searches_of(self._outcomes[case])
                    if each.measure is Measure.REPORTED
                ]
                for case in cases
            ),
            ended=min(ended, default=None),
        )

    def _checks_of(self, case: str) -> list[date]:
        searches = searches_of(self._outcomes[case])
        return [each.until.earliest for each in searches if each.measure is Measure.REPORTED]


def _span(happened: PartialDate | None, reported: date) -> Happened:
    """Return the dates between which it was; without a date it was at any time before the report."""
    if happened is None:
        return Happened(date.min, reported)
    return Happened(happened.earliest, max(happened.earliest, min(happened.latest, reported)))
