"""Turns of writers on SQLite, which has one writer at a time; the others sleep and try again.

Threads of one process are served in the order in which they came. Among processes, one that waits holds a
file until it has the database: one that writes many times in a row cannot come in again before those that
wait.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock

_LOOK_SECONDS = 0.004


class Turns:
    """The queue before one database. ``file`` is where its processes meet; None where there is but one."""

    def __init__(self, file: Path | None, *, longest_wait: float) -> None:
        self._file, self._longest_wait = file, longest_wait
        self._guard = Lock()
        self._waiting: deque[Event] = deque()
        self._is_taken = False

    @contextmanager
    def in_turn(self) -> Iterator[bool]:
        """Wait for a turn among the threads of this process; whether it came within the longest wait."""
        came = self._take()
        try:
            yield came
        finally:
            if came:
                self._hand_on()

    @contextmanager
    def before_others(self) -> Iterator[None]:
        """Make other processes wait until the database itself is held. Nothing is refused by this.

        Where the file cannot be opened or held, the database says why it cannot be written to.
        """
        try:
            handle = None if self._file is None else os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError:
            handle = None
        if handle is None:
            yield
            return
        try:
            self._hold(handle)
            yield
        finally:
            os.close(handle)  # and with it goes the hold

    def _hold(self, handle: int) -> None:
        until = time.monotonic() + self._longest_wait
        while time.monotonic() < until:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(_LOOK_SECONDS)
            else:
                return

    def _take(self) -> bool:
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = Event()
            self._waiting.append(mine)
        if mine.wait(self._longest_wait):
            return True
        with self._guard:
            if mine.is_set():  # it was handed on at the last moment
                return True
            self._waiting.remove(mine)
            return False

    def _hand_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_taken = False
