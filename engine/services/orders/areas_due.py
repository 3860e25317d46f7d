"""Incidents that may have happened while an order with a sealed area applied: a kind of rows.

Only dates are compared, which are in no vault. Where it happened is compared when one of the few people who
may know the result reads it (``areas``), and no row depends on that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from engine.domain.cases.due import PEOPLE_OF_CASE, Waits
from engine.domain.cases.incidents import IncidentKind
from engine.domain.dates import PartialDate
from engine.domain.orders.breaches import HeldIncident, IncidentDetails, StoredDetails
from engine.domain.orders.orders import StoredOrder
from engine.orders.breach_times import occurrence_of, times_of
from engine.orders.time_spans import LATEST, TimeSpans
from engine.services.due.kinds import DueGiven, DueKind
from engine.store.repositories.cases.incidents_in_short import IncidentDated
from engine.store.unit_of_work import Work

_READS = frozenset(
    {
        "court_order",
        "court_order_case",
        "court_order_step",
        "court_order_relation",
        "episode_judgement",
        "incident",
        "incident_report",
        "incident_detail",
    }
)


def areas_to_compare(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield on each case every such incident of its episode, whatever the classes of its reports."""
    cases = given.added.with_any("court_order_case", cases)
    if not cases:
        return
    together = work.cases.together_with_each(cases)
    everywhere = sorted({each for of in together.values() for each in of})
    if not work.orders.with_zones(everywhere):
        return
    orders = [order for order in work.orders.of(everywhere) if order.was_made]
    served = {case for order in with_areas(orders) for case in order.cases}
    wanted = {case: of for case, of in together.items() if not served.isdisjoint(of)}
    there = sorted({each for of in wanted.values() for each in of})
    incidents, details = work.incidents.dated(there), work.incident_details.details_of(there)
    for case, of in wanted.items():
        own = {order.reference: order for order in orders if not {*order.cases}.isdisjoint(of)}
        dated = [each for one in of for each in incidents.get(one, ())]
        for incident in sorted(incidents_in_time(dated, details, own)):
            since = min(order.at for order in with_areas(own.values()))
            yield Waits(case=case, about=incident, whom=PEOPLE_OF_CASE, since=since)


def incidents_in_time(
    incidents: Iterable[IncidentDated],
    details: Mapping[str, StoredDetails],
    orders: Mapping[str, StoredOrder],
) -> Iterator[str]:
    """Yield the incidents that may have happened while one of these orders with a sealed area applied."""
    times = [times_of(order, orders).perhaps for order in with_areas(orders.values())]
    yield from (each.reference for each in incidents if _may_be_in(each, details.get(each.reference), times))


def with_areas(orders: Iterable[StoredOrder]) -> list[StoredOrder]:
    """Return those of these orders that were made and have a sealed area."""
    return [
        order
        for order in orders
        if order.was_made and order.terms and any(each.zone for each in order.terms.conditions)
    ]


def _may_be_in(incident: IncidentDated, given: StoredDetails | None, times: Sequence[TimeSpans]) -> bool:
    """Return whether it may have happened in one of these times, whichever of its reports is read.

    Who does not read its first report takes it for reported later, and so perhaps for later than it was.
    """
    held = HeldIncident(
        reference=incident.reference,
        cases=(),
        kind=IncidentKind.OTHER,
        channel=None,
        happened=PartialDate(incident.happened) if incident.happened else None,
        reported_at=_EVER if incident.happened else incident.last_reported,
        details=(given.details if given is not None else None) or IncidentDetails(),
    )
    return any(occurrence_of(held).perhaps_in(each) for each in times)


_EVER = LATEST - timedelta(days=1)
AREA_TO_COMPARE = DueKind(
    "incidents to compare with areas", reads=_READS, of=areas_to_compare, with_episodes=True
)
