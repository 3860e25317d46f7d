"""One warm process from which all agencies' children of a process that tests are forked.

Nearly each test has agencies of its own, and to start a warm process takes longer than most of what they ask.
"""

from __future__ import annotations

import atexit
import threading

from engine.hooks.forking import ForkingLauncher, _Warm
from engine.hooks.launching import Launch

_THERE: dict[tuple[str, str, str], _Warm] = {}
_LOCK = threading.Lock()


class SharedLauncher(ForkingLauncher):
    """Forks from a process that others fork from too, and leaves it to them when it is closed."""

    def close(self) -> None:
        """Fork no more."""
        with self._lock:
            self._closed = True
            self._warm = None

    def kill(self) -> None:
        """Leave it to the others."""

    def _ready(self, launch: Launch) -> _Warm | None:
        environment = launch.clean_environment()
        which = (launch.python, environment["PATH"], environment["LANG"])
        with _LOCK:
            self._warm = _THERE.get(which)
            there = super()._ready(launch)
            if there is not None:
                _THERE[which] = there
            return there

    def _end(self) -> None:
        with _LOCK:
            for which in [which for which, warm in _THERE.items() if warm is self._warm]:
                del _THERE[which]
            super()._end()


@atexit.register
def _end_all() -> None:
    for warm in _THERE.values():
        if warm.is_ours:
            warm.end()
