"""Actions that the police propose, from their own records and from what they may see. Forms no view.

An action leaves out which other agency's item led to it: who reads the action may not read the item.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from engine.hooks.v1 import (
    ActionsProposed,
    AnswerSeen,
    CaseAsked,
    Domain,
    FoundOne,
    IncidentKind,
    Level,
    ProposedAction,
    counted,
    sentence,
)
from plugins.police.records import OrderKind, OrderRow, PersonRow, PoliceRecords
from plugins.police.reports import Reported, on_day, reported_of

OWN = "police"
_RECENTLY = timedelta(days=365)
_PROTECTION_ORDERS = frozenset({OrderKind.SPO, OrderKind.INTERIM_SPO})
_FEWEST_REPORTS = 2
_AT_THE_HOME = frozenset({"frequent-visits", "loitering", "property-damage"})
"""Topics that an advocate talks through, as the victim's advocacy service names them."""


def propose(case: CaseAsked, answers: Sequence[AnswerSeen], held: PoliceRecords) -> ActionsProposed:
    """Return what the police propose about the alleged perpetrator, one action for each item of the library.

    A person who was not found, or not for one person only, has no action from the police's own records.
    """
    found = held.index.find(case.perpetrator)
    actions: list[ProposedAction] = []
    if isinstance(found, FoundOne):
        reported = reported_of(held, found.key, on=case.on)
        orders = [order for order in held.orders.get(found.key, []) if _applies(order, case)]
        actions += _from_records(case, held.persons[found.key], reported, orders)
    actions += _from_answers([each for each in answers if each.agency != OWN])
    first_by_item = {action.library: action for action in reversed(actions)}
    return ActionsProposed(actions=tuple(dict.fromkeys(first_by_item[action.library] for action in actions)))


def _from_records(
    case: CaseAsked, person: PersonRow, reported: Reported, orders: Sequence[OrderRow]
) -> Iterator[ProposedAction]:
    recent = [row for row in reported.dated if row.happened and row.happened.earliest >= case.on - _RECENTLY]
    threats = [row for row in recent if row.kind is IncidentKind.THREAT]
    if threats:
        yield ProposedAction(
            says=sentence(
                f"decide on a threat-to-life warning after the threat reported {on_day(threats[-1].happened)}"
            ),
            library="threat-to-life-warning",
            serves=Domain.VIOLENCE,
            owner=OWN,
        )
    breaches = [
        row
        for row in recent
        if row.kind is IncidentKind.BREACH
        and not any(offence.asn for offence in reported.offences.get(row.incident_id, ()))
    ]
    if breaches:
        yield ProposedAction(
            says=sentence(
                f"arrest for the breach reported {on_day(breaches[-1].happened)}, or record why not"
            ),
            library="arrest-for-breach",
            serves=Domain.PERSISTENCE,
            owner=OWN,
        )
    if len(reported.reports) >= _FEWEST_REPORTS and not any(o.kind in _PROTECTION_ORDERS for o in orders):
        count = counted(len(reported.reports), "report")
        yield ProposedAction(
            says=sentence(f"apply for a Stalking Protection Order on {count}, or record why none is sought"),
            library="stalking-protection-order",
            serves=Domain.PERSISTENCE,
            owner=OWN,
        )
    if any("firearm" in marker.casefold() or "weapon" in marker.casefold() for marker in person.markers):
        yield ProposedAction(
            says="Check firearms and shotgun certificates of the person and of the household.",
            library="firearms-licence-check",
            serves=Domain.VIOLENCE,
            owner=OWN,
        )
    others = len(reported.by_victim) - 1
    if others > 0:
        yield ProposedAction(
            says=sentence(f"contact {counted(others, 'other victim')} who reported, in a way that is safe"),
            library="earlier-victims",
            serves=Domain.RECURRENCE,
            owner=OWN,
        )


def _from_answers(answers: Sequence[AnswerSeen]) -> Iterator[ProposedAction]:
    if any(each.level_on(Domain.VIOLENCE) is Level.HIGH for each in answers):
        yield ProposedAction(
            says="Decide on a threat-to-life warning.",
            library="threat-to-life-warning",
            serves=Domain.VIOLENCE,
            owner=OWN,
        )
    if any(each.has_present(_AT_THE_HOME) for each in answers):
        yield ProposedAction(
            says="Offer the victim a home security visit.",
            library="home-security",
            serves=Domain.VIOLENCE,
            owner=OWN,
        )


def _applies(order: OrderRow, case: CaseAsked) -> bool:
    """Return whether an order applies when asked; one without a recorded end may."""
    return order.made <= case.on and (order.ends is None or order.ends >= case.on)
