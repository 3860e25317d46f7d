"""Moves the record to another database, SQLite or PostgreSQL: all of it, or nothing."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import closing

from engine.clock import Clock
from engine.domain.accounts.acting import flow_acting
from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError, SetupError
from engine.services.system import audit
from engine.settings import Settings
from engine.store.record_state import MOVING
from engine.store.snapshots import Snapshot
from engine.store.table_rows import SIGNED_IN, Tallies, Tally
from engine.store.unit_of_work import UnitOfWork
from engine.store.whole_tables import NewDatabase, is_address

Tallied = Mapping[str, Tally]
_ENTRIES = "audit_entry"
_AUDIT_LOG = frozenset({_ENTRIES, "audit_case", "audit_head"})
"""The copy has one entry more, that of the move."""
_NOT_EMPTY = "the other database has tables; give an empty one"


class Moved(Frozen):
    """A record that continues elsewhere."""

    tables: int
    rows: int
    entries: int
    to: str


def move(*, uow: UnitOfWork, clock: Clock, settings: Settings, to: str) -> Moved:
    """Copy every table to an empty database, compare all of it, and close the present one.

    Meanwhile nothing can be written. Sign-ins are not moved. The keys stay where they are. After a move that
    was killed at its end the copy is compared again, and only released.

    Raises
    ------
    InvalidInputError
        The address is none, or is that of the present record.
    SetupError
        The other database is not empty, or is not as the present one afterwards; then nothing is changed.
    RecordError
        The record was moved before, and not to this database.
    """
    if not is_address(to):
        raise InvalidInputError("address", "give sqlite:///FILE or postgresql://USER@HOST/NAME")
    if to == settings.database_url:
        raise InvalidInputError("address", "the record is there already")
    with NewDatabase(to, mark=MOVING) as database:
        moved = _after_interruption(uow, database) or _move(uow, clock, database)
        database.release()
    return moved


def _after_interruption(uow: UnitOfWork, database: NewDatabase) -> Moved | None:
    """Compare again the whole copy of a record that a move closed before it was killed; None without one."""
    with uow.even_closed() as snapshot:
        if not database.is_whole_copy(snapshot.revision):
            return None
        here = snapshot.tallies(without=SIGNED_IN)
    if differ := _differing(here, database.tallies(), without=_AUDIT_LOG):
        raise SetupError(f"the copy differs ({differ}); both databases are left as they are")
    entries = _verified(uow, database) - 1  # without that of the move
    if entries != here[_ENTRIES].rows:
        raise SetupError(f"the copy differs ({_ENTRIES}); both databases are left as they are")
    rows = sum(each.rows for each in here.values())
    return Moved(tables=len(here), rows=rows, entries=entries, to=database.kind)


def _move(uow: UnitOfWork, clock: Clock, database: NewDatabase) -> Moved:
    """Copy the record, then mark the copy as whole, then close the record: killed in between, it goes on."""
    if not database.may_be_filled():
        raise SetupError(_NOT_EMPTY)
    move = secrets.token_hex(8)
    with uow.moving(move) as snapshot:
        if not database.is_empty():
            raise SetupError(_NOT_EMPTY)
        try:
            moved = _copy(uow, snapshot, clock, database)
        except BaseException:
            database.discard()
            raise
        database.mark_whole(move)
    return moved


def _copy(uow: UnitOfWork, snapshot: Snapshot, clock: Clock, database: NewDatabase) -> Moved:
    tallies = Tallies()
    shapes = snapshot.shapes(without=SIGNED_IN)

    def rows() -> Iterator[tuple[str, list[list[object]]]]:
        for shape in shapes:
            for texts in snapshot.texts(shape):
                tallies.add(shape.table, texts)
                yield shape.table, [json.loads(each) for each in texts]

    database.fill(revision=snapshot.revision, shapes=shapes, sequences=snapshot.sequences(), rows=rows())
    here = tallies.all()
    if differ := _differing(here, database.tallies()):
        raise SetupError(f"the copy differs ({differ}); the record was not moved")
    entries = _verified(uow, database)
    count = sum(each.rows for each in here.values())
    acting = flow_acting("move the record", "operator")
    with (
        closing(_copy_of(uow, database)) as other,
        other.writing(acting=acting, what="move record", at=clock.now()) as work,
    ):
        work.notes(rows=count, entries=entries, to=database.kind, came_from=snapshot.database)
    return Moved(tables=len(here), rows=count, entries=entries, to=database.kind)


def _differing(here: Tallied, there: Tallied, *, without: frozenset[str] = frozenset()) -> str:
    tables = (here.keys() | there.keys()) - without
    return ", ".join(sorted(name for name in tables if here.get(name) != there.get(name))[:3])


def _copy_of(uow: UnitOfWork, database: NewDatabase) -> UnitOfWork:
    return database.unit_of_work(None, first=lambda _: None, version_key=uow.version_key)


def _verified(uow: UnitOfWork, database: NewDatabase) -> int:
    """Return the number of entries of the copy's audit log."""
    with closing(_copy_of(uow, database)) as other:
        verdict = audit.verify(uow=other)
    if not verdict.ok:
        raise SetupError("the audit log of the copy failed verification; it was not released")
    return verdict.entries
