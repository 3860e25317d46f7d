"""How long a command takes to start, warm; beside an interpreter that does nothing, or loads sqlmodel."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measured import Measured, in_turns, median

TIMES = 15
HELP_TARGET = 0.3
LIST_TARGET = 1.0


def measure() -> list[Measured]:
    """``stac --help`` and ``stac list`` in an initialised home."""
    stac = str(Path(sys.executable).parent / "stac")
    with tempfile.TemporaryDirectory(prefix="stac-bench-") as home:
        environ = {**os.environ, "STAC_HOME": home, "STAC_USER": "demo"}

        def run(*command: str) -> None:
            subprocess.run(command, env=environ, check=True, capture_output=True)

        run(stac, "init")
        times = in_turns(
            {
                "help": lambda: run(stac, "--help"),
                "list": lambda: run(stac, "list", "--json"),
                "nothing": lambda: run(sys.executable, "-c", "pass"),
                "sqlmodel": lambda: run(sys.executable, "-c", "import sqlmodel"),
            },
            times=TIMES,
            warm=2,
        )
    middle = {name: median(taken) for name, taken in times.items()}
    return [
        Measured(
            name="stac --help",
            figure=middle["help"],
            unit="s",
            target=HELP_TARGET,
            yardstick=middle["nothing"],
            against="python -c pass",
        ),
        Measured(
            name="stac list",
            figure=middle["list"],
            unit="s",
            target=LIST_TARGET,
            yardstick=middle["sqlmodel"],
            against="python -c 'import sqlmodel'",
        ),
    ]
