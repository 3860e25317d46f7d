"""Versions of who is responsible for a case, and the holder that a screening gives. Parts of use cases."""

from __future__ import annotations

from engine.clock import Clock
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.cases.responsible import Responsible
from engine.store.unit_of_work import Work


def hold_by_default(work: Work, reference: str, *, acting: Acting, clock: Clock) -> None:
    """Record the person who screens a case as its holder, where none is recorded."""
    before = newest(work, reference)
    if before.holder is None and acting.role in COORDINATOR_AND_CHAIR:
        held = before.model_copy(update={"holder": acting.user})
        add_version(work, reference, held, reason=None, acting=acting, clock=clock)


def newest(work: Work, reference: str) -> Responsible:
    """Return what is recorded now; version 0 where nothing is."""
    return next(reversed(work.responsible.of(reference)), Responsible())


def add_version(
    work: Work, reference: str, after: Responsible, *, reason: str | None, acting: Acting, clock: Clock
) -> Responsible:
    """Store the version that follows, and return it."""
    recorded = after.model_copy(
        update={"version": after.version + 1, "reason": reason, "by": acting.user, "at": clock.now()}
    )
    work.responsible.add(reference, recorded, by=acting.user, at=clock.now())
    return recorded
