"""One transaction for one use case, with its audit entry written last, in the same transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, TimeoutError
from sqlmodel import Session

from engine.clock import Clock, ServedClock
from engine.domain.accounts.acting import Acting
from engine.domain.errors import ConflictError, MachineClockError, RecordError
from engine.domain.ids import is_reference
from engine.domain.system.audit import AuditEntry, audit_entry
from engine.domain.system.server_facts import ServerFacts
from engine.domain.system.submissions import NOTHING_SAID, Submission
from engine.domain.vault.sealing import Seals
from engine.store.cases_written import RowsWritten
from engine.store.database import BEGIN, LASTS, UNTIL, in_turn, turns_of
from engine.store.faults import is_same_row_twice, record_error
from engine.store.granting import CHECK_KEY, REMEMBERED, keep_checks
from engine.store.overwritten import OverwrittenContent
from engine.store.record_state import faults_of_file, require_forward, require_schema
from engine.store.repositories.cases.involvements import HOLDS_CASES
from engine.store.repository_table import Repositories
from engine.store.server_time import ServerTime
from engine.store.typed_columns import CASES_ADDED, VALUES_STORED, ReasonsTyped
from engine.store.versions_written import OneKey, VersionKey, as_text, gathering, listen_on, no_version_key

if TYPE_CHECKING:
    from engine.store.snapshots import Snapshot


class Work(Repositories):
    """The repositories of one transaction, and what its audit entry will say."""

    def __init__(
        self, session: Session, seals: Seals | None = None, version_key: VersionKey = no_version_key
    ) -> None:
        super().__init__(session, seals, version_key)
        self.erases = False
        """Set by a use case that overwrites content: that it stays in the file is marked until ``tidy``."""
        self.repeats_acts = False
        """Set by a use case that repeats the acts of the register that the record lacked."""
        self.closed_because: str | None = None
        """Why the record is closed to all but alarms and the operator; None where it is open."""
        self.submission = NOTHING_SAID
        """Their statements about the act, of the person who acts."""
        self._cases_touched: set[str] = set()
        self._facts: dict[str, str | int | None] = {}

    def touches(self, *references: str) -> None:
        """Name the involvements that this use case read or changed."""
        self._cases_touched.update(references)

    def notes(self, **facts: str | int | None) -> None:
        """Add ids, counts or digests to the audit entry; never a name, an address or free text."""
        self._facts.update(facts)

    @property
    def touched(self) -> tuple[str, ...]:
        """The involvements named so far."""
        return tuple(sorted(self._cases_touched))

    @property
    def named(self) -> str:
        """References in its audit entry beside its cases, or its cases, for a person who submits it again."""
        named = [each for each in self._facts.values() if isinstance(each, str) and is_reference(each)]
        return ", ".join(named or self.touched)

    @property
    def facts(self) -> dict[str, str | int | None]:
        """Facts of the audit entry beside who, when and what."""
        return dict(self._facts)


_STAYS = "the overwritten content stays in the database's file or journal"

WhenProtected = Callable[[Work, Mapping[str, Collection[str]], datetime], None]
"""The same with the protected values that it stored: references of the new ones, by case."""

WhenTyped = Callable[[Work, Acting, datetime, Mapping[int | None, Sequence[str]]], None]
"""Work of a use case, in its transaction, with the reasons that it stored, by the involvement's number."""

AsKept = Callable[[Work, Acting], Acting]
"""Acting user as the audit stores it, once it is known which cases were touched."""

BeforeCommit = Callable[
    [Work, Mapping[str, Mapping[str, str | None]], int, datetime], Callable[[], None] | None
]
"""Work with what a use case wrote, by table and key, and the number of its entry, before all of it commits.

It may return what is to be done once that is committed, which raises nothing.
"""


Closes = Callable[[Work, Acting, str], str | None]
"""Refuses an act while the record is closed, or returns why it is closed for an act that stays open."""


class Before(Protocol):
    """Prepares an act before its transaction, or refuses it."""

    def __call__(self, what: str, /, *, changes: bool) -> None:
        """Do so; an act that only reads, or is of the machinery, ``changes`` nothing."""


Announces = Callable[[AuditEntry, int], None]
"""Announces an entry that is committed, with its number. It raises nothing."""


class Derives(Protocol):
    """Derives from the facts of cases what no use case writes."""

    def settle(self, work: Work, written: RowsWritten) -> None:
        """Do so for the cases that a transaction touched, after its entry and before its end."""

    def settle_all(self, uow: UnitOfWork) -> int:
        """Do so for all cases where that is not enough; return the number of kinds that it was for."""


