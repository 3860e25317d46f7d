"""Python's collector at rest while many answers are read: it would go through all of them again and again."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_resting: list[bool] = []
"""One entry for each that wants it at rest, from any thread; the first holds whether it was on before."""


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Switch the collector off for a moment; what is let go of without cycles is freed all the same."""
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


def _take_for_old() -> None:
    """Count what was made meanwhile among the old, unlooked at; its turn comes with theirs."""
    if gc.get_freeze_count() == 0:
        gc.freeze()
        gc.unfreeze()
