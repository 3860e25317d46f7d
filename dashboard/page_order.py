"""Order of the parts of many pages that are drawn at once: the first part of all before the rest of any.

When the chair turns to the next item, every follower's browser asks for it within a second. Drawn beside each
other, all would be ready at the end. A few at once are ready one after another. For a moment
between two first parts none waits: the rest of a page does not begin then, for it would delay those to come.
Knows no page.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from dashboard.run_turns import TURNS

_LONGEST_WAIT = 15.0
"""So many seconds a part waits at most: then it is drawn beside the others."""
_MANY = 3
_PAUSE = 0.4
"""After so many first parts, the rest of a page begins once so many seconds brought no other."""
_LOOK = 0.1


class PageOrder:
    """Turns of the parts that pages draw, in the order of asking."""

    def __init__(self, *, at_once: int, longest_wait: float = _LONGEST_WAIT, pause: float = _PAUSE) -> None:
        self._at_once, self._longest_wait, self._pause = at_once, longest_wait, pause
        self._asked = deque[float](maxlen=_MANY)
        self._lock, self._drawing = threading.Lock(), 0
        self._first, self._rest = deque[threading.Event](), deque[threading.Event]()

    @contextmanager
    def first(self) -> Iterator[None]:
        """Draw what was asked for: before the rest of any other page."""
        self._wait_in(self._first)
        try:
            yield
        finally:
            self._end_turn()

    @contextmanager
    def rest(self) -> Iterator[None]:
        """Draw the rest of a page, once no first part of another waits."""
        self._wait_in(self._rest)
        try:
            yield
        finally:
            self._end_turn()

    def _wait_in(self, queue: deque[threading.Event]) -> None:
        turn = threading.Event()
        until = time.monotonic() + self._longest_wait
        with self._lock:
            queue.append(turn)
            if queue is self._first:
                self._asked.append(time.monotonic())
            self._give_turns()
        if turn.is_set():
            return
        with TURNS.given_back():  # it computes nothing: with its place the first parts of others would wait
            while (left := until - time.monotonic()) > 0:
                if turn.wait(min(left, _LOOK)):
                    return
                with self._lock:
                    self._give_turns()  # the pause may be over
        with self._lock:
            if turn in queue:  # it was not given one meanwhile
                queue.remove(turn)
                self._drawing += 1

    def _end_turn(self) -> None:
        with self._lock:
            self._drawing -= 1
            self._give_turns()

    def _give_turns(self) -> None:
        while self._drawing < self._at_once and (queue := self._first or self._rest):
            if queue is self._rest and self._more_may_come():
                return
            self._drawing += 1
            queue.popleft().set()

    def _more_may_come(self) -> bool:
        """Return whether many ask for the same item just now."""
        now = time.monotonic()
        lately = [at for at in self._asked if now - at < self._pause * _MANY]
        return len(lately) == _MANY and now - lately[-1] < self._pause


FOLLOWERS = PageOrder(at_once=2)
"""The pages of those who follow a conference, of this server."""
