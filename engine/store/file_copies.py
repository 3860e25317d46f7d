"""Copies of SQLite's file by its online backup, made while others write. Knows no use case."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Engine

from engine.domain.errors import SetupError
from engine.store.database import open_database
from engine.store.faults import record_error
from engine.store.snapshots import IN_NO_BACKUP, Snapshot, snapshot_of


def copy_file(engine: Engine, place: str) -> None:
    """Copy the file as it is at one moment, in one step: writers go on, and it is not begun again for them.

    The rows that are in no backup are overwritten with zeros. Raises RecordError where the disk is full, and
    SetupError where SQLite finds a fault in the copy.
    """
    Path(place).touch(mode=0o600, exist_ok=False)
    try:
        with closing(engine.raw_connection()) as source, closing(sqlite3.connect(place)) as copy:
            driver = source.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            copy.isolation_level = None
            copy.execute("PRAGMA synchronous=OFF")  # it is read again at once, and then removed
            driver.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode=OFF")
            copy.execute("PRAGMA secure_delete=ON")
            there = {str(name) for (name,) in copy.execute("SELECT name FROM sqlite_master")}
            for table in sorted(IN_NO_BACKUP & there):
                copy.execute(f'DELETE FROM "{table}"')  # noqa: S608  # a name of ours
            if faults := [str(said) for (said,) in copy.execute("PRAGMA quick_check(1)") if said != "ok"]:
                raise SetupError(
                    f"SQLite finds a fault in the record's file ({faults[0]}); run 'stac doctor'"
                )
    except sqlite3.Error as error:
        raise record_error(error) from None


@contextmanager
def opened_copy(file: Path) -> Iterator[Snapshot]:
    """Open all tables of such a copy. Raises SetupError where SQLite finds a fault in it."""
    engine = open_database(f"sqlite:///{file}")
    try:
        with snapshot_of(engine) as snapshot:
            yield snapshot
    finally:
        engine.dispose()
