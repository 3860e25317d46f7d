"""Runs another module, and ends with the process that started it, however that one ended. Knows neither.

``python -m flows.guard MODULE ARGUMENT...`` with standard input a pipe that the parent holds and never writes
to: the pipe closes when the parent is gone, even when it was killed.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

GRACE_SECONDS = 5.0


def end_with_parent() -> None:
    """End, from now on, when standard input closes: politely at first."""
    threading.Thread(target=_watch, name="guard", daemon=True).start()


def _watch() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


def main() -> None:
    """Guard this process, then become the module that is named."""
    module = sys.argv[1]
    sys.argv = sys.argv[1:]
    end_with_parent()
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
