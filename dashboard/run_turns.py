"""Turns of runs: one process computes few pages at the same time, first come first served.

Python computes one at a time anyway. Twenty at once share it: each takes twenty times as long, needs its
memory for as long, and holds SQLite's only write lock for as long.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from streamlit.runtime.scriptrunner import exec_code, script_runner

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")
AT_ONCE = 3
LONGEST_SECONDS = 2.0
"""A run that takes longer no longer counts: it may wait for something, and no other waits for it."""


class RunTurns:
    """Places for runs. Each waits for those before it, for none of them longer than ``longest`` seconds."""

    def __init__(
        self, at_once: int, *, longest: float = LONGEST_SECONDS, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._at_once, self._longest, self._now = at_once, longest, now
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._since: dict[int, float] = {}
        """By thread, since when a run has a place."""

    @contextmanager
    def in_turn(self) -> Iterator[None]:
        """Wait for a place, and have it for the block."""
        self._take()
        try:
            yield
        finally:
            self._give_back()

    @contextmanager
    def given_back(self) -> Iterator[None]:
        """Give this thread's place, if it has one, to others while the block waits for something else."""
        if not self._give_back():
            yield
            return
        try:
            yield
        finally:
            self._take()

    def _take(self) -> None:
        mine = threading.Event()
        with self._guard:
            self._waiting.append(mine)
        while True:
            with self._guard:
                mine.clear()
                is_next = self._waiting[0] is mine
                wait = self._free_in() if is_next else None
                if wait is not None and wait <= 0:
                    self._waiting.popleft()
                    self._since[threading.get_ident()] = self._now()
                    self._wake_next()
                    return
            mine.wait(wait)

    def _give_back(self) -> bool:
        with self._guard:
            had = self._since.pop(threading.get_ident(), None) is not None
            self._wake_next()
        return had

    def _wake_next(self) -> None:
        if self._waiting:
            self._waiting[0].set()

    def _free_in(self) -> float:
        """Return in how many seconds there is a place at the latest."""
        ends = sorted(since + self._longest - self._now() for since in self._since.values())
        counted = [each for each in ends if each > 0]
        return counted[-self._at_once] if len(counted) >= self._at_once else 0.0


TURNS = RunTurns(AT_ONCE)


def run_in_turn() -> None:
    """Have every run of a page, or of a part of it, wait for its turn. Before the first page of a process."""
    run = exec_code.exec_func_with_error_handling
    if not hasattr(script_runner.exec_func_with_error_handling, "__wrapped__"):  # type: ignore[attr-defined]
        script_runner.exec_func_with_error_handling = _in_turn(run)  # type: ignore[attr-defined]


def _in_turn(run: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    @wraps(run)
    def run_in_turn(*given: _Given.args, **named: _Given.kwargs) -> _Result:
        with TURNS.in_turn():
            return run(*given, **named)

    return run_in_turn
