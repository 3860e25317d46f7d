"""A process that drains a home's outbox, and with a step kills itself, without a last word, before or after
that transaction's end. It prints each flow that it ran, or with a step how many transactions there were.

It is forked from one that has loaded Prefect, which takes longer than most drains. They share nothing else.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

from engine.clock import SetClock
from engine.runtime import open_runtime
from engine.store.unit_of_work import UnitOfWork, Work
from flows.runner import Ran, drain
from tests.flows.given import lend, use_toys
from tests.forking import forked_from


class Mortal(UnitOfWork):
    """Counts transactions, and kills the process at the end of one."""

    def __init__(self, whole: UnitOfWork, *, step: int, where: str) -> None:
        self.__dict__.update(whole.__dict__)  # all that it does: what it derives and whom it tells too
        self._step, self._where = step, where
        self._lock, self.begun = threading.Lock(), 0

    @contextmanager
    def _counted(self, transaction: AbstractContextManager[Work]) -> Iterator[Work]:
        with self._lock:
            self.begun += 1
            is_last = self.begun == self._step
        try:
            with transaction as work:
                try:
                    yield work
                finally:
                    self._die_if(is_last and self._where == "before")
        finally:
            self._die_if(is_last and self._where == "after")

    def _die_if(self, now: bool) -> None:
        if now:
            os.kill(os.getpid(), signal.SIGKILL)

    def writing(self, **given: Any) -> AbstractContextManager[Work]:  # type: ignore[override]
        return self._counted(super().writing(**given))

    def reading(self, **given: Any) -> AbstractContextManager[Work]:  # type: ignore[override]
        return self._counted(super().reading(**given))

    def unrecorded(self, **given: Any) -> AbstractContextManager[Work]:  # type: ignore[override]
        return self._counted(super().unrecorded(**given))


def load() -> None:
    """Load what each is forked from, for which the first would wait."""
    first = _forking().Process(target=int)
    first.start()
    first.join()


def _forking() -> ForkServerContext:
    return forked_from("tests.flows.loaded")


@dataclass(frozen=True)
class Ended:
    """A process that ended: how, and what it printed on both ways out."""

    code: int | None
    said: str

    @property
    def lines(self) -> list[Any]:
        """What it printed, line by line."""
        return [json.loads(line) for line in self.said.splitlines()]


class Draining:
    """A process that drains this home at this moment, by the Prefect server at ``url``."""

    def __init__(self, home: Path, at: datetime, url: str, *, step: int = 0, where: str = "") -> None:
        descriptor, self._said = tempfile.mkstemp(prefix="stac-test-drain-")
        os.close(descriptor)
        given = (home, at, url, step, where)
        self._process = _forking().Process(target=_drain_saying, args=(self._said, *given))
        self._process.start()

    def ended(self) -> Ended:
        """Wait until it has."""
        return self.killed(120)

    def killed(self, after: float) -> Ended:
        """Kill it after so many seconds, unless it has ended by then."""
        self._process.join(timeout=after)
        self._process.kill()
        self._process.join()
        code = self._process.exitcode
        said = Path(self._said)
        try:
            return Ended(code, said.read_text())
        finally:
            said.unlink()


def _drain_saying(said: str, *given: Any) -> None:
    with Path(said).open("w") as out:
        os.dup2(out.fileno(), sys.stdout.fileno())
        os.dup2(out.fileno(), sys.stderr.fileno())
    _drain(*given)


def _drain(home: Path, at: datetime, url: str, step: int, where: str) -> None:
    lend(home, url)
    with open_runtime({"STAC_HOME": str(home)}, clock=SetClock(at)) as runtime:
        use_toys(runtime, "raises")
        uow = Mortal(runtime.uow, step=step, where=where)
        runtime.uow = uow

        def tell(ran: Ran) -> None:
            print(json.dumps(asdict(ran)), flush=True)

        drain(runtime, progress=None if where else tell)
        if where:
            print(json.dumps({"transactions": uow.begun}), flush=True)
