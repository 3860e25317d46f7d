"""Kill -9 of a writer, PostgreSQL, a backup and a restore: nothing confirmed is lost, nothing is half."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from engine.clock import SetClock
from engine.domain.errors import RecordError, SetupError
from engine.exchange.sealed_files import read_key
from engine.runtime import open_runtime, settings_of
from engine.services.system import audit, audit_content
from engine.services.system.backup_files import BackupRead, read_keys
from engine.services.system.backups import list_backups
from engine.services.system.copies import copies_there, copy_if_changed, not_copied
from tests.builders import CHAIR, COORDINATOR, MONDAY, Desk, a_desk, a_home, a_referral
from tests.databases import name_database
from tests.engine.services.system.backed_up import Places
from tests.forking import forked_from
from tests.postgres import private_cluster, start

SAMPLE, ALL = 2, 60
TIMES = [SAMPLE, pytest.param(ALL, marks=pytest.mark.full)]


def _write(home: str, confirmed: Connection) -> None:
    """Refer one after the other, and name each once it is confirmed."""
    with _opened(home) as desk:
        for number in range(10_000):
            try:
                (reference,) = desk.refer(a_referral(f"{os.getpid()}-{number}")).referrals
            except RecordError:
                return
            confirmed.send(reference)


def _back_up(home: str, place: str, confirmed: Connection) -> None:
    with _opened(home) as desk:
        confirmed.send("began")
        for _ in range(100):
            _places(place).back_up(desk)


def _copy(home: str, confirmed: Connection) -> None:
    with _opened(home) as desk:
        confirmed.send("began")
        for number in range(1000):
            desk.refer(a_referral(f"{os.getpid()}-{number}"))
            copy = copy_if_changed(**desk.common, settings=settings_of({"STAC_HOME": home}))
            assert copy is not None
            confirmed.send(copy.name)


def _restore(home: str, place: str, confirmed: Connection) -> None:
    with _opened(home) as desk:
        made = _places(place).back_up(desk)
        confirmed.send("began")
        _places(place).restore(desk, made)
        confirmed.send("restored")
        time.sleep(60)


def _places(place: str) -> Places:
    return Places(Path(place) / "backups", Path(place) / "backup-keys", Path(place) / "new-home")


@contextmanager
def _opened(home: str) -> Iterator[Desk]:
    clock = SetClock(MONDAY)
    with open_runtime({"STAC_HOME": home}, clock=clock) as runtime:
        yield Desk(runtime, clock, COORDINATOR.acting(), CHAIR.acting())


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    return forked_from(__name__)


def killed(
    processes: ForkServerContext, work: Callable[..., None], *given: object, after: float
) -> list[str]:
    """Kill a process of this work so long after its first word; what it had said by then."""
    here, there = processes.Pipe(duplex=False)
    process = processes.Process(target=work, args=(*given, there))
    process.start()
    there.close()
    said: list[str] = []
    with closing(here):
        if here.poll(60):
            said.append(here.recv())
        until = time.monotonic() + after
        while time.monotonic() < until and here.poll(max(0.0, until - time.monotonic())):
            said.append(here.recv())
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join(30)
        try:
            while here.poll():
                said.append(here.recv())
        except EOFError:
            pass
    return said


@pytest.mark.parametrize("times", TIMES)
def test_a_killed_writer_loses_nothing_that_was_confirmed(
    processes: ForkServerContext, tmp_path: Path, times: int
) -> None:
    a_home(tmp_path / "home")
    chance, confirmed = random.Random(18), set[str]()
    for _ in range(times):
        confirmed |= set(killed(processes, _write, str(tmp_path / "home"), after=chance.uniform(0.02, 0.3)))
    holds_all(tmp_path / "home", confirmed)


def holds_all(home: Path, confirmed: set[str]) -> None:
    """Every confirmed referral is there, and the audit log and all rows are whole."""
    with open_runtime({"STAC_HOME": str(home)}) as runtime:
        with runtime.uow.unrecorded() as work:
            there = {case.reference for case in work.cases.all(None)}
        assert confirmed
        assert confirmed <= there
        assert audit.verify(uow=runtime.uow).ok
        assert audit_content.verify_content(uow=runtime.uow).ok


def _start_again(folder: Path) -> None:
    """Start a server that was killed, once its other processes have seen that."""
    until = time.monotonic() + 30
    while True:
        try:
            return start(folder, fsync=True)
        except subprocess.CalledProcessError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


@pytest.mark.postgres
@pytest.mark.full
def test_a_killed_postgresql_loses_nothing_that_was_confirmed(
    processes: ForkServerContext, tmp_path: Path
) -> None:
    with private_cluster(fsync=True) as address:
        server = create_engine(
            address.format(database="postgres").replace("postgresql:", "postgresql+psycopg:"),
            isolation_level="AUTOCOMMIT",
        )
        with server.connect() as connection:
            connection.execute(text("CREATE DATABASE record"))
        server.dispose()
        name_database(tmp_path / "home", address.format(database="record"))
        a_home(tmp_path / "home")
        folder = Path(address.partition("host=")[2])
        chance, confirmed = random.Random(18), set[str]()
        for _ in range(10):
            here, there = processes.Pipe(duplex=False)
            writer = processes.Process(target=_write, args=(str(tmp_path / "home"), there))
            writer.start()
            there.close()
            confirmed.add(here.recv())
            time.sleep(chance.uniform(0.1, 0.6))
            os.kill(int((folder / "d" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
            writer.join(60)
            while here.poll():
                try:
                    confirmed.add(here.recv())
                except EOFError:
                    break
            here.close()
            _start_again(folder)
        holds_all(tmp_path / "home", confirmed)


@pytest.mark.full  # the sample of every run is a full disk in the middle of a backup
def test_a_killed_backup_leaves_only_files_that_open(processes: ForkServerContext, tmp_path: Path) -> None:
    places, chance = Places.under(tmp_path), random.Random(18)
    with a_desk(tmp_path / "home") as desk:
        desk.refer(a_referral())
        for _ in range(ALL):
            killed(
                processes, _back_up, str(tmp_path / "home"), str(tmp_path), after=chance.uniform(0.05, 1.2)
            )
        made = places.back_up(desk)
        assert not list(desk.runtime.settings.home.glob("scratch-*"))
        listed = list_backups(settings=desk.runtime.settings, folder=places.folder)
        assert made.name in {each.name for each in listed}
        settings = desk.runtime.settings
        key = read_key(settings.backup.key_file(settings.home))
        for each in listed:
            assert read_keys(places.keys_folder / f"{each.name}.keys", key).backup == each.name
            opened = BackupRead(each.file, key)
            assert sum(len(rows) for _, rows in opened.rows()) == opened.whole().rows
        assert {each.file for each in listed} == set(places.folder.iterdir())
        oldest = listed[-1]
        keys = places.keys_folder / f"{oldest.name}.keys"
        assert places.restore(desk, made, backup=oldest.file, keys=keys).rows


@pytest.mark.parametrize("times", TIMES)
def test_a_killed_restore_leaves_no_record_or_all_of_it(
    processes: ForkServerContext, tmp_path: Path, times: int
) -> None:
    places, chance = Places.under(tmp_path), random.Random(18)
    with a_desk(tmp_path / "home") as desk:
        (case,) = desk.refer(a_referral()).referrals
    for _ in range(times):
        said = killed(
            processes, _restore, str(tmp_path / "home"), str(tmp_path), after=chance.uniform(0.05, 1.5)
        )
        try:
            with open_runtime(places.environ()) as runtime:
                with runtime.uow.unrecorded() as work:
                    assert work.cases.get(case).reference == case
                assert audit_content.verify_content(uow=runtime.uow).ok
            for file in ("stac.db", "keys/digest.key", "keys/vault.key", "repeated-acts.jsonl"):
                (places.new_home / file).unlink(missing_ok=True)
        except SetupError:
            assert "restored" not in said
    with _opened(str(tmp_path / "home")) as desk:
        made = places.back_up(desk)
        assert places.restore(desk, made).rows


@pytest.mark.parametrize("times", TIMES)
def test_a_killed_copy_leaves_whole_copies_only_and_the_next_one_has_all(
    processes: ForkServerContext, tmp_path: Path, times: int
) -> None:
    home, places, chance = tmp_path / "home", Places.under(tmp_path), random.Random(18)
    with a_desk(home) as desk:
        places.name_in(desk)
        places.back_up(desk)
    settings, confirmed = settings_of({"STAC_HOME": str(home)}), set[str]()
    for _ in range(times):
        confirmed |= set(killed(processes, _copy, str(home), after=chance.uniform(0.5, 2.5))) - {"began"}
        key = read_key(settings.backup.key_file(home))
        for copy in copies_there(settings):
            assert BackupRead(copy.file, key).head.name == copy.name
            assert read_keys(places.keys_folder / f"{copy.name}.keys", key).backup == copy.name
    assert confirmed
    assert confirmed <= {copy.name for copy in copies_there(settings)}
    with _opened(str(home)) as desk:
        desk.refer(a_referral("last"))  # the copy that was killed may have been whole
        assert copy_if_changed(**desk.common, settings=settings) is not None
        found = not_copied(uow=desk.runtime.uow, settings=settings)
        assert found.lost_entries == 0
        newest = found.newest
        assert newest is not None
        keys = places.keys_folder / f"{newest.name}.keys"
        assert places.restore(desk, None, backup=newest.file, keys=keys).entries == newest.entries
    assert not list(home.glob("scratch-of-a-copy-*"))
    assert not [file for file in places.folder.iterdir() if file.name.startswith(".")]
