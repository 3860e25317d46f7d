"""Who waits to write gets a turn, however often somebody else writes in a row."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import AbstractContextManager, closing
from pathlib import Path
from threading import Event

import pytest

from engine.domain.errors import RecordError, RecordFault
from engine.runtime import Runtime, open_runtime
from engine.store.turns import Turns
from engine.store.unit_of_work import Work
from tests.builders import Desk, a_desk, a_hasty_desk
from tests.databases import add_settings

_ROW = 12
_HOLD = 0.03


def test_threads_write_in_the_order_in_which_they_came() -> None:
    turns, order = Turns(None, longest_wait=20), list[int]()

    def write(number: int) -> None:
        with turns.in_turn() as until:
            assert until
            order.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    with turns.in_turn():
        for waiting, thread in enumerate(threads, start=1):
            thread.start()
            while len(turns._waiting) < waiting:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_a_turn_that_does_not_come_is_not_waited_for_without_end() -> None:
    turns = Turns(None, longest_wait=0.02)
    with turns.in_turn():
        given: list[float | None] = []

        def wait() -> None:
            with turns.in_turn() as until:
                given.append(until)

        thread = threading.Thread(target=wait)
        thread.start()
        thread.join()
    assert given == [None]
    with turns.in_turn() as until:
        assert until


def test_a_thread_that_waits_too_long_is_told_that_the_record_is_busy(
    tmp_path: Path,
) -> None:
    with a_hasty_desk(tmp_path / "home") as desk:
        record_faults: list[RecordFault] = []

        def write() -> None:
            try:
                with desk.runtime.uow.unrecorded(will_write=True):
                    pass
            except RecordError as error:
                record_faults.append(error.fault)

        with desk.runtime.uow.unrecorded(will_write=True):
            thread = threading.Thread(target=write)
            thread.start()
            thread.join()
    assert record_faults == [RecordFault.BUSY]


@pytest.mark.sqlite
def test_the_turn_the_file_and_the_database_are_waited_for_once_and_not_each_in_its_turn(
    tmp_path: Path,
) -> None:
    """The turn comes after 1.2 of the 2 seconds; the file and the database never do."""
    home = tmp_path / "home"
    with a_desk(home):
        add_settings(home, "busy_after_seconds = 2\n")
    with open_runtime({"STAC_HOME": str(home)}) as runtime:
        turns, file, taken = runtime.uow._turns, home / "stac.db", Event()
        assert turns is not None

        def hold_the_turn() -> None:
            with turns.in_turn():
                taken.set()
                time.sleep(1.2)

        thread = threading.Thread(target=hold_the_turn)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with Turns(turns._file, longest_wait=20).before_others(time.monotonic() + 20):
                thread.start()
                taken.wait()
                began = time.monotonic()
                with pytest.raises(RecordError) as refused, runtime.uow.unrecorded(will_write=True):
                    pass
                took = time.monotonic() - began
            other.execute("COMMIT")
        thread.join()
        with runtime.uow.unrecorded(will_write=True):
            pass
    assert refused.value.fault is RecordFault.BUSY
    assert 2 <= took < 3


def test_another_process_comes_in_between_two_of_many_transactions_in_a_row(tmp_path: Path) -> None:
    """Two openings of one record stand for two processes: they share nothing but the files."""
    with a_desk(tmp_path / "home") as desk:
        others = open_runtime({"STAC_HOME": str(desk.runtime.settings.home)})
        done, came_after = list[int](), list[int]()

        def write_many() -> None:
            for number in range(_ROW):
                with others.uow.unrecorded(will_write=True):
                    time.sleep(_HOLD)
                done.append(number)

        def write_once(desk: Desk) -> None:
            before = len(done)
            with desk.runtime.uow.unrecorded(will_write=True):
                came_after.append(len(done) - before)

        many = threading.Thread(target=write_many)
        many.start()
        for _ in range(3):
            write_once(desk)
            time.sleep(_HOLD / 2)
        many.join()
        others.close()
    assert max(came_after) <= 2


def _import_part(desk: Desk, importing: Runtime) -> AbstractContextManager[Work]:
    return importing.uow.writing(acting=desk.coordinator, what="test", at=desk.clock.now(), steps_back=True)


@pytest.mark.sqlite
def test_an_import_lets_another_process_remove_what_was_overwritten_before_its_next_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two openings of one record stand for two processes: they share nothing but the files."""
    monkeypatch.setattr("engine.store.turns._LONGEST_STEP_BACK", 20)
    monkeypatch.setattr("engine.store.turns._QUIET_LOOKS", 50)
    with a_desk(tmp_path / "home") as desk:
        importing, order = open_runtime({"STAC_HOME": str(desk.runtime.settings.home)}), list[str]()
        turns = importing.uow._turns
        assert turns is not None

        def tidy() -> None:
            desk.runtime.uow.tidy()
            order.append("tidied")

        tidying, until = threading.Thread(target=tidy), time.monotonic() + 5
        with _import_part(desk, importing):
            tidying.start()
            while not turns._others_wait() and time.monotonic() < until:
                time.sleep(_HOLD)
        with _import_part(desk, importing):
            order.append("next part")
        tidying.join()
        importing.close()
    assert order == ["tidied", "next part"]


