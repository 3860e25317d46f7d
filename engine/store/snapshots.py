"""All tables of a database at one moment, while others go on writing. Knows no use case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine

from engine.store.faults import reading
from engine.store.table_rows import SIGNED_IN, Shape, Tallies, Tally, shapes_of, texts_of

IN_NO_BACKUP = SIGNED_IN | {"draft", "imported_network"}
"""Left out of backups: drafts and networks of one's own too, which are promised to be gone on a date."""
_ISOLATION = {"postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}}


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
def snapshot_of(engine: Engine) -> Iterator[Snapshot]:
    """Open all tables as they are now, while others go on writing."""
    with reading(), engine.connect() as connection:
        connection.execution_options(**_ISOLATION.get(connection.dialect.name, {}))
        yield Snapshot(connection)
        connection.rollback()
