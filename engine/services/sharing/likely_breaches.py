"""Incidents of cases held against the orders of their episodes. A part of use cases; opens no sealed value.

Every comparison that asks a person is stored, and so is each later one with another result. Nothing about a
sealed area is compared here: what two people may know is worked out when they read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from engine.domain.cases.views import IncidentView
from engine.domain.orders.breaches import (
    Comparison,
    HeldIncident,
    IncidentDetails,
    StoredBreach,
    StoredDetails,
)
from engine.domain.orders.orders import StoredOrder
from engine.orders.breaches import compare
from engine.store.unit_of_work import Work

_Stored = Mapping[tuple[str, str, int], StoredBreach]


def compare_cases(work: Work, cases: Sequence[str], *, at: datetime) -> None:
    """Hold the incidents of these cases and of their episodes against the orders there; store what is new.

    Without an order this is two statements, whatever the incidents are.
    """
    together = work.cases.together_with_each(sorted({*cases}))
    episodes = sorted({tuple(sorted(each)) for each in together.values() if each})
    everywhere = sorted({case for episode in episodes for case in episode})
    orders = [order for order in work.orders.of(everywhere) if order.was_made]
    if not orders:
        return
    classes = work.sharing.classes()
    details = work.incident_details.details_of(everywhere)
    there = work.likely_breaches.of(everywhere)
    stored = {(each.incident, each.order, each.condition): each for each in there}
    fresh: list[Comparison] = []
    for episode in episodes:
        own = [order for order in orders if {*order.cases} & {*episode}]
        for incident in work.incidents.of(episode, shown=classes) if own else ():
            fresh += _new(held(incident, episode, details), own, stored)
    work.likely_breaches.store(fresh, at=at)


def held(
    incident: IncidentView, episode: Sequence[str], details: Mapping[str, StoredDetails]
) -> HeldIncident:
    """Return an incident as it is held against conditions: without its texts."""
    there = details.get(incident.reference)
    return HeldIncident(
        reference=incident.reference,
        cases=tuple(episode),
        kind=incident.kind,
        also=incident.also,
        channel=incident.channel,
        happened=incident.happened,
        reported_at=min(report.received_at for report in incident.reports),
        details=(there.details if there is not None else None) or IncidentDetails(),
    )


def _new(incident: HeldIncident, orders: Sequence[StoredOrder], stored: _Stored) -> Iterator[Comparison]:
    """Yield each comparison that asks a person, or that differs from the one that is stored.

    One whose content was erased is not made again.
    """
    for comparison in compare(incident, orders):
        if comparison.is_sealed:
            continue
        before = stored.get((comparison.incident, comparison.order, comparison.condition))
        if before is None:
            if comparison.asks:
                yield comparison
        elif before.newest.comparison is not None and before.newest.comparison != comparison:
            yield comparison
