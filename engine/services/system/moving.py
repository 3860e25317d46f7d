"""Moves the record to another database, SQLite or PostgreSQL: all of it, or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing

from engine.clock import Clock
from engine.domain.accounts.acting import flow_acting
from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError, SetupError
from engine.services.system import audit
from engine.settings import Settings
from engine.store.table_rows import SIGNED_IN, Tallies
from engine.store.unit_of_work import UnitOfWork
from engine.store.whole_tables import NewDatabase, is_address


class Moved(Frozen):
    """A record that continues elsewhere."""

    tables: int
    rows: int
    entries: int
    to: str


def move(*, uow: UnitOfWork, clock: Clock, settings: Settings, to: str) -> Moved:
    """Copy every table to an empty database, compare all of it, and close the present one.

    Meanwhile nothing can be written. Sign-ins are not moved. The keys stay where they are.

    Raises
    ------
    InvalidInputError
        The address is none, or is that of the present record.
    SetupError
        The other database is not empty, or is not as the present one afterwards; then nothing is changed.
    """
    if not is_address(to):
        raise InvalidInputError("address", "give sqlite:///FILE or postgresql://USER@HOST/NAME")
    if to == settings.database_url:
        raise InvalidInputError("address", "the record is there already")
    with NewDatabase(to) as database:
        if not database.is_empty():
            raise SetupError("the other database has tables; give an empty one")
        try:
            moved = _move(uow, clock, database)
        except BaseException:
            database.discard()
            raise
        database.release()
    return moved


def _move(uow: UnitOfWork, clock: Clock, database: NewDatabase) -> Moved:
    tallies = Tallies()
    with uow.moving() as snapshot:
        shapes = snapshot.shapes(without=SIGNED_IN)

        def rows() -> Iterator[tuple[str, list[list[object]]]]:
            for shape in shapes:
                for texts in snapshot.texts(shape):
                    tallies.add(shape.table, texts)
                    yield shape.table, [json.loads(each) for each in texts]

        database.fill(revision=snapshot.revision, shapes=shapes, sequences=snapshot.sequences(), rows=rows())
        here, there = tallies.all(), database.tallies()
        if here != there:
            differ = sorted(name for name in here | there if here.get(name) != there.get(name))
            raise SetupError(f"the copy differs ({', '.join(differ[:3])}); the record was not moved")
        with closing(database.unit_of_work(None, first=lambda _: None)) as other:
            verdict = audit.verify(uow=other)
            if not verdict.ok:
                raise SetupError("the audit log of the copy failed verification; the record was not moved")
            count = sum(each.rows for each in here.values())
            acting = flow_acting("move the record", "operator")
            with other.writing(acting=acting, what="move record", at=clock.now()) as work:
                work.notes(rows=count, entries=verdict.entries, to=database.kind, came_from=snapshot.database)
    return Moved(tables=len(here), rows=count, entries=verdict.entries, to=database.kind)
