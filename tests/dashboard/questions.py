"""Questions that tests ask in processes of their own, which load no more than a question of a page does."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from engine.domain.errors import NotFoundError
from engine.services.context import Context
from engine.services.links.snapshots import LinkSnapshots


def number(
    context: Context, *, snapshots: LinkSnapshots, times: int, progress: Callable[[int, int], object]
) -> tuple[int, str, bool]:
    """Count, and return the number of the process, the user, and whether it loaded Streamlit."""
    for each in range(times):
        progress(each + 1, times)
    return os.getpid(), context.acting.user, "streamlit" in sys.modules


def number_first(
    context: Context, *, snapshots: LinkSnapshots, progress: Callable[[int, int], object]
) -> None:
    """Give the number of the process, and never answer."""
    progress(0, os.getpid())
    while True:
        pass


def fails(context: Context, *, snapshots: LinkSnapshots) -> None:
    """Fail with a name in the text."""
    raise KeyError("Amira Kent")


def answers_what_cannot_be_sent(context: Context, *, snapshots: LinkSnapshots) -> object:
    """Answer with what no process can send to another."""
    return lambda: "Amira Kent"


def fails_with_what_cannot_be_sent(context: Context, *, snapshots: LinkSnapshots) -> object:
    """Fail with an error that no process can send to another."""
    error = NotFoundError("case", "Amira Kent")
    error.__dict__["again"] = lambda: "Amira Kent"
    raise error


def killed(context: Context, *, snapshots: LinkSnapshots) -> None:
    """End the process before it answers."""
    os.kill(os.getpid(), 9)
