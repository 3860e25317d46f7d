"""An empty database that is filled with rows from elsewhere. Knows no use case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from engine.domain.errors import InvalidInputError, NeverReleasedError, SetupError
from engine.domain.vault.sealing import Seals
from engine.store.database import LASTS, open_database
from engine.store.faults import reading, record_error
from engine.store.record_state import MOVED, MOVING, NEVER_RELEASED, RESTORING, revision_needed
from engine.store.schema import upgrade_on
from engine.store.snapshots import snapshot_of
from engine.store.table_rows import (
    REVISION_TABLE,
    Shape,
    Tally,
    empty,
    go_on_after,
    put,
    shapes_of,
)
from engine.store.unit_of_work import UnitOfWork, Work
from engine.store.versions_written import VersionKey

_TAKE = text("SELECT pg_try_advisory_lock(:number)")
_FILLING = 0x57AC_F111
"""Number of the lock that a process has while it fills a database."""


def is_address(url: str) -> bool:
    """Return whether this is the address of a file of SQLite or of a database on PostgreSQL."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return False
    return parsed.get_backend_name() in ("sqlite", "postgresql") and bool(parsed.database)


class NewDatabase:
    """A database that is filled from elsewhere and cannot be used until it is complete.

    Until ``release`` it is marked in place of its schema, so each use of it is refused.
    """

    def __init__(self, url: str, *, mark: str = RESTORING) -> None:
        self._engine, self._mark = open_database(url), mark
        self._alone: Connection | None = None

    def __enter__(self) -> NewDatabase:
        """Take the database for this process only, until the end. Raises SetupError where another has it."""
        if self._engine.dialect.name == "postgresql":
            with reading():
                self._alone = self._engine.connect()
                self._alone.detach()  # not one of the pool: when it is closed it ends, and with it the lock
                taken = self._alone.execute(_TAKE, {"number": _FILLING}).scalar_one()
                self._alone.commit()  # the lock is the connection's, and no transaction is idle meanwhile
            if not taken:
                self.__exit__()
                raise SetupError(
                    "another restore or move into this database is in progress; wait until it has ended"
                )
        return self

    def __exit__(self, *_: object) -> None:
        if self._alone is not None:
            self._alone.close()
        self._engine.dispose()

    @property
    def _lasting(self) -> Engine:
        """Its commits wait for the disk: each mark must be there before the next one is made elsewhere."""
        return self._engine.execution_options(**{LASTS: True})

    def is_empty(self) -> bool:
        """Return whether it has no table; what an interrupted filling left is removed first."""
        self.discard()
        with reading(), self._engine.begin() as connection:
            return not inspect(connection).get_table_names()

    def may_be_filled(self) -> bool:
        """Return whether it has no table, or only what an interrupted filling left; nothing is removed."""
        with reading(), self._engine.begin() as connection:
            return not inspect(connection).get_table_names() or self._mark in _marked(connection)

    def fill(
        self,
        *,
        revision: str,
        shapes: Sequence[Shape],
        sequences: Mapping[str, int],
        rows: Iterable[tuple[str, list[list[object]]]],
    ) -> None:
        """Make this schema and fill it with these rows, which come table by table: all of them, or nothing.

        Raises InvalidInputError where the rows do not fit, and SetupError for a newer schema or one that
        no release made.
        """
        if revision in NEVER_RELEASED:
            raise NeverReleasedError(revision)
        if revision > revision_needed():
            raise SetupError(
                f"it is of schema {revision}, and this version knows {revision_needed()}: install the newer "
                "version of stac-engine that made it"
            )
        try:
            with self._engine.begin() as connection:
                if connection.dialect.name == "sqlite":
                    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
                upgrade_on(connection, revision)
                empty(connection)
                _require_same(shapes, shapes_of(connection))
                by_name = {shape.table: shape for shape in shapes}
                for table, parts in groupby(rows, key=lambda part: part[0]):
                    put(connection, by_name[table], (row for _, part in parts for row in part))
                go_on_after(connection, sequences)
                _mark(connection, self._mark)
        except DBAPIError as error:
            raise record_error(error) from None

    def tallies(self) -> dict[str, Tally]:
        """Return the number of rows of each table that has any, and their digest.

        Raises SetupError where the database finds a fault in its own file.
        """
        with snapshot_of(self._engine) as snapshot:
            if faults := snapshot.faults():
                raise SetupError(f"the new database is damaged ({faults[0]})")
            return snapshot.tallies()

    def bring_up_to_date(self, *, revision: str) -> None:
        """Migrate what was filled at an older schema to the newest one."""
        with reading(), self._engine.begin() as connection:
            _mark(connection, revision)
            upgrade_on(connection)
            _mark(connection, self._mark)

    @property
    def kind(self) -> str:
        """The kind of database."""
        return self._engine.dialect.name

    def unit_of_work(
        self, seals: Seals | None, *, first: Callable[[Work], None], version_key: VersionKey
    ) -> UnitOfWork:
        """Return units of work on it, which do not mind the mark."""
        return UnitOfWork(self._engine, seals, first=first, version_key=version_key)

    def mark_whole(self, move: str) -> None:
        """Mark it as the whole copy of this move: from now on no move removes it."""
        with reading(), self._lasting.begin() as connection:
            _mark(connection, f"{MOVING} {move}")

    def is_whole_copy(self, source: str) -> bool:
        """Return whether it is the whole copy of the record that has this mark of having been moved."""
        move = source.removeprefix(f"{MOVED} ")
        with reading(), self._engine.begin() as connection:
            return move != source and f"{MOVING} {move}" in _marked(connection)

    def release(self) -> None:
        """Let it be used: it is at the newest schema."""
        with reading(), self._lasting.begin() as connection:
            _mark(connection, revision_needed())

    def discard(self) -> None:
        """Remove what was written, unless it was released."""
        with reading(), self._engine.begin() as connection:
            if self._mark not in _marked(connection):
                return
            cascade = " CASCADE" if connection.dialect.name == "postgresql" else ""
            for name, _ in reversed(inspect(connection).get_sorted_table_and_fkc_names()):
                if name:
                    connection.exec_driver_sql(f'DROP TABLE "{name}"{cascade}')


def _marked(connection: Connection) -> Sequence[str]:
    if REVISION_TABLE not in inspect(connection).get_table_names():
        return ()
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()


def _mark(connection: Connection, revision: str) -> None:
    connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def _require_same(given: Sequence[Shape], there: Sequence[Shape]) -> None:
    known = {shape.table: shape for shape in there}
    if any(known.get(shape.table) != shape for shape in given):
        raise InvalidInputError("backup", "its tables are not those of its schema; use another one")
