"""The audit log of the record: verifying it, exporting a copy, and anchoring its head elsewhere."""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.access.policy import May, require
from engine.access.verify_audit import FORMAT, Chain, verify_lines
from engine.clock import Clock
from engine.domain.accounts.acting import flow_acting
from engine.domain.base import Frozen, Instant
from engine.domain.errors import InvalidInputError, RecordError, RecordFault
from engine.domain.file_faults import why_not
from engine.services.context import Context
from engine.services.system.audit_anchors import add_anchor
from engine.services.system.audit_keys import KeyedEntries
from engine.store.record_state import CLOCKS_MAY_DIFFER
from engine.store.repositories.system.audit import ChainedEntry
from engine.store.unit_of_work import UnitOfWork, Work

LONG_SILENCE = timedelta(days=30)
"""A record that is used is never silent for so long; the runner makes an entry every day."""
_LEAPS_AMONG = 2_000


class BadEntry(Frozen):
    """The first entry where the chain is broken."""

    entry: int
    reason: str


class AuditVerdict(Frozen):
    """The result of verifying the chain from its first entry to its head."""

    entries: int
    ok: bool
    first_bad: BadEntry | None


class LogLine(Frozen):
    """One entry as a reader of the log sees it."""

    number: int
    at: Instant
    user: str
    role: str
    purpose: str
    what: str
    cases: int


class ClockLeap(Frozen):
    """A gap before an entry, far longer than a record that is used is ever silent."""

    entry: int
    before: Instant
    at: Instant


class ClockSeen(Frozen):
    """This machine's clock against the log: the newest entry, and where the log leaps forward."""

    now: Instant
    newest: Instant | None
    is_behind: bool
    leaps: tuple[ClockLeap, ...]
    differs: str | None = None
    """The sentence, where it differs too much from the database server's."""

    @property
    def silent_days(self) -> int:
        """The number of days without any entry."""
        return (self.now - self.newest).days if self.newest else 0


class Exported(Frozen):
    """A written export: how many entries, and the head that the last line names."""

    entries: int
    head: str


def clock_seen(*, uow: UnitOfWork, clock: Clock) -> ClockSeen:
    """Compare this machine's clock with the log, for its operator."""
    now = clock.now()
    with uow.unrecorded() as work:
        newest = work.audit.newest_at()
        leaps = work.audit.leaps(LONG_SILENCE, among=_LEAPS_AMONG)
    return ClockSeen(
        now=now,
        newest=newest,
        is_behind=newest is not None and now < newest - CLOCKS_MAY_DIFFER,
        leaps=tuple(ClockLeap(entry=entry, before=before, at=at) for entry, before, at in leaps),
        differs=str(ahead).partition(";")[0] if (ahead := uow.clock_fault()) else None,
    )


def accept_clock(*, uow: UnitOfWork, clock: Clock) -> ClockSeen:
    """Continue entries by this machine's clock, though the newest is of a later time, for an operator.

    What was recorded by the wrong clock stays as it is, and this entry says from where on it is right. Raises
    InvalidInputError when the clock is not behind.
    """
    seen = clock_seen(uow=uow, clock=clock)
    if seen.newest is None or not seen.is_behind:
        raise InvalidInputError("clock", "the clock is not behind the audit log; there is nothing to accept")
    acting = flow_acting("set the clock right", "operator")
    with uow.writing(acting=acting, what="accept clock", at=clock.now(), accepts_clock=True) as work:
        work.notes(newest_was=seen.newest.isoformat())
    return seen


def verify(
    *, uow: UnitOfWork, anchors: Mapping[int, str] | None = None, are_sealed: bool = True
) -> AuditVerdict:
    """Verify the chain: each entry follows the one before it, and the last one is the head of the record.

    The columns that find an entry (who, when, which cases) must be what the entry says, and the keyed check
    of each must be the software's: who has no key can make no entry, nor change one. ``anchors`` are hashes
    by number that were stored elsewhere. ``are_sealed`` False is for a backup from before such checks.
    """
    chain, wanted = Chain(), dict(anchors or {})
    with uow.unrecorded() as work, closing(_readable(work, chain)) as entries:
        keyed = KeyedEntries(chain, work.audit.key(), are_sealed=are_sealed)
        for entry in entries:
            if not chain.follow(entry.sequence, entry.previous, entry.hash, entry.body):
                break
            if not _index_agrees(work, entry):
                chain.found(entry.sequence, "its search keys were altered")
                break
            if not chain.names_versions(entry.body, entry.versions, must_be_there=True):
                break
            if not keyed.follow(entry):
                break
            text = wanted.pop(entry.sequence, None)
            if text is not None and text != entry.hash:
                chain.found(entry.sequence, "the anchor does not match this entry")
                break
        else:
            keyed.end()
            chain.ends_at(*work.audit.head(), sentence="the head of the record")
            for number, hashed in sorted(wanted.items()):
                chain.ends_at(number, hashed, sentence="an anchor")
    return AuditVerdict.model_validate(chain.verdict())


