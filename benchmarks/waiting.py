"""How long a reader waits while a file is taken in beside them, in units of the same read alone."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.importing import write_file
from benchmarks.measured import Measured, median, seconds
from engine.runtime import initialise
from engine.services.accounts import users
from engine.services.cases.views import view_case
from engine.services.referrals.files import read_and_import

ROWS = 50_000
BEFORE = 100
"""So many cases are there before, of which one is read each time."""
ALONE = 100
TARGET_SECONDS = 1.0
_BETWEEN_SECONDS = 0.02


def measure(rows: int = ROWS) -> list[Measured]:
    """The command takes the file in as a process of its own; this one reads case pages until it is done."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stac-bench-")))
        environ = {**os.environ, "STAC_HOME": str(folder / "home")}
        runtime = stack.enter_context(initialise(environ))
        first = users.add_first_user(uow=runtime.uow, clock=runtime.clock, name="demo")
        assert first is not None
        common: dict[str, Any] = {"context": runtime.context(first.acting())}
        write_file(folder / "before.csv", BEFORE, numbered="A")
        write_file(folder / "many.csv", rows)
        taken = read_and_import(**common, path=folder / "before.csv")
        references = cycle(taken.referrals)

        def read() -> object:
            return view_case(**common, reference=next(references))

        alone = _times(read, lambda: ALONE)
        with subprocess.Popen(
            [
                sys.executable,
                "-m",
                "cli.main",
                "referral",
                "import",
                str(folder / "many.csv"),
                "--as",
                "demo",
                "--json",
            ],
            env=environ,
            stdout=subprocess.DEVNULL,
        ) as importing:
            beside = _times(read, lambda: None if importing.poll() is None else 0)
        assert importing.returncode == 0
    return [
        Measured(
            name=f"{what} of a reader while {rows:,} rows are taken in",
            figure=figure,
            unit="s",
            target=TARGET_SECONDS,
            yardstick=median(alone),
            against="the same read alone (median)",
        )
        for what, figure in (("longest wait", max(beside)), ("median", median(beside)))
    ]


def _times(read: Callable[[], object], most: Callable[[], int | None]) -> list[float]:
    """How long each read takes, until there are so many; None goes on."""
    taken = [seconds(read)]
    while (enough := most()) is None or len(taken) < enough:
        taken.append(seconds(read))
        time.sleep(_BETWEEN_SECONDS)
    return taken
