"""Trying faults: a pytest plugin that collects once, and runs the tests of each fault in a forked process."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
import os
import random
import resource
import signal
import sys
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mutants_faults import Fault

NOTICED, UNNOTICED, STOPPED = "noticed", "unnoticed", "stopped"
WITHOUT = "no fault"
BUDGET = 15.0
"""Seconds of tests for each fault: the nearest first, then the shortest. A fault that only a test further
away would notice counts as unnoticed."""
CONTROL_EVERY = 25
"""After so many faults one trial has none: when its tests fail all the same, they fail by chance."""
PARTS = 24
"""The tests without a fault run in so many parts: what is done is not done again."""
PROCESSOR_SECONDS, WALL_SECONDS = 90, 900
"""A fault can make a loop endless. Processor time, because other work on the machine does not use it up."""


class Trials:
    """What is tried and what came of it, in files of a folder, so that another run continues."""

    def __init__(
        self, folder: Path, faults: list[Fault], *, modules: list[str], seed: int, workers: int
    ) -> None:
        self.folder, self.faults, self.modules = folder, faults, modules
        self.seed, self.workers = seed, workers
        self.show: Callable[[str], None] = print
        self.was_run = False
        self._failed: str | None = None
        self._why: str | None = None
        self._trying = WITHOUT

    def pytest_configure(self) -> None:
        """Take the same examples for each fault, and no time limit: a slow machine is not a noticed fault."""
        from hypothesis import HealthCheck, settings

        settings.register_profile(
            "mutants",
            derandomize=True,
            database=None,
            deadline=None,
            max_examples=40,
            suppress_health_check=[HealthCheck.too_slow],
        )
        settings.load_profile("mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run this in place of pytest's own loop over what was collected."""
        items = {item.nodeid: item for item in session.items}
        session.config._tmp_path_factory.getbasetemp()  # it empties the folder: before anything is forked
        desk = next((item for item in session.items if "desk" in getattr(item, "fixturenames", ())), None)
        if desk:  # makes the home that the others copy, before anything is forked
            self._run(session, [desk])
        gc.collect()
        gc.freeze()
        began = time.monotonic()
        try:
            self._survey(session, items)
            self._try_all(session, items)
            self.was_run = True
        finally:
            with (self.folder / "seconds").open("a") as seconds:
                seconds.write(f"{time.monotonic() - began:.0f}\n")
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember the first test that failed."""
        if report.failed and self._failed is None:
            self._failed = report.nodeid
            self._why = report.longreprtext.strip().rpartition("\n")[2][:300]
            with (self.folder / "failures.log").open("a") as log:
                log.write(f"{report.nodeid} ({report.when}, {self._trying})\n{report.longreprtext}\n\n")

    def results(self) -> dict[str, dict[str, Any]]:
        """What came of each fault that was tried, by its name."""
        return {line["fault"]: line for line in self._lines() if line["fault"] != WITHOUT}

    def controls(self) -> int:
        """How many trials had no fault."""
        return sum(line["fault"] == WITHOUT for line in self._lines())

    def false_alarms(self) -> int:
        """How many of those failed all the same."""
        return sum(line["fault"] == WITHOUT and line["result"] != UNNOTICED for line in self._lines())

    def seconds(self) -> float:
        """How long it took, over all runs in this folder."""
        return sum(float(line) for line in _read(self.folder / "seconds"))

    def _lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in _read(self.folder / "results.jsonl")]

    def _survey(self, session: pytest.Session, items: dict[str, pytest.Item]) -> None:
        """Find out, without a fault, how long each test takes and which lines it runs."""
        files = sorted({_file(nodeid) for nodeid in items})
        running: set[int] = set()
        for n in range(PARTS):
            part = {file for file in files if zlib.crc32(file.encode()) % PARTS == n}
            found = self.folder / f"survey-{n}.json"
            own = [item for nodeid, item in items.items() if _file(nodeid) in part]
            digest = _digest(part)
            if found.exists() and json.loads(found.read_text())["digest"] == digest:
                continue
            if len(running) >= self.workers:
                self._wait_for_survey(running)
            self.show(f"running {len(own):,} tests without a fault ({n + 1} of {PARTS})")
            if not (child := os.fork()):
                self._end_after(self._survey_part, session, own, found, digest)
            running.add(child)
        while running:
            self._wait_for_survey(running)

    def _wait_for_survey(self, running: set[int]) -> None:
        child, status = os.wait()
        running.discard(child)
        if status:
            raise pytest.UsageError("the tests could not be run without a fault")

    def _survey_part(
        self, session: pytest.Session, items: list[pytest.Item], found: Path, digest: str
    ) -> None:
        from coverage import Coverage

        files = {path: str(Path(path).resolve()) for path in self.modules}
        coverage = Coverage(data_file=None, config_file=False, include=list(files.values()))
        quiet = ["no-data-collected", "module-not-measured", "already-imported"]
        coverage.set_option("run:disable_warnings", quiet)
        seconds: dict[str, float] = {}
        failing = []
        coverage.start()
        for item, following in _pairs(items):
            self._failed = None
            coverage.switch_context(item.nodeid)
            began = time.monotonic()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            seconds[item.nodeid] = round(time.monotonic() - began, 4)
            if self._failed:
                failing.append(item.nodeid)
                self.show(f"fails without a fault, so it is not used: {item.nodeid}")
        coverage.stop()
        number = {nodeid: n for n, nodeid in enumerate(seconds)}
        lines = {
            path: {
                line: [number[nodeid] for nodeid in nodeids if nodeid]
                for line, nodeids in coverage.get_data().contexts_by_lineno(file).items()
            }
            for path, file in files.items()
        }
        partly = found.with_suffix(".part")
        partly.write_text(
            json.dumps({"digest": digest, "seconds": seconds, "failing": failing, "lines": lines})
        )
        partly.rename(found)

    def _try_all(self, session: pytest.Session, items: dict[str, pytest.Item]) -> None:
        done = self.results()
        left = [fault for fault in self.faults if fault.name not in done]
        tests_of = _Tests(self.folder, items)
        running: dict[int, tuple[str, float]] = {}
        by_chance = random.Random(self.seed)
        trials: list[tuple[str, list[pytest.Item]]] = []
        for n, fault in enumerate(left, start=1):
            trials.append((fault.name, tests_of(fault)))
            if n % CONTROL_EVERY == 0:
                trials.append((WITHOUT, tests_of(by_chance.choice(left))))
        began = shown = time.monotonic()
        ended = 0
        try:
            for name, tests in trials:
                while len(running) >= self.workers:
                    ended += self._wait(running)
                if time.monotonic() - shown > 30 and ended:
                    shown = time.monotonic()
                    minutes = (shown - began) / ended * (len(trials) - ended) / 60
                    unnoticed = sum(each["result"] == UNNOTICED for each in self.results().values())
                    self.show(f"{ended:,} of {len(trials):,}, {unnoticed} unnoticed; {minutes:.0f} min left")
                if not (child := os.fork()):
                    self._end_after(self._try, session, name, tests)
                running[child] = name, time.monotonic()
            while running:
                self._wait(running)
        finally:
            for child in running:
                os.killpg(child, signal.SIGKILL)

    def _try(self, session: pytest.Session, name: str, tests: list[pytest.Item]) -> None:
        from mutmut.mutation.trampoline import set_mutant_under_test

        limit = int(time.process_time()) + PROCESSOR_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
        began = time.monotonic()
        self._trying = name
        set_mutant_under_test(name if name != WITHOUT else "")
        failed = self._run(session, tests)
        self._write(
            fault=name,
            result=NOTICED if failed else UNNOTICED,
            by=failed,
            why=self._why if failed else None,
            tests=len(tests),
            seconds=round(time.monotonic() - began, 2),
        )

    def _run(self, session: pytest.Session, items: list[pytest.Item]) -> str | None:
        """Run these until the first fails, and name it."""
        self._failed = None
        for item, following in _pairs(items):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self._failed:
                with contextlib.suppress(BaseException):
                    session._setupstate.teardown_exact(None)
                break
        return self._failed

    def _end_after(self, work: Callable[..., None], *given: object) -> None:
        """Do this in a process that was forked, and end it without what its parent does at its end."""
        os.setsid()
        code = 1
        try:
            work(*given)
            code = 0
        finally:
            if code:
                self.show(f"a trial broke: {sys.exc_info()[1]!r}")
            os._exit(code)

    def _wait(self, running: dict[int, tuple[str, float]]) -> int:
        """Wait until one has ended, and write down what it could not write itself."""
        while True:
            for child, (name, began) in running.items():
                ended, status = os.waitpid(child, os.WNOHANG)
                if not ended and time.monotonic() - began > WALL_SECONDS:
                    os.killpg(child, signal.SIGKILL)
                    ended, status = os.waitpid(child, 0)
                if ended:
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(child, signal.SIGKILL)
                    del running[child]
                    if status:
                        seconds = round(time.monotonic() - began, 2)
                        how = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else "broke"
                        self._write(fault=name, result=STOPPED, by=how, tests=0, seconds=seconds)
                    return 1
            time.sleep(0.02)

    def _write(self, **line: object) -> None:
        with (self.folder / "results.jsonl").open("a") as results:
            results.write(json.dumps(line) + "\n")


class _Tests:
    """The tests of a fault: those that ran its statement, the nearest first, within the budget."""

    def __init__(self, folder: Path, items: dict[str, pytest.Item]) -> None:
        self.items = items
        self.seconds: dict[str, float] = {}
        self.at_line: dict[tuple[str, int], set[str]] = defaultdict(set)
        for file in sorted(folder.glob("survey-*.json")):
            survey = json.loads(file.read_text())
            names = list(survey["seconds"])
            self.seconds |= survey["seconds"]
            usable = [name if name not in survey["failing"] else None for name in names]
            for path, lines in survey["lines"].items():
                for line, numbers in lines.items():
                    self.at_line[path, int(line)] |= {usable[n] for n in numbers} - {None}

    def __call__(self, fault: Fault) -> list[pytest.Item]:
        names = set().union(*(self.at_line[fault.path, n] for n in range(fault.first, fault.last + 1)))
        chosen, seconds = [], 0.0
        for name in sorted(names, key=lambda name: (_distance(fault.path, name), self.seconds[name])):
            seconds += self.seconds[name]
            if chosen and seconds > BUDGET:
                break
            chosen.append(self.items[name])
        return chosen


def _distance(path: str, nodeid: str) -> int:
    """0 for the module's own tests, 1 for its folder's, 2 for all others."""
    test = Path(_file(nodeid)).relative_to("tests")
    module = Path(*(part for part in Path(path).parts if part != "repositories"))
    if test.parent == module.parent and test.stem.startswith(f"test_{module.stem}"):
        return 0
    return 1 if test.parent == module.parent else 2


def _digest(files: set[str]) -> str:
    """Return a digest of test files, which are surveyed again when they change."""
    return hashlib.sha256(b"".join(Path(file).read_bytes() for file in sorted(files))).hexdigest()


def forget_unnoticed(folder: Path) -> None:
    """Forget the faults that no test noticed: they are tried again with the tests as they are now."""
    results = folder / "results.jsonl"
    lines = [json.loads(line) for line in _read(results)]
    stay = [line for line in lines if line["result"] != UNNOTICED or line["fault"] == WITHOUT]
    if results.exists():
        results.write_text("".join(json.dumps(line) + "\n" for line in stay))


def _file(nodeid: str) -> str:
    return nodeid.partition("::")[0]


def _pairs(items: list[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    return zip(items, [*items[1:], None], strict=False)


def _read(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []
