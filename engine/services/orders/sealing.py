"""Sealing of what an order names: zones, and protected persons other than the victim. Parts of use cases.

Every zone is sealed, near a protected place or not. If only those near one were, the seal would say so.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from engine.domain.ids import read_reference
from engine.domain.orders.conditions import ConditionGiven, SealedKind, Zone
from engine.domain.orders.orders import ProtectedPersonGiven, StoredProtectedPerson
from engine.services.context import VaultContext
from engine.services.vault.sealed_values import seal_values
from engine.store.unit_of_work import Work


def seal_persons(
    work: Work, context: VaultContext, case: str, persons: Sequence[ProtectedPersonGiven]
) -> tuple[StoredProtectedPerson, ...]:
    """Return the protected persons of an order as they are stored: of the victim nothing but the case."""
    names = [each.name for each in persons if each.name is not None]
    references = iter(seal_values(work, context, case, SealedKind.PERSON, names))
    return tuple(
        StoredProtectedPerson(
            is_victim=each.is_victim,
            case=read_reference("involvement", each.victim_of) if each.victim_of else case,
            sealed=None if each.name is None else next(references),
            is_child=each.is_child,
        )
        for each in persons
    )


def seal_zones(
    work: Work, context: VaultContext, case: str, conditions: Sequence[ConditionGiven]
) -> tuple[str | None, ...]:
    """Return for each condition the reference of its sealed zone, or None if it has none."""
    zones = [each.zone for each in conditions if each.zone is not None]
    references = iter(seal_values(work, context, case, SealedKind.ZONE, [_written(zone) for zone in zones]))
    return tuple(None if each.zone is None else next(references) for each in conditions)


def _written(zone: Zone) -> str:
    """Return a zone as one text: its description first, so that the mask finds it in other texts."""
    circle = zone.model_dump(exclude={"description"}, exclude_none=True)
    return f"{zone.description}; {json.dumps(circle, sort_keys=True)}" if circle else zone.description
