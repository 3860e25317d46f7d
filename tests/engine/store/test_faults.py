"""Busy, full, read-only, away, damaged and not at the schema are different errors, each with its sentence."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg.errors
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from engine.domain.errors import RecordError, RecordFault, StacError
from engine.runtime import open_runtime
from engine.services.accounts.users import find_user
from engine.store.faults import record_error
from tests.builders import Desk, a_hasty_desk, a_referral, in_one_entry


@pytest.fixture
def sqlite_desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk whose changes wait for others for a second only."""
    with a_hasty_desk(tmp_path / "home") as made:
        yield made


@contextmanager
def refused(fault: RecordFault) -> Iterator[None]:
    """Within this block the record fails in this way, and names nobody."""
    with pytest.raises(RecordError) as raised:
        yield
    assert raised.value.fault is fault
    assert "Daniel" not in str(raised.value)
    assert raised.value.__cause__ is None


@contextmanager
def pragma(desk: Desk, name: str, value: int, before: int) -> Iterator[None]:
    """The connections of this desk behave so within the block."""
    engine = engine_of(desk)
    for each in (value, before):
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute(f"PRAGMA {name}={each}")
        if each == value:
            yield


def engine_of(desk: Desk) -> Engine:
    engine: Engine = desk.runtime.uow._engine
    return engine


def test_a_record_that_others_write_to_all_the_time_is_busy(sqlite_desk: Desk) -> None:
    with closing(sqlite3.connect(sqlite_desk.runtime.settings.home / "stac.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        with refused(RecordFault.BUSY):
            sqlite_desk.refer(a_referral())
    assert sqlite_desk.refer(a_referral()).accepted == 1


def test_what_was_overwritten_and_stays_in_the_journal_while_it_is_read_is_reported(
    sqlite_desk: Desk,
) -> None:
    home = sqlite_desk.runtime.settings.home
    with closing(sqlite3.connect(home / "stac.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM involvement").fetchone()
        sqlite_desk.refer(a_referral())
        with pytest.raises(RecordError, match="overwritten content stays in") as stays:
            sqlite_desk.runtime.uow.tidy()
        assert stays.value.fault is RecordFault.BUSY
        assert "try again" not in str(stays.value)
        assert sqlite_desk.runtime.uow.overwritten_is_left
        with pytest.raises(RecordError, match="try again") as still:
            sqlite_desk.runtime.uow.remove_overwritten()
        assert str(still.value) == (
            "the record is busy with other work; try again in a minute (another program is reading it); the "
            "overwritten content stays in the database's file or journal"
        )
        assert (home / "stac.db-wal").stat().st_size > 0
    sqlite_desk.runtime.uow.tidy()
    assert (home / "stac.db-wal").stat().st_size == 0
    assert not sqlite_desk.runtime.uow.overwritten_is_left


def test_an_erasure_that_is_killed_before_its_removal_leaves_the_mark(sqlite_desk: Desk) -> None:
    mark = sqlite_desk.runtime.settings.home / "stac.db.overwritten"
    with in_one_entry(sqlite_desk.runtime):
        pass
    assert not mark.exists()  # nothing was erased
    with in_one_entry(sqlite_desk.runtime) as work:
        work.erases = True
    assert mark.exists()  # as after a process that ends here
    sqlite_desk.runtime.uow.remove_overwritten()
    assert not mark.exists()


def test_a_folder_that_takes_no_mark_ends_no_erasure_and_the_removal_reports_for_itself(
    sqlite_desk: Desk,
) -> None:
    home = sqlite_desk.runtime.settings.home
    (home / "stac.db.overwritten").symlink_to(home / "missing" / "mark")
    with in_one_entry(sqlite_desk.runtime) as work:
        work.erases = True
    sqlite_desk.runtime.uow.tidy()
    assert (home / "stac.db-wal").stat().st_size == 0


def test_a_removal_waits_for_one_limit_whatever_it_waits_for(sqlite_desk: Desk) -> None:
    """Of one second a writer takes most, and then a reader keeps the journal in use."""
    file = sqlite_desk.runtime.settings.home / "stac.db"
    with (
        closing(sqlite3.connect(file, isolation_level=None)) as reader,
        closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as writer,
    ):
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM involvement").fetchone()
        writer.execute("BEGIN IMMEDIATE")
        ends = threading.Timer(0.7, lambda: writer.execute("COMMIT"))
        began = time.monotonic()
        ends.start()
        with refused(RecordFault.BUSY):
            sqlite_desk.runtime.uow.remove_overwritten()
        waited = time.monotonic() - began
        ends.join()
    assert 0.9 < waited < 1.5
    with closing(engine_of(sqlite_desk).raw_connection()) as connection:
        assert connection.cursor().execute("PRAGMA busy_timeout").fetchall() == [(1_000,)]


def test_a_full_disk_is_said(sqlite_desk: Desk) -> None:
    with closing(engine_of(sqlite_desk).raw_connection()) as connection:
        ((pages,),) = connection.cursor().execute("PRAGMA page_count").fetchall()
    with pragma(sqlite_desk, "max_page_count", pages, 2**31), refused(RecordFault.FULL):
        sqlite_desk.refer(*(a_referral(str(number)) for number in range(40)))


def test_a_record_that_may_only_be_read_is_said_to_be_so(sqlite_desk: Desk) -> None:
    with pragma(sqlite_desk, "query_only", 1, 0), refused(RecordFault.READ_ONLY):
        sqlite_desk.refer(a_referral())


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "stac.db").write_bytes(b"this is no database" * 100)
    with open_runtime({"STAC_HOME": str(tmp_path)}) as runtime, refused(RecordFault.DAMAGED):
        find_user(uow=runtime.uow, name="cora")


def test_a_missing_table_is_not_at_the_schema(desk: Desk, database_url: str) -> None:
    url = database_url.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE involvement RENAME TO involvement_of_old"))
    engine.dispose()
    with refused(RecordFault.SCHEMA):
        desk.refer(a_referral())


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (psycopg.errors.DiskFull(), RecordFault.FULL),
        (psycopg.errors.ReadOnlySqlTransaction(), RecordFault.READ_ONLY),
        (psycopg.errors.InsufficientPrivilege(), RecordFault.READ_ONLY),
        (psycopg.errors.UndefinedColumn(), RecordFault.SCHEMA),
        (psycopg.errors.DeadlockDetected(), RecordFault.BUSY),
        (psycopg.errors.TooManyConnections(), RecordFault.BUSY),
        (psycopg.errors.AdminShutdown(), RecordFault.AWAY),
        (psycopg.OperationalError("no server"), RecordFault.AWAY),
        (psycopg.errors.SyntaxError(), RecordFault.FAILED),
    ],
)
def test_each_code_of_a_server_is_its_own_fault(error: Exception, fault: RecordFault) -> None:
    assert record_error(DBAPIError("insert of Daniel Roe", {}, error)).fault is fault


INITS = (RecordFault.SCHEMA, RecordFault.EMPTY)
"""Where 'stac init' may be the way on."""


def test_each_fault_has_a_sentence_of_its_own_that_says_what_to_do() -> None:
    said = {fault: str(RecordError(fault, "kind")) for fault in RecordFault}
    assert len(set(said.values())) == len(RecordFault)
    assert all("stac init" not in said[fault] for fault in RecordFault if fault not in INITS)


def test_what_was_done_before_a_fault_is_said_in_place_of_nothing() -> None:
    error: StacError = RecordError(RecordFault.FULL, "kind").after("3 of 9 rows were imported")
    assert str(error).endswith("(kind); 3 of 9 rows were imported")
