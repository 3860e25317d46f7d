"""Where nothing is compiled yet, one process of a run compiles what all of them load.

All begin at once and load the same in the same order: each would compile nearly all of it. It is a plugin, so
they wait before the tests' own configuration is loaded, which loads most.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

_COMPILED = Path(__file__).parent / "engine" / "__pycache__"
"""Where each of these processes, and no other of the run, puts tests."""
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
_COLLECTED = Path(tempfile.gettempdir(), f"stac-collected-{os.environ.get('PYTEST_XDIST_TESTRUNUID', '')}")
_MOST_SECONDS = 60
"""Until the others go on by themselves: the first takes 20 s on a core of its own."""


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Wait until the first worker of this run has collected its tests, where none has been compiled."""
    if _WORKER in ("", "gw0") or any(_COMPILED.glob("test_*")) or sys.dont_write_bytecode:
        return
    until = time.monotonic() + _MOST_SECONDS
    while not _COLLECTED.exists() and time.monotonic() < until:
        time.sleep(0.1)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Let the others go on, if this is the first."""
    try:
        return (yield)
    finally:
        if _WORKER == "gw0":
            _COLLECTED.touch()


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    if _WORKER == "gw0":
        _COLLECTED.unlink(missing_ok=True)
