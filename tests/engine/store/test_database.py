"""How a database is opened: what waits for the disk, and what a server is asked for."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from threading import Timer

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from engine.settings import Settings
from engine.store import database
from engine.store.server_facts import server_facts
from engine.store.unit_of_work import UnitOfWork
from tests.builders import MONDAY, Desk
from tests.conftest import wait_for_disk

FULL, NORMAL = 2, 1


def test_a_change_waits_for_the_disk_and_a_view_does_not(
    tmp_path: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not desk.runtime.settings.database_url.startswith("sqlite"):
        pytest.skip("a server decides itself")
    monkeypatch.setattr(database, "_wait_for_disk", wait_for_disk)
    engine = database.open_database(desk.runtime.settings.database_url)
    levels: list[int] = []
    event.listen(
        engine,
        "commit",
        lambda connection: levels.append(connection.exec_driver_sql("PRAGMA synchronous").scalar_one()),
    )
    uow = UnitOfWork(engine, version_key=lambda: desk.runtime.key.for_versions)
    with uow.writing(acting=desk.coordinator, what="test", at=MONDAY):
        pass
    with uow.reading(acting=desk.coordinator, what="test", at=MONDAY):
        pass
    with uow.writing(acting=desk.coordinator, what="test", at=MONDAY):
        pass
    with uow.unrecorded():
        pass
    uow.close()
    assert levels == [FULL, NORMAL, FULL, NORMAL]


def test_a_change_waits_thirty_seconds_for_others_unless_an_operator_chose_another_number(
    tmp_path: Path,
) -> None:
    assert Settings(home=tmp_path, database_url="sqlite://").busy_after_seconds == 30
    for chosen in ({}, {"busy_after_seconds": 2}):
        seconds = chosen.get("busy_after_seconds", 30)
        engine = database.open_database(f"sqlite:///{tmp_path / 'stac.db'}", **chosen)
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == seconds * 1000
        turns = database.turns_of(engine)
        assert turns is not None
        assert turns._longest_wait == seconds
        engine.dispose()


def test_a_change_begins_soon_after_the_writer_before_it_ends(tmp_path: Path) -> None:
    """SQLite itself looks every 0.1 seconds after a wait of 0.25: half of them begin 50 ms late or more."""
    file = tmp_path / "stac.db"
    engine, late = database.open_database(f"sqlite:///{file}"), list[float]()
    engine.connect().close()
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        for number in range(5):
            other.execute("BEGIN IMMEDIATE")
            ended: list[float] = []

            def end(ended: list[float] = ended) -> None:
                other.execute("COMMIT")
                ended.append(time.monotonic())

            timer = Timer(0.26 + number / 50, end)
            timer.start()
            with engine.connect() as connection, connection.begin():
                connection.exec_driver_sql("SELECT 1")
                began = time.monotonic()
            timer.join()
            late.append(began - ended[0])
    engine.dispose()
    assert median(late) < 0.03


def test_a_change_that_cannot_begin_is_refused_after_its_time_and_the_time_stays(tmp_path: Path) -> None:
    file = tmp_path / "stac.db"
    engine = database.open_database(f"sqlite:///{file}", busy_after_seconds=1)
    engine.connect().close()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with (
            engine.connect() as connection,
            pytest.raises(OperationalError, match="database is locked"),
            connection.begin(),
        ):
            pass
        assert 1 <= time.monotonic() - began < 10
        other.execute("COMMIT")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 1_000
    engine.dispose()


_RECOVERING = """
import fcntl, sys
with open(sys.argv[1], "r+b") as index:
    fcntl.lockf(index, fcntl.LOCK_EX, 3, 120)
    index.write(bytes(96))
    index.flush()
    print("recovering", flush=True)
    sys.stdin.read()
"""
"""What a process does to the index of the journal (``-shm``) while it recovers: it holds the bytes by which
one writes, checkpoints and recovers, and both copies of the index's head are not valid."""


def test_a_change_waits_while_another_process_recovers_the_journal(tmp_path: Path) -> None:
    file = tmp_path / "stac.db"
    engine = database.open_database(f"sqlite:///{file}")
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("CREATE TABLE one (id INTEGER)")
    with subprocess.Popen(
        [sys.executable, "-c", _RECOVERING, f"{file}-shm"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == b"recovering\n"
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.execute("PRAGMA busy_timeout=0")
            with pytest.raises(sqlite3.OperationalError) as refused:
                driver.execute("BEGIN IMMEDIATE")
            assert refused.value.sqlite_errorcode == sqlite3.SQLITE_BUSY_RECOVERY
            ends = Timer(0.2, other.stdin.close)
            ends.start()
            with connection.begin():
                connection.exec_driver_sql("INSERT INTO one VALUES (1)")
                assert other.stdin.closed
            assert connection.exec_driver_sql("SELECT count(*) FROM one").scalar_one() == 1
        ends.join()
    engine.dispose()


def test_sqlite_remembers_more_pages_than_it_does_by_itself(tmp_path: Path) -> None:
    engine = database.open_database(f"sqlite:///{tmp_path / 'stac.db'}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA cache_size").scalar_one() == -16_000
    engine.dispose()


def test_a_server_is_asked_for_its_own_facts(desk: Desk) -> None:
    engine = database.open_database(desk.runtime.settings.database_url)
    facts = server_facts(engine)
    if engine.dialect.name == "sqlite":
        assert facts is None
        return
    assert facts is not None
    assert (facts.encoding, facts.over_network, facts.is_encrypted) == ("UTF8", False, False)
    assert facts.rules_the_server
    with engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"SHOW {name}").scalar_one()
            for name in ("lock_timeout", "idle_in_transaction_session_timeout", "application_name")
        }
        assert connection.get_isolation_level() == "READ COMMITTED"
    engine.dispose()
    assert settings == {
        "lock_timeout": "30s",
        "idle_in_transaction_session_timeout": "10min",
        "application_name": "stac",
    }
