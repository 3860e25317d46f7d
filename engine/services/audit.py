"""Verifying the audit chain of the record."""

from __future__ import annotations

from contextlib import closing

from engine.domain.audit import FIRST_PREVIOUS, entry_hash
from engine.domain.base import Frozen
from engine.store.unit_of_work import UnitOfWork


class BadEntry(Frozen):
    """The first entry at which the chain does not hold."""

    entry: int
    reason: str


class AuditVerdict(Frozen):
    """Whether the chain holds from its first entry to its head."""

    entries: int
    ok: bool
    first_bad: BadEntry | None


def verify(*, uow: UnitOfWork) -> AuditVerdict:
    """Walk the chain: each entry follows the one before it, and the last one is the head of the record."""
    previous, expected, count = FIRST_PREVIOUS, 1, 0
    with uow.unrecorded() as work, closing(work.audit.entries()) as entries:
        head_sequence, head_hash = work.audit.head()
        for entry in entries:
            reason = None
            if entry.sequence != expected:
                reason = f"entry {expected} is missing"
            elif entry.previous != previous:
                reason = "it does not follow the entry before it"
            elif entry.hash != entry_hash(previous, entry.sequence, entry.body):
                reason = "its content was altered"
            if reason:
                return AuditVerdict(
                    entries=count, ok=False, first_bad=BadEntry(entry=entry.sequence, reason=reason)
                )
            previous, expected, count = entry.hash, expected + 1, count + 1
    if (count, previous) != (head_sequence, head_hash):
        return AuditVerdict(
            entries=count,
            ok=False,
            first_bad=BadEntry(entry=count + 1, reason="the end of the chain is cut off"),
        )
    return AuditVerdict(entries=count, ok=True, first_bad=None)
