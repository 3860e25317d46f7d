"""Python's collector at rest, or less eager, while much is made: it would go through it again and again."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_resting: list[bool] = []
"""One entry for each that wants it at rest, from any thread; the first holds whether it was on before."""

_less_eager: list[tuple[int, int, int]] = []
"""The same of those that want it less eager: what it was before."""
_MADE_BEFORE_A_LOOK = 50_000
_frozen: list[int] = []
"""The number of frozen objects, counted once for each process: counting goes through all of them."""


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Switch the collector off while the last of these is open; what has no cycles is freed all the same."""
    with _lock:
        _resting.append(gc.isenabled() if not _resting else _resting[0])
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            if _resting.pop() and not _resting:
                _take_for_old()
                gc.enable()


@contextmanager
def collector_less_eager() -> Iterator[None]:
    """Run the collector less often: for long work that leaves cycles, which are still freed."""
    with _lock:
        _less_eager.append(gc.get_threshold() if not _less_eager else _less_eager[0])
        gc.set_threshold(_MADE_BEFORE_A_LOOK, *_less_eager[0][1:])
    try:
        yield
    finally:
        with _lock:
            before = _less_eager.pop()
            if not _less_eager:
                gc.set_threshold(*before)


def _take_for_old() -> None:
    """Count what was made meanwhile among the old, unlooked at; its turn comes with theirs."""
    if _frozen:
        return
    if number := gc.get_freeze_count():
        _frozen.append(number)
    else:
        gc.freeze()
        gc.unfreeze()
