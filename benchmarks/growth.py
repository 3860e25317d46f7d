"""Growth of pages and lists with the record: their processor time at several sizes, and its exponent.

Each size is measured in a process of its own, with its memory at most. The exponent is the slope of a
straight line through the logarithms of size and time: 1 grows as the record does, 0 does not grow.
``STAC_BENCH_SIZES`` makes them other sizes (comma-separated numbers of referrals, at least three);
``STAC_BENCH_PICTURE`` names an SVG file for the picture.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.case_page import page_works
from benchmarks.measured import Measured, median
from benchmarks.scaled_record import opened_record, scale_copy, seed_record

SIZES = tuple(int(size) for size in os.environ.get("STAC_BENCH_SIZES", "10000,30000,100000").split(","))
PICTURE = os.environ.get("STAC_BENCH_PICTURE")
TIMES = 3
WHOLE_RECORD, ONE_CASE = 1.0, 0.1
"""The exponents to reach: a tenth is what a machine with other work adds by chance."""
ABOUT_ONE_CASE = ("a full case, read", "a full case, drawn", "one audit entry with its commit")
AGAINST = "growth as the record grows"


class AtSize(NamedTuple):
    """Medians of processor seconds by what was done, and the memory of the process at most."""

    seconds: dict[str, float]
    megabytes: float


def measure() -> list[Measured]:
    """Exponents, beside 1."""
    sizes = {referrals: _in_own_process(referrals) for referrals in SIZES}
    if PICTURE is not None:
        draw(sizes, Path(PICTURE))
    names = next(iter(sizes.values())).seconds
    grown = {name: exponent(list(sizes), [each.seconds[name] for each in sizes.values()]) for name in names}
    grown["memory at most"] = exponent(list(sizes), [each.megabytes for each in sizes.values()])
    largest = sizes[max(sizes)]
    return [
        Measured(
            name=f"{name}, {_largest(name, largest)} at {max(sizes):,}",
            figure=figure,
            unit="exponent",
            target=ONE_CASE if name in ABOUT_ONE_CASE else WHOLE_RECORD,
            yardstick=1.0,
            against=AGAINST,
        )
        for name, figure in grown.items()
    ]


def exponent(sizes: Sequence[int], figures: Sequence[float]) -> float:
    """Return the slope of the line of least squares through the logarithms of both."""
    slope, _ = np.polyfit(np.log(sizes), np.log(figures), 1)
    return float(slope)


def draw(sizes: Mapping[int, AtSize], file: Path) -> None:
    """Draw each figure over the size, both as logarithms, as SVG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 6), layout="constrained")
    axes = figure.subplots()
    for name in next(iter(sizes.values())).seconds:
        times = [1_000 * each.seconds[name] for each in sizes.values()]
        axes.plot(list(sizes), times, marker="o", label=f"{name}: {exponent(list(sizes), times):.2f}")
    axes.set(xscale="log", yscale="log", xlabel="referrals in the record", ylabel="processor time, ms")
    axes.set_title("Growth with the record, and the exponent of each")
    axes.grid(which="both", alpha=0.3)
    figure.legend(loc="outside lower center", ncols=2, fontsize="small")
    figure.savefig(file, format="svg", metadata={"Date": None})


def _largest(name: str, largest: AtSize) -> str:
    if name not in largest.seconds:
        return f"{largest.megabytes:,.0f} MB"
    return f"{1_000 * largest.seconds[name]:,.0f} ms"


def _in_own_process(referrals: int) -> AtSize:
    seed = seed_record()
    with tempfile.TemporaryDirectory(prefix="stac-growth-") as folder:
        home = Path(folder) / "home"
        shutil.copytree(seed, home)
        scale_copy(home, referrals=referrals)
        with get_context("spawn").Pool(1) as own:
            return own.apply(_at_size, (home,))


def _at_size(home: Path) -> AtSize:
    with opened_record(home) as runtime:
        taken = {name: _median(work) for name, work in page_works(runtime)}
    return AtSize(taken, _most_megabytes())


def _most_megabytes() -> float:
    """Return the memory of this process at most; ``ru_maxrss`` would count that of who started it."""
    (line,) = (each for each in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in each)
    return int(line.split()[1]) / 1_024


def _median(work: Callable[[], object]) -> float:
    work()
    return median([_processor_seconds(work) for _ in range(TIMES)])


def _processor_seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
