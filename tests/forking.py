"""Processes forked from one that has loaded what they need, which takes longer than most of what they do.

The standard library keeps one such process, which loads what its first user names and nothing for the others.
"""

from __future__ import annotations

import multiprocessing
from collections import defaultdict
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext

_FROM: defaultdict[str, forkserver.ForkServer] = defaultdict(forkserver.ForkServer)


def forked_from(module: str) -> ForkServerContext:
    """Return what starts processes, each forked from one that has loaded this module and no test's.

    Call it again before each start: the standard library knows only what was called for last.
    """
    server = _FROM[module]
    server.set_forkserver_preload([module])
    forkserver.connect_to_new_process = server.connect_to_new_process
    return multiprocessing.get_context("forkserver")
