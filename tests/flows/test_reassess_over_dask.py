"""Chunks of a batch over Dask: the record of a run in one process, with nothing to read beside it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from engine.clock import SetClock
from engine.domain.accounts.acting import Role
from engine.domain.errors import SetupError
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
    """A home in which a batch waits, one row for each case, and where its agency is found."""

    home: Path
    batch: str
    subjects: tuple[str, ...]
    agency_at: tuple[str, ...]


@pytest.fixture(scope="module")
def made_waiting(tmp_path_factory: pytest.TempPathFactory) -> Waiting:
    """Cases whose agency has another answer by now, with a row for each."""
    folder = tmp_path_factory.mktemp("dask")
    home = folder / "home"
    a_home(home)
    settle(home)
    clock = SetClock(datetime.now(UTC))
    agency_at = announce(folder / "site", "harbour")
    with pytest.MonkeyPatch.context() as patch:
        put_on_path(patch, agency_at)
        with open_runtime({"STAC_HOME": str(home)}, clock=clock) as runtime:
            desk = Desk(runtime, clock, COORDINATOR.acting(), CHAIR.acting())
            desk.add("harbour-worker", Role.PRACTITIONER, "harbour")
            for number in range(REFERRALS):
                ask_all(desk, screened(desk, str(number)))
            let_answer(desk, "harbour", a_contribution("A report came in."))
            context = desk.context(desk.coordinator)
            batch, subjects = reassessment.open_batch(context, reason="New extracts.", parts=REFERRALS)
    return Waiting(home, batch.reference, subjects, agency_at)


@pytest.fixture
def waiting(made_waiting: Waiting, monkeypatch: pytest.MonkeyPatch) -> Waiting:
    """The same, with its agency installed for this test alone: the next test may have another there."""
    put_on_path(monkeypatch, made_waiting.agency_at)
    return made_waiting


def put_on_path(patch: pytest.MonkeyPatch, places: tuple[str, ...]) -> None:
    """Have these places looked through first for what is installed."""
    for place in places:
        patch.syspath_prepend(place)


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


class Own:
    """A scheduler of an operator's own, with certificates as files; its processes end with the test."""

    def __init__(self, place: Path) -> None:
        from distributed.security import Security

        made = Security.temporary()
        self._files = {}
        for name, pem in (
            ("ca-file", made.tls_ca_file),
            ("cert", made.tls_client_cert),
            ("key", made.tls_client_key),
        ):
            self._files[name] = place / f"{name}.pem"
            self._files[name].write_text(str(pem))
        self._place = place
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, *given: str, with_routes: bool) -> None:
        """Start a process of Dask's without a dashboard, and with its routes or none."""
        tls = [f"--tls-{name}={file}" for name, file in self._files.items()]
        routes = {f"DASK_DISTRIBUTED__{each}__HTTP__ROUTES": "[]" for each in ("SCHEDULER", "WORKER")}
        self._started.append(
            subprocess.Popen(
                [sys.executable, "-m", "dask", *given, *tls, "--no-dashboard"],
                env={**os.environ, "PYTHONPATH": os.getcwd(), **({} if with_routes else routes)},
                cwd=self._place,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )

    def scheduler(self, *, with_routes: bool) -> str:
        """Start the scheduler and return its address."""
        place = self._place / "scheduler.json"
        at = ("--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0")
        self.start(
            "scheduler", *at, "--protocol", "tls", "--scheduler-file", str(place), with_routes=with_routes
        )
        until = time.monotonic() + 60
        while not (place.exists() and place.read_text()) and time.monotonic() < until:
            time.sleep(0.05)
        return str(json.loads(place.read_text())["address"])

    def worker(self, address: str, *, with_routes: bool) -> None:
        """Start a worker of it, and wait until the scheduler has it."""
        from distributed import Client
        from distributed.security import Security

        at = ("--host", "127.0.0.1", "--nthreads", "1", "--memory-limit", "0", "--no-nanny")
        self.start("worker", address, *at, with_routes=with_routes)
        with Client(address, security=Security(require_encryption=True), set_as_default=False) as client:
            client.wait_for_workers(1, timeout=60)

    @contextmanager
    def for_one_test(self) -> Iterator[Own]:
        """Name the certificates in Dask's own settings for the block, and end the processes after it."""
        import dask

        named = {
            "ca-file": str(self._files["ca-file"]),
            "client.cert": str(self._files["cert"]),
            "client.key": str(self._files["key"]),
        }
        try:
            with dask.config.set({f"distributed.comm.tls.{name}": file for name, file in named.items()}):
                yield self
        finally:
            for each in reversed(self._started):
                each.kill()
                each.wait()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Own]:
    with Own(tmp_path).for_one_test() as own:
        yield own


def test_a_scheduler_that_answers_over_http_is_refused_and_one_of_another_machine_too(
    own: Own, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = own.scheduler(with_routes=True)
    with (
        pytest.raises(SetupError, match=r"distributed\.scheduler\.http\.routes and .* to \[\]"),
        cluster(tmp_path, scheduler=address),
    ):
        pass
    monkeypatch.setattr("socket.gethostname", lambda: "elsewhere")
    with pytest.raises(SetupError, match="is on another machine"), cluster(tmp_path, scheduler=address):
        pass


@pytest.mark.parametrize("with_routes", [True, False])
def test_a_worker_that_answers_over_http_is_refused(own: Own, tmp_path: Path, with_routes: bool) -> None:
    address = own.scheduler(with_routes=False)
    own.worker(address, with_routes=with_routes)
    if with_routes:
        with pytest.raises(SetupError, match="has pages"), cluster(tmp_path, scheduler=address):
            pass
    else:
        with cluster(tmp_path, scheduler=address) as over:
            assert over.workers == 1


def test_only_a_process_that_dask_lost_is_reported_as_lost() -> None:
    from distributed.scheduler import KilledWorker, WorkerState

    from flows.reassess_over_dask import LOST, chunk_that_waits

    lost = chunk_that_waits("B-1", 2, KilledWorker("B-1", WorkerState.__new__(WorkerState), 3))
    other = chunk_that_waits("B-1", 2, ValueError("a name"))
    assert (lost.error, lost.sentence) == (
        LOST,
        "its process was lost; the background service runs it",
    )
    assert (other.error, other.sentence) == (
        "ValueError",
        "its process could not run it (a fault, ValueError); the background service runs it",
    )
