"""Values sealed beside a victim's details: zones, names, places of incidents. Part of use cases."""

from __future__ import annotations

from collections.abc import Sequence

from engine.domain.orders.conditions import SealedKind
from engine.services.context import VaultContext
from engine.store.repositories.vault.protected import NewProtected
from engine.store.unit_of_work import Work


def seal_values(
    work: Work, context: VaultContext, case: str, kind: SealedKind, values: Sequence[str]
) -> list[str]:
    """Return the references of these values, which are stored in the vault."""
    return work.protected.keep(
        [
            NewProtected(
                involvement=case,
                kind=kind.value,
                content=value.encode(),
                digests=context.key.digests(kind, value),
                told_by=context.acting.user,
            )
            for value in values
        ],
        at=context.clock.now(),
    )
