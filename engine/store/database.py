"""Opening of the database. Knows pragmas and transactions; knows nothing of what is stored."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from engine.domain.errors import RecordError, RecordFault
from engine.settings import BUSY_AFTER_SECONDS
from engine.store.turns import LOOK_SECONDS, Turns

BEGIN, LASTS, UNTIL, _WAITS = "stac_begin", "stac_lasts", "stac_until", "stac_waits"
"""Options of a connection: how a transaction begins, whether its commit waits for the disk (SQLite), until
which moment of the monotonic clock a writer waits for the others before it is refused because the record is
busy, and for how many seconds where no moment is given.
"""


CONNECTIONS_STAY, CONNECTIONS_MORE = 5, 10
"""On PostgreSQL, for each process: so many stay open, and so many more while they are needed."""
_ON_SERVER: dict[str, str] = {
    "application_name": "stac",
    "connect_timeout": "10",
    "options": "-c lock_timeout={seconds}s -c idle_in_transaction_session_timeout=10min",
}
"""Options of a connection to PostgreSQL unless its address says otherwise. A transaction of ours that is
idle for ten minutes belongs to a process that hangs: it must not hold others up for ever."""


_PRIMARY = 0xFF
"""SQLite's code of an error says more in its higher bits: what it is busy with, a recovery of the journal."""
_PRAGMAS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "synchronous=NORMAL",
    "cache_size=-16000",
)
"""For each connection to SQLite. The last: so many kB of pages are remembered. A file of referrals changes
the same pages of indexes with every part, and they are more than the usual 2 MB."""


def open_database(url: str, *, busy_after_seconds: int = BUSY_AFTER_SECONDS) -> Engine:
    """Return an engine for SQLite (WAL, foreign keys on) or PostgreSQL.

    On SQLite a transaction that will write begins IMMEDIATE: a deferred one that reads first fails with
    "database is locked" under several writers, whatever the time-out.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        options = _ON_SERVER["options"].format(seconds=busy_after_seconds)
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            isolation_level="READ COMMITTED",
            pool_size=CONNECTIONS_STAY,
            max_overflow=CONNECTIONS_MORE,
            pool_timeout=busy_after_seconds,
            pool_pre_ping=True,
            connect_args={**_ON_SERVER, "options": options, **parsed.query},
            hide_parameters=True,
        )
    if parsed.database and parsed.database != ":memory:":
        _make_private(Path(parsed.database))
    engine = create_engine(
        parsed,
        connect_args={"timeout": busy_after_seconds},
        execution_options={_WAITS: busy_after_seconds},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def longest_wait(engine: Engine) -> float:
    """Return for how many seconds at most a statement on SQLite waits for others."""
    return float(engine.get_execution_options()[_WAITS])


def turns_of(engine: Engine) -> Turns | None:
    """Return the writers' turns of this database; None where the database orders writers itself."""
    if engine.dialect.name != "sqlite":
        return None
    name = engine.url.database
    file = Path(f"{name}.turn") if name and name != ":memory:" else None
    return Turns(file, longest_wait=longest_wait(engine))


@contextmanager
def in_turn(turns: Turns, *, steps_back: bool = False, rests: bool = True) -> Iterator[float]:
    """Wait for a turn; give the moment of the monotonic clock until which what follows may wait.

    Raises RecordError if it did not come within the longest wait.
    """
    with turns.in_turn(steps_back=steps_back, rests=rests) as until:
        if until is None:
            raise RecordError(RecordFault.BUSY, "other changes of this process came first")
        yield until


def _make_private(file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))


def _set_pragmas(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None  # the begin event below says how, not the driver
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    how: str = options.get(BEGIN, "IMMEDIATE")
    _wait_for_disk(connection, bool(options.get(LASTS)))
    if how == "IMMEDIATE":
        waits = float(options[_WAITS])
        _begin_when_free(connection, until=options.get(UNTIL, time.monotonic() + waits), waits=waits)
    else:
        connection.exec_driver_sql(f"BEGIN {how}")


def _begin_when_free(connection: Connection, *, until: float, waits: float) -> None:
    """Begin to write within milliseconds after the present writer ends.

    SQLite's own wait sleeps for up to 0.1 seconds between two tries, however soon the other has ended.
    """
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while time.monotonic() < until:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & _PRIMARY != sqlite3.SQLITE_BUSY:
                    break
                time.sleep(LOOK_SECONDS)
            else:
                return
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # refused: reported as any statement is
    finally:
        driver.execute(f"PRAGMA busy_timeout={int(1_000 * waits)}")


def _wait_for_disk(connection: Connection, lasts: bool) -> None:
    """Let the next commit wait until the disk has it and all before it, or not; outside any transaction."""
    level = "FULL" if lasts else "NORMAL"
    if connection.info.get(LASTS) != level:
        connection.exec_driver_sql(f"PRAGMA synchronous={level}")
        connection.info[LASTS] = level
