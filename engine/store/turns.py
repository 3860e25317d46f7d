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

LOOK_SECONDS = 0.004
"""A writer that waits for another process tries so often to begin."""
_QUIET_LOOKS = 4
"""Long work begins its next part after no other waited so many times in a row."""
_LONGEST_STEP_BACK, _LONGEST_IF_URGENT = 1.0, 0.1
"""For so many seconds at most long work lets others write first: it comes to its end all the same."""


class Turns:
    """The queue before one database. ``file`` is where its processes meet; None where there is but one."""

    def __init__(self, file: Path | None, *, longest_wait: float) -> None:
        self._file, self._longest_wait = file, longest_wait
        self._guard = Lock()
        self._waiting: deque[Event] = deque()
        self._is_taken = False
        self._rested = 0.0
        """When long work has rested for as long as its last part held the database."""
        self.others_waited = False
        """True if others waited to write when the last part of long work ended, or after it."""

    @contextmanager
    def in_turn(self, *, steps_back: bool = False, rests: bool = True) -> Iterator[float | None]:
        """Wait for a turn among the threads of this process; None if it did not come within the longest wait.

        Else the moment, of the monotonic clock, until which what follows may wait: one wait for all of it.
        ``steps_back`` is for a part of long work: while others write it lets them go first, and rests for as
        long as its part before took, if it ``rests``: what is urgent does without.
        """
        if steps_back:
            self._let_others_first(rests=rests)
        until = time.monotonic() + self._longest_wait
        came = self._take(until)
        try:
            yield until if came else None
        finally:
            if came:
                self._hand_on()

    @contextmanager
    def before_others(self, until: float) -> Iterator[None]:
        """Make other processes wait until the database itself is held. Nothing is refused by this.

        Another process that has the file is waited for ``until`` this moment of the monotonic clock.

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
            self._hold(handle, until)
            yield
        finally:
            os.close(handle)  # and with it goes the hold

    @contextmanager
    def a_part(self) -> Iterator[None]:
        """Note for how long a part of long work holds the database, and whether others waited for it."""
        began = time.monotonic()
        try:
            yield
        finally:
            ended = time.monotonic()
            self._rested = ended + ended - began
            self.others_waited = self._others_wait()

    def _let_others_first(self, *, rests: bool) -> None:
        self.others_waited = self.others_waited or self._others_wait()
        if not self.others_waited:
            return
        until, rested = time.monotonic() + _LONGEST_IF_URGENT, 0.0
        if rests:
            until, rested = time.monotonic() + _LONGEST_STEP_BACK, self._rested
        quiet = 0
        while time.monotonic() < until and (quiet < _QUIET_LOOKS or time.monotonic() < rested):
            quiet = 0 if self._others_wait() else quiet + 1
            time.sleep(LOOK_SECONDS)

    def _others_wait(self) -> bool:
        """Return whether a thread of this process or another process waits to write now."""
        with self._guard:
            if self._waiting:
                return True
        if self._file is None:
            return False
        try:
            handle = os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        finally:
            os.close(handle)
        return False

    def _hold(self, handle: int, until: float) -> None:
        while time.monotonic() < until:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(LOOK_SECONDS)
            else:
                return

    def _take(self, until: float) -> bool:
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = Event()
            self._waiting.append(mine)
        if mine.wait(until - time.monotonic()):
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