class UnitOfWork:
    """Opens one transaction for each use case of one database."""

    def __init__(
        self,
        engine: Engine,
        seals: Seals | None = None,
        *,
        when_typed: WhenTyped | None = None,
        when_protected: WhenProtected | None = None,
        as_kept: AsKept | None = None,
        first: Callable[[Work], None] | None = None,
        before_commit: BeforeCommit | None = None,
        closes: Closes | None = None,
        clock: Clock | None = None,
        derives: Derives | None = None,
        before: Before | None = None,
        announce: Announces | None = None,
        version_key: VersionKey = no_version_key,
        needs_schema: bool = False,
    ) -> None:
        self._engine = engine
        self._when_typed, self._when_protected = when_typed, when_protected
        self._as_kept = as_kept or (lambda _, acting: acting)
        self._first = first or (lambda _: None)
        self._before_commit: BeforeCommit = before_commit or (lambda *_: None)
        self._closes: Closes = closes or (lambda *_: None)
        self._before: Before = before or (lambda *_, **__: None)
        self._announce: Announces = announce or (lambda *_: None)
        self._server_time = ServerTime(clock) if isinstance(clock, ServedClock) else None
        self._derives, self._all_is_derived = derives, derives is None
        self.version_key = version_key
        """Gives the key of the digests of rows and of the entries' checks: for a copy of this record."""
        self._remembered: dict[object, object] = {}
        listen_on(engine)
        self._engines = {how: engine.execution_options(**{BEGIN: how}) for how in ("DEFERRED", "IMMEDIATE")}
        self._lasting = engine.execution_options(**{BEGIN: "IMMEDIATE", LASTS: True})
        self._seals = seals
        self._needs_schema, self._schema_was_seen = needs_schema, False
        self._turns = turns_of(engine)
        self._overwritten = OverwrittenContent(engine, self._turns)
        self.after_writing: Callable[[], None] = lambda: None
        """Called in the same thread once a change is committed."""

    @contextmanager
    def writing(
        self,
        *,
        acting: Acting,
        what: str,
        at: datetime,
        accepts_clock: bool = False,
        steps_back: bool = False,
        rests: bool = True,
        submission: Submission = NOTHING_SAID,
        once: Sequence[object] | None = None,
    ) -> Iterator[Work]:
        """Open a use case that changes something: all of it and its audit entry commit together, or nothing.

        ``accepts_clock`` is for the one act by which an operator says that this clock is right.
        ``steps_back`` is for a part of long work: others who write go first, and while they do it ``rests``
        between its parts. ``submission`` and ``once`` as in ``Context.writing``.
        """
        self._before(what, changes=True)
        with (
            self._session("IMMEDIATE", lasts=True, steps_back=steps_back, rests=rests) as session,
            gathering(session, session.info[CHECK_KEY]) as versions,
        ):
            session.info[HOLDS_CASES] = True
            work = Work(session, self._seals, session.info[CHECK_KEY])
            work.submission = submission
            work.closed_because = self._closes(work, acting, what)
            sent = work.submissions.require_new(submission, acting.user, what, once, at=at) if once else None
            reasons = ReasonsTyped(session)
            yield work
            if sent is not None:
                work.submissions.add(sent, answer=work.named)
            session.flush()
            if self._when_typed is not None and reasons.by_case():
                self._when_typed(work, acting, at, reasons.by_case())
                session.flush()
            added = session.info.get(CASES_ADDED, ())
            values = {
                case: new for case, new in session.info.get(VALUES_STORED, {}).items() if case not in added
            }
            if self._when_protected is not None and values:
                self._when_protected(work, values, at)
                session.flush()
            kept_as = self._as_kept(work, acting)
            session.flush()
            if not accepts_clock:
                require_forward(at, work.audit.newest_at())
            written, rows = versions.digests(), versions.rows()
            versions.let_go()
            entry, number = _write_entry(work, acting=kept_as, what=what, at=at, versions=as_text(written))
            keep_checks(session, written)
            once_committed = self._before_commit(work, written, number, at)
            if self._derives is not None:
                self._derives.settle(work, rows)
            if work.erases:
                self._overwritten.note_left()
            session.commit()
        if once_committed is not None:
            once_committed()
        self._announce(entry, number)
        self.after_writing()

    @contextmanager
    def reading(self, *, acting: Acting, what: str, at: datetime) -> Iterator[Work]:
        """Open a use case that reads: it computes first,
        and delivers only after its audit entry is committed.
        """
        self._before(what, changes=False)
        with self._session("DEFERRED") as session:
            work = Work(session, self._seals, session.info[CHECK_KEY])
            work.closed_because = self._closes(work, acting, what)
            yield work
            acting = self._as_kept(work, acting)
            session.rollback()
        with self._session("IMMEDIATE") as session:
            entry_work = Work(session)
            entry_work.touches(*work.touched)
            entry_work.notes(**work.facts)
            require_forward(at, entry_work.audit.newest_at())
            entry, number = _write_entry(entry_work, acting=acting, what=what, at=at)
            session.commit()
        self._announce(entry, number)

    @contextmanager
    def unrecorded(self, *, will_write: bool = False) -> Iterator[Work]:
        """Open work that leaves no entry. What a case holds is shown from ``reading`` only.

        It is of the machinery (outbox, signs of life, sign-ins), of what a person stored for themselves, or a
        read that finds out whether there is anything to do.
        """
        self._before("", changes=False)
        with self._session("IMMEDIATE" if will_write else "DEFERRED") as session:
            with gathering(session, session.info[CHECK_KEY]) as versions:
                yield Work(session, self._seals, session.info[CHECK_KEY])
                session.flush()
                versions.must_be_none()
            session.commit()

    def derive_all(self) -> None:
        """Derive again, once in a process, what other settings, agencies or rules derive differently."""
        if self._derives is not None and not self._all_is_derived:
            self._derives.settle_all(self)
            self._all_is_derived = True

    @property
    def others_write(self) -> bool:
        """True if others waited for the last part of long work: its next part is better short."""
        return self._turns is not None and self._turns.others_waited

    @property
    def overwritten_is_left(self) -> bool:
        """True if what an erasure overwrote is still in the database's file or its journal (SQLite)."""
        return self._overwritten.is_left

    def remove_overwritten(self) -> bool:
        """Remove, on SQLite, what was overwritten from the file and its journal; return whether it is SQLite.

        Raises RecordError if it is still there, also where only a reader holds up the journal.
        """
        try:
            return self._overwritten.remove()
        except RecordError as error:
            raise error.after(_STAYS) from None

    def tidy(self) -> None:
        """Do so after a change that overwrote content. RecordError says that the change itself was made."""
        try:
            self._overwritten.remove()
        except RecordError as error:
            raise error.after(
                f"the change was made, but {_STAYS}",
                instead="ask an operator to run 'stac record remove-overwritten' when that has ended",
            ) from None

    def server_facts(self) -> ServerFacts | None:
        """Return what a database server says of itself; None for SQLite."""
        from engine.store.server_facts import server_facts  # only the operator's checks ask

        return server_facts(self._engine)

    def clock_fault(self) -> MachineClockError | None:
        """Return how this machine's clock differs too much from the database server's, if it does."""
        if self._server_time is None:
            return None
        with self._session("DEFERRED") as session:
            return self._server_time.fault(session.connection())

    def faults_of_file(self) -> tuple[str, ...]:
        """Return the database's findings of faults in its own file."""
        return faults_of_file(self._engine)

    def copy_file(self, place: str) -> None:
        """Copy SQLite's file as it is at one moment, while others go on writing. It leaves no entry."""
        from engine.store.file_copies import copy_file  # only copies need it

        copy_file(self._engine, place)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Open all tables as they are at one moment, while others go on writing. It leaves no entry."""
        from engine.store.snapshots import snapshot_of  # asks the database about its tables: few need it

        with self._session("DEFERRED"):
            pass  # its schema and its keys are right; left open, it would be idle for as long
        with snapshot_of(self._engines["DEFERRED"]) as snapshot:
            yield snapshot

    @contextmanager
    def moving(self, move: str) -> Iterator[Snapshot]:
        """Open all tables while no one else can write, and close the record unless a fault is raised.

        It continues elsewhere: each later use of it is refused. ``move`` is the number of the move.
        """
        from engine.store.snapshots import snapshot_of  # as above

        with self._session("DEFERRED"):
            pass  # its schema and its keys are right
        with snapshot_of(self._engines["IMMEDIATE"], move=move) as snapshot:
            yield snapshot

    @contextmanager
    def even_closed(self) -> Iterator[Snapshot]:
        """Open all tables, also of a record that continues elsewhere: its revision is the mark of that."""
        from engine.store.snapshots import snapshot_of  # as above

        with snapshot_of(self._engines["DEFERRED"]) as snapshot:
            yield snapshot

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def _session(
        self, begin: str, *, lasts: bool = False, steps_back: bool = False, rests: bool = True
    ) -> Iterator[Session]:
        turns = self._turns if begin == "IMMEDIATE" else None
        try:
            with in_turn(turns, steps_back=steps_back, rests=rests) if turns else nullcontext() as until:
                engine = self._lasting if lasts else self._engines[begin]
                with Session(engine, expire_on_commit=False, autoflush=False) as session:
                    session.info |= {CHECK_KEY: OneKey(self.version_key), REMEMBERED: self._remembered}
                    if turns and until is not None:
                        with turns.before_others(until):
                            # begins, and so waits for the present writer
                            session.connection(execution_options={UNTIL: until})
                    if self._server_time is not None and begin == "IMMEDIATE":
                        self._server_time.require_right(session.connection())
                    if self._needs_schema and (begin == "IMMEDIATE" or not self._schema_was_seen):
                        require_schema(session.connection())
                        self._schema_was_seen = True
                    self._first(Work(session, self._seals, session.info[CHECK_KEY]))
                    with turns.a_part() if turns and steps_back else nullcontext():
                        yield session
        except IntegrityError as error:
            if is_same_row_twice(error):
                raise ConflictError("the record", "entry") from None
            raise
        except (DBAPIError, TimeoutError, sqlite3.Error) as error:
            raise record_error(error) from None


def _write_entry(
    work: Work, *, acting: Acting, what: str, at: datetime, versions: str | None = None
) -> tuple[AuditEntry, int]:
    entry = audit_entry(
        acting=acting, what=what, at=at, cases=work.touched, facts=work.facts, versions=versions
    )
    return entry, work.audit.append(entry, versions)