@pytest.mark.sqlite
def test_what_was_overwritten_is_removed_in_turn_and_a_turn_that_does_not_come_is_reported(
    tmp_path: Path,
) -> None:
    with a_hasty_desk(tmp_path / "home") as desk:
        said: list[str] = []

        def tidy() -> None:
            try:
                desk.runtime.uow.tidy()
            except RecordError as error:
                said.append(str(error))
            else:
                said.append("tidied")

        for _ in range(2):
            thread = threading.Thread(target=tidy)
            with desk.runtime.uow.unrecorded(will_write=True):
                thread.start()
                if not said:
                    thread.join()
                time.sleep(_HOLD)
            thread.join()
    refused, tidied = said
    assert "(other changes of this process came first)" in refused
    assert refused == (
        "the record is busy with other work (other changes of this process came first); the change was "
        "made, but the overwritten content stays in the database's file or journal; ask an operator to run "
        "'stac record remove-overwritten' when that has ended"
    )
    assert tidied == "tidied"


def _parts(turns: Turns, held: list[float], *, steps_back: bool, hold: float = _HOLD) -> None:
    """Hold the database for some parts in a row, as long work does."""
    for _ in range(4):
        with turns.in_turn(steps_back=steps_back), turns.a_part():
            held.append(time.monotonic())
            time.sleep(hold)


@pytest.mark.parametrize("steps_back", [True, False])
def test_long_work_begins_no_part_while_another_process_waits(tmp_path: Path, steps_back: bool) -> None:
    file, held = tmp_path / "turn", list[float]()
    long_work = threading.Thread(
        target=_parts, args=(Turns(file, longest_wait=20), held), kwargs={"steps_back": steps_back}
    )
    with Turns(file, longest_wait=20).before_others(time.monotonic() + 20):
        began = time.monotonic()
        long_work.start()
        time.sleep(3 * _HOLD)
    long_work.join()
    assert (held[0] - began >= 3 * _HOLD) is steps_back


def test_after_others_waited_long_work_rests_for_as_long_as_its_part_took(tmp_path: Path) -> None:
    file = tmp_path / "turn"
    turns, other = Turns(file, longest_wait=20), Turns(file, longest_wait=20)
    with other.before_others(time.monotonic() + 20), turns.in_turn(steps_back=True), turns.a_part():
        time.sleep(6 * _HOLD)
    ended = time.monotonic()
    with turns.in_turn(steps_back=True):
        assert time.monotonic() - ended >= 5 * _HOLD


@pytest.mark.parametrize("rests", [True, False])
def test_urgent_long_work_lets_others_first_and_does_not_rest(tmp_path: Path, rests: bool) -> None:
    file = tmp_path / "turn"
    turns, other = Turns(file, longest_wait=20), Turns(file, longest_wait=20)
    with other.before_others(time.monotonic() + 20), turns.in_turn(steps_back=True), turns.a_part():
        time.sleep(6 * _HOLD)
    waits = threading.Event()

    def hold() -> None:
        with other.before_others(time.monotonic() + 20):
            waits.set()
            time.sleep(_HOLD)

    thread = threading.Thread(target=hold)
    thread.start()
    waits.wait()
    began = time.monotonic()
    with turns.in_turn(steps_back=True, rests=rests):
        waited = time.monotonic() - began
    thread.join()
    assert waited >= 0.8 * _HOLD
    assert (waited >= 4 * _HOLD) is rests


def test_urgent_long_work_waits_only_shortly_for_others_that_go_on_and_on(tmp_path: Path) -> None:
    file = tmp_path / "turn"
    with Turns(file, longest_wait=20).before_others(time.monotonic() + 20):
        began = time.monotonic()
        with Turns(file, longest_wait=20).in_turn(steps_back=True, rests=False):
            assert time.monotonic() - began < 0.5


def test_long_work_comes_to_its_end_while_another_waits_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.store.turns._LONGEST_STEP_BACK", 0.02)
    file, held = tmp_path / "turn", list[float]()
    with Turns(file, longest_wait=20).before_others(time.monotonic() + 20):
        _parts(Turns(file, longest_wait=20), held, steps_back=True, hold=0)
    assert len(held) == 4


def test_long_work_alone_neither_rests_nor_takes_short_parts(tmp_path: Path) -> None:
    turns, held = Turns(tmp_path / "turn", longest_wait=20), list[float]()
    began = time.monotonic()
    _parts(turns, held, steps_back=True)
    assert time.monotonic() - began < 8 * _HOLD - 0.01
    assert not turns.others_waited


def test_long_work_sees_a_thread_of_its_own_process_that_waits(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "turn", longest_wait=20)
    with turns.in_turn(steps_back=True), turns.a_part():
        thread = threading.Thread(target=lambda: turns.in_turn().__enter__())
        thread.start()
        while not turns._waiting:
            time.sleep(0.001)
    thread.join()
    assert turns.others_waited


def test_long_work_forgets_those_who_have_gone(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "turn", longest_wait=20)
    turns.others_waited = True
    with turns.in_turn(steps_back=True), turns.a_part():
        pass
    assert not turns.others_waited
