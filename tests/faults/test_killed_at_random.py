"""Kill -9 of whatever runs flows, at random moments: afterwards the record is that of a run nobody killed.

The moments are drawn from a seed; where in a run each falls depends on the machine. The ``full`` tests are in
pieces, because a run in CI takes a fifth of them.
"""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from engine.clock import SetClock
from engine.runtime import open_runtime
from engine.services.system import audit, audit_content, outbox
from tests.builders import MONDAY
from tests.faults.waiting_flows import Prepared, have_bulk, have_live_flows
from tests.flows.draining import load
from tests.record_content import content

pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.sqlite]

SAMPLE, PIECE, PIECES = 2, 5, 15
"""Kills in a test, at least two of them in the same home."""
LEASE_IS_OVER = timedelta(minutes=11)
HOMES = {"live": have_live_flows, "bulk": have_bulk}


@dataclass(frozen=True)
class NeverKilled:
    """A home with flows that wait, the record after a run that nobody killed, and its seconds."""

    prepared: Prepared
    record: Counter[str]
    seconds: float


@pytest.fixture(scope="module", params=[pytest.param("live", marks=pytest.mark.full), "bulk"])
def never_killed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, prefect_server: str
) -> NeverKilled:
    """Live flows, which are killed in every run by ``test_killed_runs``, or the chunks of a batch."""
    folder = tmp_path_factory.mktemp(request.param)
    HOMES[request.param](folder / "home")
    prepared = Prepared(folder / "home", prefect_server)
    shutil.copytree(prepared.home, folder / "never")
    load()  # it is no part of a run
    began = time.monotonic()
    done = prepared.drain(folder / "never", MONDAY)
    assert done.code == 0, done.said
    record = content(folder / "never")
    assert record != content(prepared.home)
    return NeverKilled(prepared, record, time.monotonic() - began)


@pytest.mark.parametrize(
    ("kills", "seed"),
    [
        pytest.param(SAMPLE, 0),
        *(pytest.param(PIECE, seed, marks=pytest.mark.full) for seed in range(1, PIECES + 1)),
    ],
)
def test_a_run_that_is_killed_again_and_again_comes_to_its_end(
    never_killed: NeverKilled, tmp_path: Path, kills: int, seed: int
) -> None:
    chance, killed, homes, most = random.Random(seed), 0, 0, 0
    while killed < kills or most < 2:
        homes += 1
        home, at, ended, here = tmp_path / str(homes), MONDAY, False, 0
        shutil.copytree(never_killed.prepared.home, home)
        while (killed < kills or most < 2) and not ended:
            after = chance.uniform(0.05, never_killed.seconds / (here + 1))  # less is left to do each time
            done = never_killed.prepared.drain_until_killed(home, at, after=after)
            ended = done.code == 0
            if not ended:
                assert done.code == -signal.SIGKILL, done.said
                killed, here = killed + 1, here + 1
                most = max(most, here)
                what_was_interrupted_is_shown(home, at)
            at += LEASE_IS_OVER
        done = never_killed.prepared.drain(home, at)
        assert done.code == 0, done.said
        differ = content(home)
        assert [*(differ - never_killed.record), *(never_killed.record - differ)] == []
        record_is_whole(home)


def what_was_interrupted_is_shown(home: Path, at: datetime) -> None:
    """Assert that each row that was not finished waits, and is shown as late once its lease is over."""
    with sqlite3.connect(home / "stac.db") as record:
        counted = "SELECT count(*), count(taken_at) FROM outbox WHERE done_at IS NULL"
        undone, taken = record.execute(counted).fetchone()
    record.close()
    with open_runtime({"STAC_HOME": str(home)}, clock=SetClock(at + LEASE_IS_OVER)) as runtime:
        assert outbox.waiting(uow=runtime.uow) == undone
        assert outbox.stale(uow=runtime.uow, clock=runtime.clock) == taken


def record_is_whole(home: Path, *, waiting: int = 0) -> None:
    """Assert that no row waits but these, and that the audit log and all rows are whole."""
    with open_runtime({"STAC_HOME": str(home)}) as runtime:
        assert outbox.waiting(uow=runtime.uow) == waiting
        assert audit.verify(uow=runtime.uow).ok
        assert audit_content.verify_content(uow=runtime.uow).ok
        assert not any(runtime.due.differences(runtime.uow).values()), "what waits agrees with the facts"
