"""Importing a file of 10,000 referrals, from the file to the last commit, in processor time.

Beside it, in the same run: reading the file alone, and putting the very rows that the import left into an
empty record with plain statements, in one transaction, with nothing read, checked, matched or sealed.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import shutil
import tempfile
import time
from collections import deque
from collections.abc import Callable
from datetime import date, timedelta
from itertools import count, islice
from pathlib import Path

from sqlalchemy import Table, create_engine, insert, select

import engine.store.tables
from benchmarks.measured import Measured, in_turns, median
from cli.demonstration.files import write_referral_file
from engine.clock import SystemClock
from engine.exchange.referral_files import read_referrals
from engine.runtime import initialise
from engine.services.accounts import users
from engine.services.referrals.files import read_and_import
from engine.services.system import invented_city
from engine.store.tables.base import METADATA

ROWS = int(os.environ.get("STAC_BENCH_ROWS", "10000"))
TIMES = 3
SEED = 7
MS_A_ROW = 2.0


def measure() -> list[Measured]:
    """Each time into a record of its own."""
    with tempfile.TemporaryDirectory(prefix="stac-bench-") as place:
        folder = Path(place)
        file = folder / "referrals.csv"
        today = write_file(file, ROWS)
        _import(folder, file)()
        rows = _rows_of(folder / "home-0" / "stac.db")
        times = in_turns(
            {
                "import": _import(folder, file),
                "reading": lambda: deque(read_referrals(file, today=today), maxlen=0),  # lets go of each row
                "inserts": _plain_inserts(folder, rows),
            },
            times=TIMES,
            warm=0,
            clock=time.process_time,
        )
    whole, reading, inserts = (median(times[name]) for name in ("import", "reading", "inserts"))
    return [
        Measured(
            name=f"import of {ROWS:,} rows, processor time",
            figure=whole,
            unit="s",
            target=MS_A_ROW * ROWS / 1000,
            yardstick=inserts,
            against="plain inserts of the same rows into every table",
        ),
        Measured(
            name="the same",
            figure=whole,
            unit="s",
            target=MS_A_ROW * ROWS / 1000,
            yardstick=reading,
            against="reading the same file",
        ),
    ]


_HOMES = count()
Rows = list[tuple[Table, list[dict[str, object]]]]


def _rows_of(file: Path) -> Rows:
    """Every row of that record, the tables that others point to first."""
    for module in pkgutil.walk_packages(engine.store.tables.__path__, "engine.store.tables."):
        importlib.import_module(module.name)
    record = create_engine(f"sqlite:///{file}")
    with record.connect() as there:
        found = [
            (table, [dict(row) for row in there.execute(select(table)).mappings()])
            for table in METADATA.sorted_tables
        ]
    record.dispose()
    return [(table, rows) for table, rows in found if rows]


def _plain_inserts(folder: Path, rows: Rows) -> Callable[[], None]:
    empty = folder / "empty.db"
    record = create_engine(f"sqlite:///{empty}")
    METADATA.create_all(record)
    record.dispose()
    numbers = count()

    def once() -> None:
        file = Path(shutil.copy(empty, folder / f"plain-{next(numbers)}.db"))
        record = create_engine(f"sqlite:///{file}")
        with record.begin() as there:
            for table, of_it in rows:
                there.execute(insert(table), of_it)
        record.dispose()

    return once


def write_file(file: Path, rows: int, *, numbered: str = "B") -> date:
    """So many invented referrals as a spreadsheet; the day after the last of them."""
    today = SystemClock().today()
    episodes = invented_city.invented_episodes(SEED, count=rows, until=today - timedelta(days=1), years=2.0)
    write_referral_file(
        file,
        [
            invented_city.referral_of(episode, seed=SEED, source="bench").model_copy(
                update={"source_reference": f"{numbered}-{number}"}
            )
            for number, episode in enumerate(islice(episodes, rows))
        ],
    )
    return today


def _import(folder: Path, file: Path) -> Callable[[], None]:
    homes = _HOMES

    def once() -> None:
        home = folder / f"home-{next(homes)}"
        with initialise({**os.environ, "STAC_HOME": str(home)}) as runtime:
            first = users.add_first_user(uow=runtime.uow, clock=runtime.clock, name="demo")
            assert first is not None
            report = read_and_import(runtime.context(first.acting()), path=file)
            assert (report.accepted, report.rejected) == (ROWS, ()), report.rejected[:3]

    return once
