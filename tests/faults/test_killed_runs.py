"""A run that is killed at any step and started again leaves the record that a run leaves that never was."""

from __future__ import annotations

import shutil
import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import MONDAY
from tests.faults.waiting_flows import Prepared, have_live_flows
from tests.record_content import content

pytestmark = [pytest.mark.prefect, pytest.mark.slow]

LATER = MONDAY + timedelta(minutes=30)  # when whatever was taken by a killed process may be taken again
EVERY = 6
"""Every step is taken by one of so many tests."""
PART = 0.6
"""How far a run has come when it is killed, in each run of the tests."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> Prepared:
    """Flows of every kind, and a Prefect server for them."""
    home = tmp_path_factory.mktemp("killed") / "home"
    have_live_flows(home)
    return Prepared(home, prefect_server)


@pytest.fixture(scope="module")
def never_killed(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> tuple[Counter[str], int]:
    """The record after a run that was never killed, and how many transactions it had."""
    home = tmp_path_factory.mktemp("never") / "home"
    shutil.copytree(prepared.home, home)
    done = prepared.drain(home, LATER, where="never")
    assert done.code == 0, done.said
    return content(home), done.lines[-1]["transactions"]


def killed_and_restarted(prepared: Prepared, home: Path, step: int, where: str) -> Counter[str]:
    """The record after a run that was killed at this step and one that was not."""
    shutil.copytree(prepared.home, home)
    killed = prepared.drain(home, MONDAY, step=step, where=where)
    assert killed.code == -signal.SIGKILL, killed.said
    again = prepared.drain(home, LATER)
    assert again.code == 0, again.said
    return content(home)


def test_a_run_writes_what_is_compared(prepared: Prepared, never_killed: tuple[Counter[str], int]) -> None:
    record, steps = never_killed
    new = record - content(prepared.home)
    assert Counter(row.split(":")[0] for row in new) == {
        "asked_for_actions": 4,
        "request": 4,
        "answer": 5,
        "move": 1,
        "involvement": 1,
        "outbox": 4,
        "ledger": 2,
        "due": 17,
    }
    assert steps > 20


def test_a_run_that_was_killed_and_restarted_is_as_one_that_never_was(
    prepared: Prepared, never_killed: tuple[Counter[str], int], tmp_path: Path
) -> None:
    record, steps = never_killed
    assert killed_and_restarted(prepared, tmp_path / "home", round(steps * PART), "before") == record


@pytest.mark.full
@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("first", range(1, EVERY + 1))
def test_killed_at_every_step_in_turn(
    prepared: Prepared, never_killed: tuple[Counter[str], int], tmp_path: Path, first: int, where: str
) -> None:
    record, steps = never_killed
    differ = {}
    for step in range(first, steps + 1, EVERY):
        after = killed_and_restarted(prepared, tmp_path / str(step), step, where)
        if after != record:
            differ[step] = [*(after - record), *(record - after)]
    assert differ == {}