def _readable(work: Work, chain: Chain) -> Generator[ChainedEntry, None, None]:
    """Yield the entries up to one with a value that cannot be read, which becomes the chain's fault."""
    try:
        yield from work.audit.entries()
    except RecordError as error:
        if error.fault is not RecordFault.UNREADABLE:
            raise
        chain.found(chain.entries + 1, "a value of it cannot be read")


def verify_file(*, file: Path, anchors: Mapping[int, str] | None = None) -> AuditVerdict:
    """Do the same for an export, with the code that any person may run alone. Raises InvalidInputError."""
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            return AuditVerdict.model_validate(verify_lines(lines, dict(anchors or {})))
    except OSError as error:
        raise InvalidInputError("file", f"it cannot be read ({why_not(error)})") from None


def export(context: Context, *, file: Path) -> Exported:
    """Write the whole chain to a file, with its head as the last line. The file is whole or is not there.

    What an entry wrote stays in the record: an export has the digest of it, in the entry's text. The export
    itself is an entry, and the last one in it.

    Raises
    ------
    InvalidInputError
        The file cannot be written.
    """
    with context.writing("export audit") as work:
        require(May.EXPORT_AUDIT, context.acting)
        work.notes(entries=work.audit.count())
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with context.uow.unrecorded() as work:
            written = _write(work, aside)
        aside.replace(file)
    except OSError as error:
        raise InvalidInputError("file", f"it cannot be written ({why_not(error)})") from None
    finally:
        with suppress(OSError):
            aside.unlink()
    return written


def newest(context: Context, *, count: int = 50) -> tuple[LogLine, ...]:
    """Return the last lines of the log, newest first: who, as what, why, and how many cases; no content."""
    with context.reading("read the log") as work:
        require(May.EXPORT_AUDIT, context.acting)
        first = max(work.audit.count() - count, 0)
        with closing(work.audit.entries(after=first, with_versions=False)) as entries:
            lines = [_line(entry) for entry in entries]
        work.notes(lines=len(lines))
    return tuple(reversed(lines))


def _line(entry: ChainedEntry) -> LogLine:
    value = json.loads(entry.body)
    return LogLine(
        number=entry.sequence,
        at=entry.at,
        user=entry.user,
        role=value["role"],
        purpose=value["purpose"],
        what=value["what"],
        cases=len(entry.cases),
    )


def copy(context: Context, *, home: Path) -> bytes:
    """Return the same copy as an export, for a link that works once.

    Raises
    ------
    InvalidInputError
        The file cannot be written.
    """
    with TemporaryDirectory(dir=home) as place:
        file = Path(place, "audit.jsonl")
        export(context, file=file)
        return file.read_bytes()


def anchor(context: Context, *, file: Path) -> Exported:
    """Add the head of the chain, as it is after this use case, to a file that is stored elsewhere.

    Raises
    ------
    InvalidInputError
        The file cannot be written.
    """
    with context.writing("anchor audit") as work:
        require(May.EXPORT_AUDIT, context.acting)
    with context.uow.unrecorded() as work:
        sequence, hashed = work.audit.head()
    try:
        add_anchor(file, sequence=sequence, hashed=hashed, at=context.clock.now())
    except OSError as error:
        raise InvalidInputError("file", f"it cannot be written ({why_not(error)})") from None
    return Exported(entries=sequence, head=hashed)


def _write(work: Work, file: Path) -> Exported:
    """Write one snapshot of the database: the entries up to the head that was read with them."""
    sequence, hashed = work.audit.head()
    handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out, closing(work.audit.entries()) as entries:
        for line in _lines(entries, sequence, hashed):
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    return Exported(entries=sequence, head=hashed)


def _lines(entries: Iterator[ChainedEntry], sequence: int, hashed: str) -> Iterator[dict[str, object]]:
    yield {"format": FORMAT}
    for entry in entries:
        if entry.sequence > sequence:  # came after the head was read
            break
        yield {
            "sequence": entry.sequence,
            "previous": entry.previous,
            "hash": entry.hash,
            "body": entry.body,
        }
    yield {"end": sequence, "hash": hashed}


def _index_agrees(work: Work, entry: ChainedEntry) -> bool:
    value = json.loads(entry.body)
    return (
        value["user"] == entry.user
        and value["at"] == entry.at.isoformat().replace("+00:00", "Z")
        and sorted(value["cases"]) == list(entry.cases)
    )
