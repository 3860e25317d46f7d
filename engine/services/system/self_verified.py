"""The record verifies itself each day: chain, rows, triggers, keys, anchors, backup, and the feed of events.

What failed is a line for the chair and the administrator, a figure for the watch and a security event.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from engine.access.policy import May, require
from engine.clock import Clock
from engine.domain.errors import StacError
from engine.domain.system.verification import PARTS, Verification, Verified, next_part
from engine.services.context import Context
from engine.services.system import audit, audit_content
from engine.services.system.audit_anchors import anchor_warning, anchors_kept
from engine.services.system.backups import list_backups
from engine.services.system.copies import has_just_begun, is_copied, is_late, not_copied
from engine.services.system.security_feed import can_be_written
from engine.services.vault.record_keys import are_noted
from engine.settings import Settings

_EVERY = timedelta(days=1)


def verify_if_due(context: Context) -> Verification | None:
    """Verify the record where 24 hours have passed since the last time, or since it began; None: not yet."""
    with context.uow.unrecorded() as work:
        before = work.audit_content.verifications()
        since = before[0].at if before else work.audit.oldest_at()
    if since is None or context.clock.now() - since < _EVERY:
        return None
    require(May.SWEEP, context.acting)
    is_large = not audit_content.is_quickly_walked(uow=context.uow)
    parts = PARTS if is_large else 1
    part = next_part(before[0] if before else None, parts=parts)
    failed = tuple(sorted(set(_failures(context, part=part, parts=parts)), key=list(Verified).index))
    with context.writing("verify record") as work:
        done = Verification(at=context.clock.now(), part=part, parts=parts, failed=failed)
        work.audit_content.note_verification(done)
        work.notes(part=part, parts=parts, failed=", ".join(failed) or None)
    return done


def _failures(context: Context, *, part: int, parts: int) -> Iterator[Verified]:
    uow, settings = context.uow, context.settings
    anchors: dict[int, str] = {}
    try:
        anchors = anchors_kept(uow=uow, settings=settings)
    except StacError:
        yield Verified.ANCHORS
    if not audit.verify(uow=uow, anchors=anchors).ok:
        yield Verified.CHAIN
    tables = audit_content.covered_names()[part::parts]
    if not audit_content.verify_content(uow=uow, tables=tables).is_as_written:
        yield Verified.CONTENT
    if audit_content.missing_triggers(uow=uow):
        yield Verified.TRIGGERS
    try:
        if not are_noted(uow=uow):
            yield Verified.KEYS
    except StacError:
        yield Verified.KEYS
    with uow.unrecorded() as work:
        if anchor_warning(work, clock=context.clock, settings=settings) is not None:
            yield Verified.ANCHORS
    if not (_is_backed_up(context.clock, settings) and _is_copied(context)):
        yield Verified.BACKUP
    if not can_be_written(settings):
        yield Verified.EVENTS


def _is_backed_up(clock: Clock, settings: Settings) -> bool:
    """Return whether the newest backup is of late; a machine that names no folder makes none."""
    if settings.backup.folder is None:
        return True
    try:
        newest = next(iter(list_backups(settings=settings)), None)
    except (OSError, StacError):
        return False
    oldest = timedelta(hours=2 * settings.backup.every_hours)
    return newest is not None and clock.now() - newest.at <= oldest


def _is_copied(context: Context) -> bool:
    """Return whether nothing waits too long for a copy, and the server's archive, if any, does not fail."""
    uow, clock, settings = context.uow, context.clock, context.settings
    try:
        if is_copied(settings):
            found = not_copied(uow=uow, settings=settings)
            return not is_late(found, clock=clock, settings=settings) or has_just_begun(
                uow=uow, clock=clock, settings=settings
            )
        facts = uow.server_facts()
    except (OSError, StacError):
        return False
    return facts is None or not (facts.archive.is_on and facts.archive.fails)
