"""Who holds an outbox row, and when it is certain that nobody does."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import timedelta

import pytest

from engine.services.system import outbox
from flows.runner import drain
from flows.taker import is_dead, renewed, this_taker
from tests.builders import Desk
from tests.flows.given import screened, toys_for


def taker_of_a_process_that_ended() -> str:
    sentence = "from flows.taker import this_taker; print(this_taker())"
    return subprocess.run(
        [sys.executable, "-c", sentence], capture_output=True, text=True, check=True
    ).stdout[:-1]


def test_a_process_that_ended_is_dead_and_this_one_is_not() -> None:
    assert is_dead(taker_of_a_process_that_ended())
    assert not is_dead(this_taker())


@pytest.mark.parametrize(
    "name",
    ["a process that was killed", "", "runner 999999999", "runner 999999999 elsewhere 1", "runner x y 1"],
)
def test_a_name_that_says_nothing_of_this_machine_counts_as_alive(name: str) -> None:
    assert not is_dead(name)


def test_a_lease_is_renewed_for_as_long_as_the_block_lasts() -> None:
    twice, count = threading.Event(), [0]

    def renew() -> None:
        count[0] += 1
        if count[0] == 2:
            twice.set()

    with renewed(renew, every=0.01):
        assert twice.wait(10)
    ended_at = count[0]
    assert not any(thread.name == "lease" for thread in threading.enumerate())
    assert count[0] == ended_at


def test_a_renewed_row_is_nobody_elses_and_one_that_was_not_renewed_is(desk: Desk) -> None:
    toys_for(desk)
    screened(desk)
    row = outbox.take_next(**desk.common, by="runner A")
    assert row is not None
    desk.clock.forward(timedelta(minutes=9))
    outbox.renew(**desk.common, item_id=row.id, by="runner A")
    desk.clock.forward(timedelta(minutes=9))
    assert outbox.take_next(**desk.common, by="runner B") is None
    outbox.renew(**desk.common, item_id=row.id, by="runner B")  # not its own: changes nothing
    desk.clock.forward(timedelta(minutes=2))
    assert outbox.take_next(**desk.common, by="runner B") is not None


def test_what_was_given_back_is_neither_renewed_nor_ticked_off_by_a_flow_that_ends_late(desk: Desk) -> None:
    toys_for(desk)
    screened(desk)
    row = outbox.take_next(**desk.common, by="runner A")
    assert row is not None
    outbox.give_back(uow=desk.runtime.uow, item_id=row.id, by="runner A", error="Interrupted")
    outbox.renew(**desk.common, item_id=row.id, by="runner A")
    assert outbox.finish(**desk.common, item_id=row.id, by="runner A") == 1
    again = outbox.take_next(**desk.common, by="runner B")
    assert again is not None
    assert again.id == row.id
    assert outbox.finish(**desk.common, item_id=row.id, by="runner A") == 1
    assert outbox.finish(**desk.common, item_id=row.id, by="runner B") == 0


@pytest.mark.prefect
def test_what_a_killed_runner_of_this_machine_held_is_run_at_once(flow_desk: Desk) -> None:
    toys_for(flow_desk)
    screened(flow_desk)
    assert outbox.take_next(**flow_desk.common, by=taker_of_a_process_that_ended()) is not None
    assert drain(flow_desk.runtime) == 1


def test_rows_are_freed_of_the_dead_alone(desk: Desk) -> None:
    toys_for(desk)
    screened(desk)
    row = outbox.take_next(**desk.common, by=f"runner {os.getpid()} elsewhere 7")
    assert row is not None
    assert outbox.free_of_the_dead(uow=desk.runtime.uow, is_dead=is_dead) == 0
    assert outbox.take_next(**desk.common, by="another") is None
