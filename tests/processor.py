"""How much processor time each test takes, with the processes that it starts. Measured only when a run asks.

A wall clock says little on a machine that does other work. Not counted: a process that left its parent, as
PostgreSQL's server does, and what is loaded before the first test.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import pytest

OPTION = "--processor-time"
_ATTRIBUTE = "processor_seconds"
_TICKS = os.sysconf("SC_CLK_TCK")


class ProcessorTime:
    """Adds to each report what its test took since the report before."""

    def __init__(self, slowest: int) -> None:
        self._slowest = slowest
        self._before: float | None = None
        self._by_test: dict[str, float] = defaultdict(float)

    def pytest_runtest_logstart(self) -> None:
        """Begin with the first test: what was collected before it belongs to none."""
        if self._before is None:
            self._before = _used()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Measure once for each test, after its end: to look at all processes takes some milliseconds."""
        report = yield
        if call.when == "teardown":
            vars(report)[_ATTRIBUTE] = max(
                0, _used() - (self._before or 0)
            )  # a browser that ends takes its count with it
            self._before = _used()
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what was measured, here or in a worker."""
        self._by_test[report.nodeid] += getattr(report, _ATTRIBUTE, 0)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Show the sum of each folder, and the slowest tests."""
        if not self._by_test:
            return
        terminalreporter.section("processor seconds by folder")
        for folder, seconds in _by_folder(self._by_test).items():
            terminalreporter.write_line(f"{seconds:8.1f}  {folder}")
        terminalreporter.section(f"processor seconds of the slowest {self._slowest} tests")
        slowest = sorted(self._by_test.items(), key=lambda each: -each[1])[: self._slowest]
        for name, seconds in slowest:
            terminalreporter.write_line(f"{seconds:8.2f}  {name}")


def _by_folder(by_test: Mapping[str, float]) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for name, seconds in by_test.items():
        parts = Path(name.partition("::")[0]).parent.parts
        for depth in range(1, min(len(parts), 4) + 1):
            sums["/".join(parts[:depth])] += seconds
    return dict(sorted(sums.items()))


def _used() -> float:
    """Seconds of this process and of all that descend from it, those that have ended too."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                text = Path(entry.path, "stat").read_text()
            except OSError:
                continue  # it has ended meanwhile
            fields = text.rpartition(")")[2].split()
            parents[int(entry.name)] = int(fields[1])
            ticks[int(entry.name)] = sum(int(field) for field in fields[11:15])
    return sum(ticks[process] for process in _family(os.getpid(), parents)) / _TICKS


def _family(ancestor: int, parents: Mapping[int, int]) -> set[int]:
    children: dict[int, list[int]] = defaultdict(list)
    for process, parent in parents.items():
        children[parent].append(process)
    family, waiting = set[int](), [ancestor]
    while waiting:
        process = waiting.pop()
        family.add(process)
        waiting += children[process]
    return family
