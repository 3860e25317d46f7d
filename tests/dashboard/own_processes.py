"""Questions in processes of their own, each forked from one that has loaded what they load.

To load it takes nearly all of their time. They share nothing else.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from multiprocessing.connection import Connection
from types import ModuleType, SimpleNamespace

import pytest

import engine.services.links.items
import engine.services.links.register
import engine.services.links.saved_searches
import engine.services.links.sharing  # noqa: F401  the questions that pages ask most
from dashboard.own_process_answer import answer
from tests.forking import forked_from


class ForkedProcess:
    """Is started as ``subprocess.Popen`` is for a question, and ended as that is."""

    def __init__(
        self, command: Sequence[str], *, pass_fds: Sequence[int], env: Mapping[str, str], stdin: int
    ) -> None:
        (descriptor,) = pass_fds
        with ExitStack() as stack:
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            patch.setitem(sys.modules, "__main__", ModuleType("__main__"))  # a page, which it would load
            ours = [stack.enter_context(Connection(os.dup(each))) for each in (descriptor, 1, 2)]
            self._process = forked_from(__name__).Process(target=_answer, args=(*ours, dict(env)))
            self._process.start()

    def __enter__(self) -> ForkedProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.join()

    def kill(self) -> None:
        """End it."""
        self._process.kill()


FORKED = SimpleNamespace(Popen=ForkedProcess, DEVNULL=subprocess.DEVNULL)
"""In place of ``subprocess`` where a question is asked."""


def _answer(pipe: Connection, out: Connection, wrong: Connection, environ: dict[str, str]) -> None:
    os.dup2(out.fileno(), 1)
    os.dup2(wrong.fileno(), 2)
    os.environ.clear()
    os.environ.update(environ)
    answer(os.dup(pipe.fileno()))
