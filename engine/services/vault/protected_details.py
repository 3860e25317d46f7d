"""The only way to the protected tables. What locates a victim goes in, and is compared by keyed digest.

Only this module knows the key. No function here prints, logs or returns a value to a page.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.access.digests import VaultKey, normalised
from engine.access.redact_protected import HeldValue
from engine.clock import Clock
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue
from engine.store.unit_of_work import Work

_LIKE: dict[ProtectedKind, tuple[str, ...]] = {
    ProtectedKind.PHONE: ("phone", "account"),
    ProtectedKind.EMAIL: ("email", "account"),
    ProtectedKind.ADDRESS: ("place",),
    ProtectedKind.WORKPLACE: ("place",),
    ProtectedKind.SCHOOL: ("place",),
}
"""The kinds of thing in the link graph that a protected value could be."""


def protected_like(kind: str) -> tuple[ProtectedKind, ...]:
    """Return the kinds of protected value that a thing of this kind could be."""
    return tuple(protected for protected, things in _LIKE.items() if kind in things)


def compared_as(kind: str, value: str) -> str:
    """Return a thing's value as it is compared with others: in one form, however a source wrote it."""
    return normalised(ProtectedKind.PHONE if kind == "phone" else ProtectedKind.EMAIL, value)


def store_protected(
    *,
    work: Work,
    key: VaultKey,
    clock: Clock,
    values: Sequence[tuple[str, ProtectedValue]],
    told_by: str,
) -> list[str]:
    """Store these (involvement, value) pairs and return a reference for each; part of a larger use case.

    Whatever in the link graph is like one of them is deleted there.
    """
    from engine.store.repositories.vault.protected import NewProtected  # a list or a page protects none

    work.links.projection.forget(
        (thing, compared_as(thing, value.value)) for _, value in values for thing in _LIKE.get(value.kind, ())
    )
    return work.protected.keep(
        [
            NewProtected(
                involvement=involvement,
                kind=value.kind.value,
                content=value.value.encode(),
                digests=key.digests(value.kind, value.value),
                told_by=told_by,
            )
            for involvement, value in values
        ],
        at=clock.now(),
    )


def held_on_case(*, work: Work, reference: str) -> tuple[HeldValue, ...]:
    """Return what is protected on this involvement's whole episode, to mask a document; part of use cases."""
    together = work.cases.together(reference)
    return tuple(
        HeldValue(reference=ref, kind=kind, value=content.decode())
        for ref, kind, content in work.protected.held_on(together)
    )
