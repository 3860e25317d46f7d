"""Holders of outbox rows: the name of this process, and whether the process of a name is dead. No flow here.

A runner that was killed leaves its row behind. On the machine where it ran this can be seen at once; anywhere
else the row's lease has to run out.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_PROCESSES = Path("/proc/self/ns/pid")
RENEW_SECONDS = 60.0
"""Time after which a lease is renewed while its flow runs; well within the lease."""


def this_taker() -> str:
    """Return the name under which this process takes rows."""
    return f"runner {os.getpid()} {this_machine()}"


def is_dead(taker: str) -> bool:
    """Return whether the process of that name is certain to have ended:
    it was one of this machine's and is no more.

    A name that says nothing of this machine, and a number that another process has since been given, count as
    alive.
    """
    kind, _, rest = taker.partition(" ")
    number, _, machine = rest.partition(" ")
    if kind != "runner" or not number.isdigit() or machine != this_machine():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


@contextmanager
def renewed(renew: Callable[[], None], *, every: float | None = None) -> Iterator[None]:
    """Call ``renew`` again and again on another thread while the block runs."""
    ended = threading.Event()

    def keep() -> None:
        while not ended.wait(every or RENEW_SECONDS):
            renew()

    thread = threading.Thread(target=keep, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def this_machine() -> str:
    """Return this machine, and which numbering of processes on it: containers count their own."""
    numbering = _PROCESSES.stat().st_ino if _PROCESSES.exists() else 0
    return f"{socket.gethostname()} {numbering}"
