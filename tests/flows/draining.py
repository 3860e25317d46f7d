"""A process that drains a home's outbox: ``python -m tests.flows.draining HOME NOW URL [STEP before|after]``.

With a step it kills itself, without a last word, before or after that transaction's end. It prints each flow
that it ran, and in the end how many transactions there were.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.clock import SetClock
from engine.runtime import open_runtime
from engine.store.unit_of_work import UnitOfWork, Work
from flows.runner import Ran, drain
from tests.flows.given import lend, use_toys


class Mortal(UnitOfWork):
    """Counts transactions, and kills the process at the end of one."""

    def __init__(self, whole: UnitOfWork, *, step: int, where: str) -> None:
        super().__init__(whole._engine, whole._seals, version_key=whole._version_key)
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


def main() -> None:
    home, now, url, *rest = sys.argv[1:]
    step, where = (int(rest[0]), rest[1]) if rest else (0, "")
    lend(Path(home), url)
    runtime = open_runtime({"STAC_HOME": home}, clock=SetClock(datetime.fromisoformat(now)))
    with runtime:
        use_toys(runtime, "raises")
        uow = Mortal(runtime.uow, step=step, where=where)
        runtime.uow = uow

        def tell(ran: Ran) -> None:
            print(json.dumps(asdict(ran)), flush=True)

        drain(runtime, progress=tell if not rest else None)
        if rest:
            print(json.dumps({"transactions": uow.begun}))


if __name__ == "__main__":
    main()
