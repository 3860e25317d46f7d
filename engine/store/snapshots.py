"""All tables of a database at one moment, while others go on writing. Knows no use case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, text

from engine.store.database import LASTS
from engine.store.faults import reading
from engine.store.record_state import MOVED, require_schema
from engine.store.table_rows import SIGNED_IN, Shape, Tallies, Tally, shapes_of, texts_of

IN_NO_BACKUP = SIGNED_IN | {"draft", "due", "due_kind", "imported_network"}
"""Left out of backups: drafts and networks of one's own too, which are promised to be gone on a date."""


class Snapshot:
    """All tables of a database at one moment."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.database = connection.dialect.name
        self.revision = MigrationContext.configure(connection).get_current_revision() or ""

    def shapes(self, *, without: Iterable[str] = ()) -> tuple[Shape, ...]:
        """Return its tables, those that others refer to first."""
        return shapes_of(self._connection, without=without)

    def texts(self, shape: Shape) -> Iterator[list[str]]:
        """Yield the rows of a table as texts, some hundred at a time."""
        return texts_of(self._connection, shape)

    def tallies(self, *, without: Iterable[str] = ()) -> dict[str, Tally]:
        """Return the number of rows of each table that has any, and their digest."""
        tallies = Tallies()
        for shape in self.shapes(without=without):
            for texts in self.texts(shape):
                tallies.add(shape.table, texts)
        return tallies.all()

    def sequences(self) -> dict[str, int]:
        """Return the last number given in each table that gives none twice, deleted rows included."""
        if self.database == "sqlite":
            query = "SELECT name, seq FROM sqlite_sequence WHERE seq > 0"
        else:
            query = (
                "SELECT c.relname, s.last_value FROM pg_sequences s "
                "JOIN pg_class q ON q.relname = s.sequencename "
                "JOIN pg_depend d ON d.objid = q.oid AND d.deptype IN ('a', 'i') "
                "JOIN pg_class c ON c.oid = d.refobjid "
                "WHERE s.last_value IS NOT NULL AND s.schemaname = current_schema()"
            )
        return {str(name): int(last) for name, last in self._connection.exec_driver_sql(query).all()}

    def audit_head(self) -> tuple[int, str]:
        """Return the number and the hash of the newest entry of the audit log."""
        row = self._connection.exec_driver_sql("SELECT sequence, hash FROM audit_head").one()
        return int(row[0]), str(row[1])

    def faults(self) -> tuple[str, ...]:
        """Return SQLite's findings of faults in what was written; a server refuses them at once."""
        if self.database != "sqlite":
            return ()
        whole = self._connection.exec_driver_sql("PRAGMA integrity_check(1)").scalars().all()
        lost = self._connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        return tuple(str(each) for each in whole if each != "ok") + (
            ("rows without their row",) if lost else ()
        )


@contextmanager
def snapshot_of(engine: Engine, *, move: str | None = None) -> Iterator[Snapshot]:
    """Open all tables as they are now, while others go on writing.

    With the number of a ``move`` no one else can write, and at the end the record is marked as moved
    elsewhere. On SQLite the engine's transactions must begin IMMEDIATE for that.
    """
    with reading(), engine.execution_options(**{LASTS: move is not None}).connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=move is None)
            # idle while what it gives is written or compared, which may take longer than is usual
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        if move is not None:
            if connection.dialect.name == "postgresql":
                # each writer reads this table first, and holds it until its end
                connection.exec_driver_sql("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")
            require_schema(connection)  # another move may have come first
        yield Snapshot(connection)
        if move is not None:
            connection.execute(
                text("UPDATE alembic_version SET version_num = :mark"), {"mark": f"{MOVED} {move}"}
            )
            connection.commit()
        else:
            connection.rollback()
