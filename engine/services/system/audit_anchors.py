"""Anchors of the audit log on a schedule, at a place that the operator names: a cut chain shows.

The owner of the database can cut the chain's end or rewrite it, but not what is stored elsewhere.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from engine.access.policy import May, require
from engine.access.verify_audit import read_anchors
from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import why_not
from engine.exchange.commands import give_line
from engine.services.context import Context
from engine.settings import Settings
from engine.store.unit_of_work import UnitOfWork, Work

ANCHOR_ITEM = "anchor"
_AGAIN = timedelta(hours=1)
_LOOK_AFTER = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})


def add_anchor(file: Path, *, sequence: int, hashed: str, at: datetime, accepts_older: bool = False) -> None:
    """Add one anchor to a file that is stored elsewhere. Raises OSError when it cannot be written whole.

    One that ``accepts_older`` says that the record went back to this entry, and that an operator knows it.
    """
    line = _line(sequence, hashed, at, accepts_older=accepts_older)
    handle = os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as out:
        out.write(line + "\n")
        out.flush()
        os.fsync(out.fileno())


def _line(sequence: int, hashed: str, at: datetime, *, accepts_older: bool = False) -> str:
    accepts = {"accepts_older": True} if accepts_older else {}
    return json.dumps({"sequence": sequence, "hash": hashed, "at": at.isoformat(), **accepts})


def missing_anchor(work: Work, settings: Settings) -> int | None:
    """Return the number of the newest anchored entry where the record does not have it: it is older.

    Only anchors in the file elsewhere say so. A file that cannot be read is reported by 'stac doctor'.
    """
    file = settings.audit.anchor_file(settings.home)
    if file is None or not file.exists():
        return None
    try:
        anchors = anchors_of(file=file)
    except InvalidInputError:
        return None
    if not anchors:
        return None
    newest = max(anchors)
    return None if work.audit.hashes([newest]).get(newest) == anchors[newest] else newest


def anchor_if_due(context: Context) -> bool | None:
    """Anchor the head of the chain when it is due; None: it is not due, False: it could not be done.

    What failed is tried again after an hour.
    """
    if not context.settings.audit.is_anchored:
        return None
    with context.uow.unrecorded() as work:
        newest = work.audit_content.newest_anchor()
        wait = _AGAIN if newest is not None and newest.failed else context.settings.audit.anchor_every
        if newest is not None and context.clock.now() - newest.at < min(
            wait, context.settings.audit.anchor_every
        ):
            return None
        sequence, hashed = work.audit.head()
        if missing_anchor(work, context.settings) is not None:
            return False  # its head would be anchored as if nothing were missing
    require(May.SWEEP, context.acting)
    failed = _anchored_elsewhere(context, sequence, hashed)
    with context.writing("anchor audit") as work:
        work.audit_content.note_anchor(
            sequence=sequence, hashed=hashed, failed=failed, at=context.clock.now()
        )
        work.notes(anchored=sequence, failed=failed)
    return failed is None


def _anchored_elsewhere(context: Context, sequence: int, hashed: str) -> str | None:
    """Add the anchor to the file and give it to the command; return why, where one failed."""
    audit, at = context.settings.audit, context.clock.now()
    file = audit.anchor_file(context.settings.home)
    try:
        if file is not None:
            add_anchor(file, sequence=sequence, hashed=hashed, at=at)
        if audit.anchor_command:
            give_line(audit.anchor_command, _line(sequence, hashed, at))
    except OSError as error:
        return why_not(error)
    return None


def anchors_kept(*, uow: UnitOfWork, settings: Settings) -> dict[int, str]:
    """Return every anchor that was made: those at the place elsewhere, and those that the record has itself.

    Raises InvalidInputError where the place is named and has no file that can be read.
    """
    with uow.unrecorded() as work:
        stored = work.audit_content.anchors()
    file = settings.audit.anchor_file(settings.home)
    if file is None or (not stored and not file.exists()):
        return stored
    return {**stored, **anchors_of(file=file)}


def anchors_of(*, file: Path) -> dict[int, str]:
    """Return the anchors stored in a file. Raises InvalidInputError."""
    try:
        with file.open(encoding="utf-8") as lines:
            return read_anchors(lines)
    except OSError as error:
        raise InvalidInputError("anchors", f"the file cannot be read ({why_not(error)})") from None
    except ValueError:
        raise InvalidInputError("anchors", "the file contains a line that is not a valid anchor") from None


def anchor_warning(work: Work, *, clock: Clock, settings: Settings) -> tuple[str, datetime] | None:
    """Return one sentence, and since when, where the chain could not be anchored or was not in time."""
    if not settings.audit.is_anchored:
        return None
    newest = work.audit_content.newest_anchor()
    if newest is None:
        return None  # no runner has come to it yet: the worklist says when none is alive
    since = newest.succeeded_at
    if newest.failed is None and clock.now() - newest.at <= 2 * settings.audit.anchor_every:
        return None
    why = (
        f"The place could not be written ({newest.failed})."
        if newest.failed
        else ("No background service did it.")
    )
    last = f"Last anchored on {since.astimezone(LONDON):%-d %B %Y, %H:%M}." if since else "Not anchored yet."
    return f"The audit log could not be anchored. {why} {last}", since or newest.at


def anchor_items(work: Work, acting: Acting, clock: Clock, settings: Settings) -> Iterator[WorkItem]:
    """Yield a line for those who run the installation where the chain could not be anchored."""
    if acting.role not in _LOOK_AFTER:
        return
    warning = anchor_warning(work, clock=clock, settings=settings)
    if warning is not None:
        yield WorkItem(
            reference="audit log",
            what="Check the place of the audit anchors",
            why=warning[0],
            due_at=None,
            since=warning[1],
            is_overdue=clock.now() - warning[1] > 2 * settings.audit.anchor_every,
            is_alarm=False,
            kind=ANCHOR_ITEM,
        )


def anchoring_state(*, uow: UnitOfWork, clock: Clock, settings: Settings) -> str | None:
    """Return the same sentence for the audit page; None where there is nothing to say."""
    with uow.unrecorded() as work:
        warning = anchor_warning(work, clock=clock, settings=settings)
    return warning[0] if warning else None
