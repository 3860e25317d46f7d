"""Chunks of a batch over Dask: the record of a run in one process, with nothing to read beside it."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from engine.clock import SetClock
from engine.domain.accounts.acting import Role
from engine.domain.errors import SetupError
from engine.domain.responses.reassessment import Compared
from engine.runtime import open_runtime
from engine.services.responses import reassessment
from flows import dask_cluster
from flows.dask_cluster import Cluster, cluster
from flows.runner import Ran, drain
from tests.builders import CHAIR, COORDINATOR, Desk, a_contribution, a_home, ask_all, let_answer
from tests.flows.given import lend, screened
from tests.flows.installed_toys import announce, settle
from tests.record_content import audited, content

pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.sqlite]

REFERRALS = 3


@dataclass(frozen=True)
class Waiting:
    """A home in which a batch waits, one row for each case."""

    home: Path
    batch: str
    subjects: tuple[str, ...]


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Waiting]:
    """Cases whose agency has another answer by now, with a row for each."""
    folder = tmp_path_factory.mktemp("dask")
    home = folder / "home"
    a_home(home)
    settle(home)
    clock = SetClock(datetime.now(UTC))
    with pytest.MonkeyPatch.context() as patch:
        for place in announce(folder / "site", "harbour"):
            patch.syspath_prepend(place)
        with open_runtime({"STAC_HOME": str(home)}, clock=clock) as runtime:
            desk = Desk(runtime, clock, COORDINATOR.acting(), CHAIR.acting())
            desk.add("harbour-worker", Role.PRACTITIONER, "harbour")
            for number in range(REFERRALS):
                ask_all(desk, screened(desk, str(number)))
            let_answer(desk, "harbour", a_contribution("A report came in."))
            context = desk.context(desk.coordinator)
            batch, subjects = reassessment.open_batch(context, reason="New extracts.", parts=REFERRALS)
        yield Waiting(home, batch.reference, subjects)


def copied(waiting: Waiting, tmp_path: Path, prefect_server: str, patch: pytest.MonkeyPatch) -> Path:
    """A home of its own for one test, with the Prefect server of this process."""
    home = tmp_path / "home"
    shutil.copytree(waiting.home, home)
    lend(home, prefect_server)
    patch.setenv("STAC_HOME", str(home))
    return home


def over_dask(over: Cluster, waiting: Waiting) -> list[Ran]:
    """Run the batch that waits over Dask."""
    from flows.reassess_over_dask import reassess_over  # loads Prefect and Dask

    ran: list[Ran] = []
    reassess_over(over, waiting.batch, waiting.subjects, progress=ran.append)
    return ran


def dask_processes() -> list[psutil.Process]:
    """The processes of Dask that this one started."""
    started = psutil.Process().children(recursive=True)
    return [each for each in started if "spawn_main" in " ".join(each.cmdline())]


def test_a_run_over_dask_leaves_the_record_of_a_run_in_one_process(
    waiting: Waiting, prefect_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = copied(waiting, tmp_path / "alone", prefect_server, monkeypatch)
    with open_runtime() as runtime:
        assert drain(runtime, subjects=waiting.subjects) == REFERRALS
    home = copied(waiting, tmp_path / "dask", prefect_server, monkeypatch)
    with cluster(home) as over:
        assert over.workers == dask_cluster.worker_count() >= 2
        assert_shows_nothing(over)
        ran = over_dask(over, waiting)
        assert sorted(each.subject for each in ran) == sorted(waiting.subjects)
        assert {each.error for each in ran} == {None}
        assert not [file for file in (home / "run").glob("dask-*/**/*") if "storage" in file.name]
    assert content(home) == content(alone)
    assert audited(home) == audited(alone)
    assert sum((content(home) - content(waiting.home)).values()) == 2 * REFERRALS  # an answer and a row each
    assert not list((home / "run").glob("dask-*"))
    assert not dask_processes()


def assert_shows_nothing(over: Cluster) -> None:
    """Assert from the running cluster: no spilling, no pages, no port but on this machine, and encrypted."""
    import dask
    from distributed import Client

    assert over.address.startswith("tls://127.0.0.1:")
    with Client(over.address, security=over.security, set_as_default=False) as client:
        memory = client.run(lambda: dask.config.get("distributed.worker.memory"))
        routes = client.run(lambda: dask.config.get("distributed.worker.http.routes"))
        assert not any(client.run(dask_cluster.spills_here).values())
        assert not any(client.run(dask_cluster.shows_pages_here).values())
        assert client.run_on_scheduler(dask_cluster.shows_pages) is False
    assert len(memory) == over.workers
    assert {each[name] for each in memory.values() for name in ("target", "spill")} == {False}
    assert list(routes.values()) == [[]] * over.workers
    ours = [psutil.Process(), *dask_processes()]
    listening = [at for each in ours for at in each.net_connections() if at.status == psutil.CONN_LISTEN]
    assert listening
    assert {at.laddr.ip for at in listening} == {"127.0.0.1"}


@pytest.mark.full
def test_a_chunk_of_a_killed_process_is_taken_up_and_nothing_is_stored_twice(
    waiting: Waiting, prefect_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copied(waiting, tmp_path, prefect_server, monkeypatch)
    killed: list[int] = []

    def kill_the_first_taker() -> None:
        until = time.monotonic() + 60
        while not killed and time.monotonic() < until:
            with sqlite3.connect(home / "stac.db") as record:
                taken = "SELECT taken_by FROM outbox WHERE taken_at IS NOT NULL AND done_at IS NULL"
                takers = record.execute(taken).fetchall()
            record.close()
            for (taker,) in takers[:1]:
                killed.append(int(taker.split()[1]))
                os.kill(killed[0], signal.SIGKILL)

    with cluster(home) as over:
        hunter = threading.Thread(target=kill_the_first_taker)
        hunter.start()
        ran = over_dask(over, waiting)
        hunter.join()
    assert killed
    assert [(each.subject, each.error) for each in ran if each.error] == []
    with open_runtime() as runtime:
        context = runtime.context(COORDINATOR.acting())
        figures = reassessment.batch_figures(context, batch=waiting.batch)
    assert figures.compared == {"harbour": {Compared.DIFFERENT: REFERRALS}}
    with sqlite3.connect(home / "stac.db") as record:
        rows = record.execute(
            "SELECT attempts, done_at IS NOT NULL FROM outbox WHERE flow = 'reassess_chunk'"
        ).fetchall()
    record.close()
    assert sorted(rows) == [(1, 1)] * (REFERRALS - 1) + [(2, 1)]


def test_an_address_that_is_not_encrypted_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(SetupError, match="must begin with 'tls://'"),
        cluster(tmp_path, scheduler="tcp://a:1"),
    ):
        pass


def test_without_the_extra_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_cluster, "find_spec", lambda name: None)
    with pytest.raises(SetupError, match=r"pip install 'stac-engine\[dask\]'"), cluster(tmp_path):
        pass
