"""Kill -9 of Prefect's server, of a background service with its queue, and of Dask's processes, at random."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from engine.domain.responses.reassessment import Compared
from engine.runtime import open_runtime
from engine.services.responses import reassessment
from engine.services.system import audit, audit_content, outbox
from flows import process_registry
from flows.dask_cluster import cluster
from flows.runner import drain
from flows.server import LASTING, PrefectServer
from tests.builders import COORDINATOR, MONDAY
from tests.faults.test_killed_at_random import LEASE_IS_OVER, record_is_whole
from tests.faults.waiting_flows import have_bulk
from tests.flows.draining import Draining
from tests.flows.given import have_database, screened
from tests.flows.offices import Offices
from tests.flows.test_queues import offices
from tests.flows.test_reassess_over_dask import REFERRALS, Waiting, copied, made_waiting, over_dask, waiting
from tests.record_content import content

__all__ = ["made_waiting", "offices", "waiting"]

pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.full]

SERVERS, OFFICES, DASK = 5, 12, 3
"""So many kills in each piece."""


@pytest.mark.sqlite
@pytest.mark.parametrize("seed", range(1, 4))
def test_servers_of_prefect_killed_in_a_batch(
    tmp_path: Path, prefect_database: Path, prefect_server: str, seed: int
) -> None:
    chance, killed, begun = random.Random(seed), 0, 0
    have_bulk(tmp_path / "waiting")
    shutil.copytree(tmp_path / "waiting", tmp_path / "never")
    assert Draining(tmp_path / "never", MONDAY, prefect_server).ended().code == 0
    while killed < SERVERS:
        begun += 1
        assert begun <= 3 * SERVERS, f"only {killed} servers were killed while a chunk was at work"
        home = tmp_path / str(begun)
        shutil.copytree(tmp_path / "waiting", home)
        have_database(home, prefect_database)
        server = PrefectServer(home, name=LASTING, lasting=False)
        try:
            server.start()
            server.wait_until_ready()
            draining = Draining(home, MONDAY, server.url)
            wait_until_taken(home)
            time.sleep(chance.uniform(0, 0.3))
            killed += bool(undone(home))  # a server that has no more to do interrupts nothing
            os.killpg(server.child.pid, signal.SIGKILL)
            assert draining.ended().code is not None
        finally:
            server.child.bury(by=0)
            server.close()
        process_registry.forget(home, LASTING)
        again = Draining(home, MONDAY + LEASE_IS_OVER, prefect_server).ended()
        assert again.code == 0, again.said
        assert content(home) == content(tmp_path / "never")
        record_is_whole(home)
    print(f"{killed} of {begun} servers were killed while a chunk was at work")


def wait_until_taken(home: Path) -> None:
    until = time.monotonic() + 60
    while not undone(home, "AND taken_at IS NOT NULL"):
        assert time.monotonic() < until, "no chunk was taken"
        time.sleep(0.02)


def undone(home: Path, more: str = "") -> int:
    with closing(sqlite3.connect(home / "stac.db")) as record:
        return int(record.execute(f"SELECT count(*) FROM outbox WHERE done_at IS NULL {more}").fetchone()[0])


@pytest.mark.postgres
@pytest.mark.parametrize("seed", range(1, 3))
def test_background_services_with_queues_killed_while_referrals_come_in(offices: Offices, seed: int) -> None:
    chance, desk = random.Random(seed), offices.desk
    references = []
    for number in range(OFFICES):
        references += [screened(desk, f"{number}-{each}") for each in range(2)]
        time.sleep(chance.uniform(0, 4))
        killed = chance.choice([*offices.by_name.values()])
        killed.end(signal.SIGKILL)
        killed.start()
    offices.wait_until_done()
    rows = offices.rows("flow, subject")
    assert {subject for flow, subject in rows if flow == "assess_referral"} == set(references)
    wanted = ("harbour contribution", "lantern contribution")
    assert offices.answers_stored() == dict.fromkeys(wanted, len(references))
    assert outbox.stale(uow=desk.runtime.uow, clock=desk.clock) == 0
    assert audit.verify(uow=desk.runtime.uow).ok
    assert audit_content.verify_content(uow=desk.runtime.uow).ok


@pytest.mark.sqlite
@pytest.mark.parametrize("seed", range(1, 6))
def test_processes_of_dask_killed_while_they_have_a_chunk(
    waiting: Waiting, prefect_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    home, chance = copied(waiting, tmp_path, prefect_server, monkeypatch), random.Random(seed)
    killed: list[int] = []
    is_over = threading.Event()

    def kill_takers() -> None:
        while len(killed) < DASK and not is_over.wait(0.01):
            for taker in takers(home):
                time.sleep(chance.uniform(0, 0.05))
                if taker not in killed and taker in takers(home):
                    killed.append(taker)
                    os.kill(taker, signal.SIGKILL)
                    break

    with cluster(home) as over:
        hunter = threading.Thread(target=kill_takers)
        hunter.start()
        over_dask(over, waiting)
        is_over.set()
        hunter.join()
    assert killed
    with open_runtime() as runtime:
        drain(runtime, subjects=waiting.subjects)  # as the background service does with a chunk that was lost
        figures = reassessment.batch_figures(runtime.context(COORDINATOR.acting()), batch=waiting.batch)
    assert figures.compared == {"harbour": {Compared.DIFFERENT: REFERRALS}}
    record_is_whole(home, waiting=REFERRALS)  # each case was screened, and no flow was begun for that
    print(f"killed {len(killed)}")


def takers(home: Path) -> list[int]:
    """The processes that hold a row."""
    with sqlite3.connect(home / "stac.db") as record:
        held = "SELECT taken_by FROM outbox WHERE taken_at IS NOT NULL AND done_at IS NULL"
        found = [int(taker.split()[1]) for (taker,) in record.execute(held)]
    record.close()
    return found
