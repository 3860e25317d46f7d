"""Orders, conditions and incidents for tests of comparisons: each shows what matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from engine.domain.cases.incidents import Channel, IncidentKind
from engine.domain.dates import PartialDate
from engine.domain.orders.breaches import Comparison, HeldIncident, IncidentDetails
from engine.domain.orders.conditions import ConditionGiven, StoredCondition
from engine.domain.orders.orders import OrderAct, OrderTerms, Relation, StepGiven, StoredOrder, StoredStep
from engine.orders.breaches import PlaceCheck, compare
from engine.orders.conditions import condition_library, recorded_condition

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CASE = "R-7K3M9QV"
ORDER = "PO-7K3M9QV"
LATER = datetime(2029, 1, 1, tzinfo=UTC)
NO_CONTACT: Mapping[str, object] = {"code": "no-contact", "means": ["any means"]}
SERVED: Mapping[str, object] = {"on": "2026-03-10", "at_time": "14:05"}


def conditions(*given: Mapping[str, object], persons: int = 1) -> tuple[StoredCondition, ...]:
    found = []
    for number, each in enumerate(given, start=1):
        condition = ConditionGiven.model_validate(each)
        zone = f"V-7K3M9Q{number}" if condition.zone else None
        found.append(recorded_condition(condition, number, condition_library(), persons=persons, zone=zone))
    return tuple(found)


def an_order(
    *given: Mapping[str, object],
    reference: str = ORDER,
    kind: str = "spo",
    served: Mapping[str, object] | None = SERVED,
    discharged: str | None = None,
    persons: Sequence[Mapping[str, object]] = ({"is_victim": True, "case": CASE},),
    earlier: Sequence[tuple[Relation, str]] = (),
    successors: Sequence[tuple[Relation, str, str]] = (),
    **terms: object,
) -> StoredOrder:
    """A full order made on 2 March 2026 for two years, and served on 10 March at 14:05."""
    facts = {"type": kind, "made": "2026-03-02", "years": 2, **terms}
    if facts.get("ends"):
        facts.pop("years")
    written = conditions(*(given or (NO_CONTACT,)), persons=len(persons))
    terms_given = OrderTerms.model_validate({**facts, "protected": persons, "conditions": written})
    made = str(facts["made"])
    steps = [StepGiven(act=OrderAct.MADE, on=datetime.fromisoformat(made).date(), terms=terms_given)]
    if served is not None:
        steps.append(StepGiven.model_validate({"act": "served", "how": "in person", **served}))
    if discharged is not None:
        steps.append(
            StepGiven.model_validate({"act": "discharged", "on": discharged, "why": "By the court."})
        )
    return StoredOrder(
        reference=reference,
        type=kind,
        cases=(CASE,),
        steps=tuple(
            StoredStep(number=n, case=CASE, act=step.act, on=step.on, given=step, by="chair", at=AT)
            for n, step in enumerate(steps, start=1)
        ),
        earlier=tuple(earlier),
        successors=tuple(
            (relation, ref, datetime.fromisoformat(day).date()) for relation, ref, day in successors
        ),
        by="chair",
        at=AT,
    )


def an_incident(
    happened: str | None = "2026-05-06",
    kind: str = "contacting",
    channel: str | None = "phone",
    *,
    reported_at: datetime = LATER,
    **details: object,
) -> HeldIncident:
    return HeldIncident(
        reference="I-7K3M9QV",
        cases=(CASE,),
        kind=IncidentKind(kind),
        channel=Channel(channel) if channel else None,
        happened=PartialDate(happened) if happened else None,
        reported_at=reported_at,
        details=IncidentDetails.model_validate(details),
    )


def compared(
    incident: HeldIncident, *orders: StoredOrder, places: PlaceCheck | None = None
) -> tuple[Comparison, ...]:
    return compare(incident, orders, places=places)


def only(incident: HeldIncident, *orders: StoredOrder, places: PlaceCheck | None = None) -> Comparison:
    """Return the one comparison of an incident with an order that has one condition."""
    (found,) = compared(incident, *orders, places=places)
    return found
