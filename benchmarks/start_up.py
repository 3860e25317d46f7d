"""How long a command takes to start, warm, beside an interpreter that does nothing or loads sqlmodel.

The list is a page of fifty referrals of a demonstration with their alarms, answers, plans and outcomes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measured import Measured, in_turns, median
from benchmarks.scaled_record import scaled_record

TIMES = 15
REFERRALS = 120
HELP_TARGET = 0.3
LIST_TARGET = 1.0


def measure() -> list[Measured]:
    """``stac --help`` and ``stac case list`` in the home of a small demonstration."""
    stac = str(Path(sys.executable).parent / "stac")
    with tempfile.TemporaryDirectory(prefix="stac-bench-") as home:
        environ = {**os.environ, "STAC_HOME": home, "STAC_USER": "demo", "STAC_DEVELOPMENT_SIGN_IN": "1"}

        def run(*command: str) -> None:
            subprocess.run(command, env=environ, check=True, capture_output=True)

        with scaled_record(Path(home), referrals=REFERRALS, seed_referrals=REFERRALS):
            pass  # closed again: each command opens it for itself
        times = in_turns(
            {
                "help": lambda: run(stac, "--help"),
                "list": lambda: run(stac, "case", "list", "--json"),
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
            name=f"stac case list, a page of 50 of {REFERRALS} referrals",
            figure=middle["list"],
            unit="s",
            target=LIST_TARGET,
            yardstick=middle["sqlmodel"],
            against="python -c 'import sqlmodel'",
        ),
    ]
