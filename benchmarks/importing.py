"""Taking in a file of 10,000 referrals, from the file to the last commit, beside reading it alone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from itertools import count, islice
from pathlib import Path

from benchmarks.measured import Measured, in_turns, median
from cli.demonstration.files import write_referral_file
from engine.clock import SystemClock
from engine.exchange.referral_files import read_referrals
from engine.runtime import initialise
from engine.services import invention, users
from engine.services.referral_files import read_and_import

ROWS = 10_000
TIMES = 3
SEED = 7
TARGET_SECONDS = 60.0


def measure() -> list[Measured]:
    """Each time into a record of its own."""
    with tempfile.TemporaryDirectory(prefix="stac-bench-") as folder:
        file = Path(folder) / "referrals.csv"
        today = _write(file)
        times = in_turns(
            {
                "import": _import(Path(folder), file),
                "reading": lambda: list(read_referrals(file, today=today)),
            },
            times=TIMES,
            warm=0,
        )
    return [
        Measured(
            name=f"import of {ROWS:,} rows",
            figure=median(times["import"]),
            unit="s",
            target=TARGET_SECONDS,
            yardstick=median(times["reading"]),
            against="reading the same file",
        )
    ]


def _write(file: Path) -> date:
    """So many invented referrals as a spreadsheet; the day after the last of them."""
    today = SystemClock().today()
    episodes = invention.invented_episodes(SEED, count=ROWS, until=today - timedelta(days=1), years=2.0)
    write_referral_file(
        file,
        [
            invention.referral_of(episode, seed=SEED, source="bench").model_copy(
                update={"source_reference": f"B-{number}"}
            )
            for number, episode in enumerate(islice(episodes, ROWS))
        ],
    )
    return today


def _import(folder: Path, file: Path) -> Callable[[], None]:
    homes = count()

    def once() -> None:
        home = folder / f"home-{next(homes)}"
        with initialise({**os.environ, "STAC_HOME": str(home)}) as runtime:
            first = users.add_first_user(uow=runtime.uow, clock=runtime.clock, name="demo")
            assert first is not None
            report = read_and_import(
                uow=runtime.uow,
                clock=runtime.clock,
                settings=runtime.settings,
                key=runtime.key,
                acting=first.acting(),
                path=file,
            )
            assert (report.accepted, report.rejected) == (ROWS, ()), report.rejected[:3]

    return once
