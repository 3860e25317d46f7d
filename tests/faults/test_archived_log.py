"""A PostgreSQL server is lost and restored to a moment from its archived log, as the manual says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from cli.system.doctor_server import archive_check
from engine.clock import SetClock
from engine.domain.accounts.acting import flow_acting
from engine.domain.system.server_facts import ServerFacts, WalArchive
from engine.runtime import Runtime, open_runtime
from engine.services.system import audit, audit_content, self_verified
from engine.services.system.drill import drill
from engine.store.server_facts import server_facts
from tests.builders import CHAIR, COORDINATOR, MONDAY, Desk, a_home, a_referral
from tests.databases import name_database
from tests.engine.services.system.backed_up import Places
from tests.postgres import account, postgres_programs, private_cluster, start

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
PAGE = Path(__file__).parents[2] / "docs" / "operators" / "postgresql.md"


def settings_of_the_manual(archive: Path) -> str:
    """The server's settings as the manual gives them, with this place of the archive."""
    shown = dict(re.findall(r"^(archive_\w+) = ('[^']*'|\w+)", PAGE.read_text(), re.MULTILINE))
    assert shown.keys() == {"archive_mode", "archive_command", "archive_timeout"}
    given = {name: value.strip("'").replace("/mnt/archive", str(archive)) for name, value in shown.items()}
    return " ".join(f"-c {name}='{value}'" for name, value in given.items())


def archived(runtime: Runtime) -> WalArchive:
    facts = runtime.uow.server_facts()
    assert facts is not None
    return facts.archive


def statement(address: str, what: str) -> object:
    """Run one statement outside any transaction and return what it gives, if anything."""
    engine = create_engine(
        address.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    try:
        with engine.connect() as there:
            found = there.execute(text(what))
            return found.scalar_one() if found.returns_rows else None
    finally:
        engine.dispose()


def end_the_segment(address: str, runtime: Runtime) -> None:
    """Have the server archive what it has written, and wait until it has."""
    name = str(statement(address, "SELECT pg_walfile_name(pg_switch_wal())"))
    until = time.monotonic() + 30
    while (archived(runtime).newest or "") < name:
        assert time.monotonic() < until
        time.sleep(0.1)


def facts_of(address: str) -> ServerFacts:
    engine = create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    try:
        facts = server_facts(engine)
    finally:
        engine.dispose()
    assert facts is not None
    return facts


def stop(folder: Path) -> None:
    programs = postgres_programs()
    assert programs is not None
    run(folder, programs / "pg_ctl", "-D", folder / "d", "-m", "fast", "stop")


def wait_until_restored(address: str) -> None:
    """Wait for the end of recovery: before it the server answers readers from an earlier moment."""
    until = time.monotonic() + 60
    while statement(address, "SELECT pg_is_in_recovery()"):
        assert time.monotonic() < until, "the server is still in recovery"
        time.sleep(0.1)


@contextmanager
def opened(home: Path) -> Iterator[Desk]:
    clock = SetClock(MONDAY)
    with open_runtime({"STAC_HOME": str(home)}, clock=clock) as runtime:
        yield Desk(runtime, clock, COORDINATOR.acting(), CHAIR.acting())


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder of the server's account, which a test's own folder is closed to."""
    folder = Path(tempfile.mkdtemp(prefix="wal"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def run(place: Path, *command: str | Path) -> None:
    subprocess.run(command, check=True, **account(place))


def test_a_server_is_restored_to_a_moment_and_what_was_recorded_until_then_is_there(
    place: Path, tmp_path: Path
) -> None:
    """Nothing of the lost server is used but its base backup and its archive."""
    programs, home, archive = postgres_programs(), tmp_path / "home", place / "archive"
    assert programs is not None
    run(place, "mkdir", archive)
    with private_cluster(options=settings_of_the_manual(archive)) as server:
        address = server.format(database="record")
        statement(server.format(database="postgres"), "CREATE DATABASE record")
        name_database(home, address)
        a_home(home)
        run(
            place,
            programs / "pg_basebackup",
            "--checkpoint=fast",
            "-h",
            server.partition("host=")[2],
            "-U",
            "stac",
            "-D",
            place / "base",
        )
        with opened(home) as desk:
            backed_up = Places.under(tmp_path)
            backed_up.back_up(desk)
            (before,) = desk.refer(a_referral("before")).referrals
            end_the_segment(address, desk.runtime)
            moment = statement(address, "SELECT clock_timestamp()")
            (after,) = desk.refer(a_referral("after")).referrals
            end_the_segment(address, desk.runtime)
            facts = desk.runtime.uow.server_facts()
            assert facts is not None
            check = archive_check(facts)
            assert (check.state, check.finding[:15]) == ("ok", "WAL is archived")
            drilled = drill(
                **desk.common,
                settings=desk.runtime.settings,
                folder=backed_up.folder,
                keys_folder=backed_up.keys_folder,
            ).archive
            assert drilled is not None
            assert (drilled.fails, drilled.segments_waiting) == (False, 0)
    restored = place / "restored"
    run(place, "mkdir", restored)
    run(place, "mv", place / "base", restored / "d")
    run(place, "touch", restored / "d" / "recovery.signal")
    start(
        restored,
        fsync=False,
        options=f"-c restore_command='cp {archive}/%f %p' -c recovery_target_time='{moment}' "
        "-c recovery_target_action=promote",
    )
    try:
        address = f"postgresql://stac@/record?host={restored}"
        wait_until_restored(address)
        name_database(home, address)
        with opened(home) as desk:
            with desk.runtime.uow.unrecorded() as work:
                there = {case.reference for case in work.cases.all(None)}
            assert (before in there, after in there) == (True, False)
            assert audit.verify(uow=desk.runtime.uow).ok
            assert audit_content.verify_content(uow=desk.runtime.uow).ok
            assert desk.refer(a_referral("again")).referrals
            assert not facts_of(address).is_in_recovery
        stop(restored)
        run(place, "touch", restored / "d" / "standby.signal")
        start(restored, fsync=False)
        assert facts_of(address).is_in_recovery
    finally:
        stop(restored)


def test_a_server_that_cannot_archive_is_wrong(place: Path, tmp_path: Path) -> None:
    with private_cluster(options=settings_of_the_manual(place / "absent")) as server:
        address = server.format(database="record")
        statement(server.format(database="postgres"), "CREATE DATABASE record")
        name_database(tmp_path / "home", address)
        a_home(tmp_path / "home")
        with opened(tmp_path / "home") as desk:
            statement(address, "SELECT pg_switch_wal()")
            until = time.monotonic() + 30
            while not archived(desk.runtime).fails:
                assert time.monotonic() < until
                time.sleep(0.1)
            facts = desk.runtime.uow.server_facts()
            assert facts is not None
            check = archive_check(facts)
            assert (check.state, check.finding.partition(" at ")[0]) == (
                "WRONG",
                "the server failed to archive",
            )
            assert not self_verified._is_copied(desk.context(flow_acting("verify record", "runner")))
