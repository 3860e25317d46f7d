"""Few pages are computed at once, in their order; one that waits for something keeps no other waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

from dashboard import own_process, run_turns
from dashboard.run_turns import RunTurns
from engine.domain.errors import SetupError
from tests.builders import Desk

_SOON = 10.0


class _Runs:
    """Runs in threads of their own, each until it is told to end."""

    def __init__(self, turns: RunTurns) -> None:
        self._turns = turns
        self.order: list[int] = []
        self._ends = dict[int, threading.Event]()
        self._threads: list[threading.Thread] = []

    def begin(self, number: int) -> None:
        """Begin one; return when it has a place, or waits for one."""
        self._ends[number] = threading.Event()
        before = len(self.order) + len(self._turns._waiting)
        thread = threading.Thread(target=self._run, args=(number,))
        self._threads.append(thread)
        thread.start()
        _until(lambda: len(self.order) + len(self._turns._waiting) > before)

    def end(self, number: int) -> None:
        self._ends[number].set()

    def end_all(self) -> None:
        for each in self._ends.values():
            each.set()
        for thread in self._threads:
            thread.join(_SOON)
            assert not thread.is_alive()

    def _run(self, number: int) -> None:
        with self._turns.in_turn():
            self.order.append(number)
            assert self._ends[number].wait(_SOON)


def _until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + _SOON
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.001)


def test_so_many_run_at_once_and_the_others_follow_in_their_order() -> None:
    runs = _Runs(RunTurns(2, longest=_SOON))
    for number in range(5):
        runs.begin(number)
    assert runs.order == [0, 1]
    runs.end(1)
    _until(lambda: len(runs.order) == 3)
    runs.end(0)
    _until(lambda: len(runs.order) == 4)
    assert runs.order == [0, 1, 2, 3]
    runs.end_all()
    assert runs.order == [0, 1, 2, 3, 4]


def test_a_run_that_takes_long_keeps_no_other_waiting() -> None:
    runs = _Runs(RunTurns(1, longest=0.05))
    runs.begin(0)
    runs.begin(1)
    _until(lambda: runs.order == [0, 1])
    runs.end_all()


def test_a_run_that_does_not_take_long_does() -> None:
    now = 0.0
    runs = _Runs(RunTurns(1, longest=_SOON, now=lambda: now))
    runs.begin(0)
    runs.begin(1)
    time.sleep(0.05)
    assert runs.order == [0]
    runs.end_all()


def test_a_place_that_is_given_back_is_anothers_and_is_waited_for_again() -> None:
    turns = RunTurns(1, longest=_SOON)
    runs = _Runs(turns)
    with turns.in_turn():
        runs.begin(0)
        assert runs.order == []
        with turns.given_back():
            _until(lambda: runs.order == [0])
            runs.end(0)
        assert not turns._waiting
        runs.begin(1)
        assert runs.order == [0]
    runs.end_all()


def test_a_fault_gives_the_place_back() -> None:
    turns = RunTurns(1, longest=_SOON)
    with pytest.raises(ValueError, match="fault"), turns.in_turn():
        raise ValueError("fault")
    with turns.in_turn():
        assert len(turns._since) == 1
    assert not turns._since


def test_outside_a_run_nothing_is_given_back() -> None:
    turns = RunTurns(1)
    with turns.given_back():
        pass
    assert not turns._since


def _page() -> None:
    import streamlit as st

    from dashboard.run_turns import TURNS

    st.text(f"Places taken: {len(TURNS._since)}")
    st.button("Act", key="act", on_click=lambda: st.session_state.update(taken=len(TURNS._since)))
    st.text(f"In the callback: {st.session_state.get('taken')}")


def test_a_page_and_its_callback_have_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    here = "exec_func_with_error_handling"
    monkeypatch.setattr(script_runner, here, getattr(script_runner, here))  # put back after the test
    run_turns.run_in_turn()
    run_turns.run_in_turn()
    app = AppTest.from_function(_page).run()
    assert app.text[0].value == "Places taken: 1"
    app.button(key="act").click().run()
    assert app.text[1].value == "In the callback: 1"
    assert not run_turns.TURNS._since


def test_a_question_in_its_own_process_keeps_no_other_run_waiting(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another search is under way, so it waits, and is refused: meanwhile it has no place."""
    monkeypatch.setattr(own_process, "_WAITS_FOR", 0.2)
    taken: list[int] = []
    with own_process._ONE_AT_A_TIME:
        look = threading.Timer(0.05, lambda: taken.append(len(run_turns.TURNS._since)))
        with run_turns.TURNS.in_turn():
            look.start()
            with pytest.raises(SetupError, match="other work on the whole record"):
                own_process.in_own_process(len, desk.runtime, desk.coordinator)
            look.join()
            assert taken == [0]
            assert len(run_turns.TURNS._since) == 1
