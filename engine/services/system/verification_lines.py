"""Results of the record's daily verification, for a worklist and for figures. Verifies nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.worklists import WorkItem
from engine.domain.system.verification import Verification, Verified, failing
from engine.store.unit_of_work import Work

VERIFICATION_ITEM = "verification"
_EVERY = timedelta(days=1)
_LOOK_AFTER = frozenset({Role.CHAIR, Role.ADMINISTRATOR})


def newest_verification(work: Work) -> tuple[Verification | None, tuple[Verified, ...]]:
    """Return the newest verification, None before the first, and what fails."""
    there = work.audit_content.verifications()
    return (there[0] if there else None), failing(there)


def verification_items(work: Work, acting: Acting, clock: Clock) -> Iterator[WorkItem]:
    """Yield a line for the chair and the administrator where the record's verification of itself failed."""
    if acting.role not in _LOOK_AFTER:
        return
    newest, failed = newest_verification(work)
    if newest is None or not failed:
        return
    on = f"Verified on {newest.at.astimezone(LONDON):%-d %B %Y, %H:%M}."
    yield WorkItem(
        reference="audit log",
        what="Have the record examined with 'stac doctor'",
        why=" ".join([*(each.sentence for each in failed), on]),
        due_at=None,
        since=newest.at,
        is_overdue=clock.now() - newest.at > _EVERY,
        is_alarm=False,
        kind=VERIFICATION_ITEM,
    )
