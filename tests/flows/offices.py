"""Homes of their own on one record on PostgreSQL; a test starts and ends the background service of each."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.clock import SetClock
from engine.domain.accounts.acting import Role
from engine.runtime import open_runtime
from engine.services.system import outbox
from flows import watch
from tests.builders import CHAIR, COORDINATOR, TOYS, Desk, a_home
from tests.databases import create_database, name_database
from tests.flows.given import lend
from tests.flows.installed_toys import announce, settle
from tests.forking import forked_from

SECONDS = 180.0


@dataclass
class Office:
    """A home of its own on a record that several share."""

    home: Path
    path: Sequence[str]
    """Where its plugins are."""
    started: list[int] = field(default_factory=list)
    worker: ForkServerProcess | None = None

    def start(self, *, path: Sequence[str] | None = None) -> None:
        """Start its background service, with the plugins at other places if they are given."""
        if path is not None:
            self.path = path
        environ = {**os.environ, "STAC_HOME": str(self.home)}
        (self.home / "worker.log").touch()
        self.worker = forked_from("tests.flows.loaded").Process(
            target=_watch, args=(self.home / "worker.log", self.path, environ), daemon=True
        )
        self.worker.start()
        assert self.worker.pid is not None
        self.started.append(self.worker.pid)

    def end(self, number: int) -> None:
        """End it, as asked or not."""
        assert self.worker is not None
        assert self.worker.pid is not None
        with suppress(ProcessLookupError):  # it ended by itself
            os.kill(self.worker.pid, number)
        self.worker.join(60)
        assert self.worker.exitcode is not None

    def state(self) -> tuple[int | None, str]:
        """Its exit status, None while it lives, and the end of its log."""
        assert self.worker is not None
        return self.worker.exitcode, (self.home / "worker.log").read_text()[-500:]


def _watch(said: Path, path: Sequence[str], environ: Mapping[str, str]) -> None:
    with said.open("ab") as log:
        for out in (sys.stdout, sys.stderr):
            os.dup2(log.fileno(), out.fileno())
    os.environ.clear()
    os.environ.update(environ)
    sys.path[:0] = path  # before those of the test, with which it was started
    watch.main()


@dataclass(frozen=True)
class Offices:
    """The desk of the first, and all of them by name."""

    desk: Desk
    by_name: Mapping[str, Office]

    def rows(self, which: str, table: str = "outbox") -> list[tuple[object, ...]]:
        """Rows of a table, of the outbox unless another is named."""
        with self.desk.runtime._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(f"SELECT {which} FROM {table}"))]

    def wait_until_done(self) -> None:
        """Wait until no row waits."""
        until = time.monotonic() + SECONDS
        while outbox.waiting(uow=self.desk.runtime.uow):
            assert time.monotonic() < until, (
                self.rows("flow, queue, taken_by, attempts, last_error"),
                {name: office.state() for name, office in self.by_name.items()},
            )
            time.sleep(0.1)

    def answers_stored(self) -> dict[str, int]:
        """The number of stored answers by agency and kind."""
        rows = self.rows(
            "agency || ' ' || answer.kind, count(*)",
            "answer JOIN request ON request.id = request_id GROUP BY 1",
        )
        return {str(name): int(str(count)) for name, count in rows}


@contextmanager
def offices_on_one_record(
    place: Path,
    server: str,
    *,
    agencies_here: Mapping[str, Sequence[str] | None],
    path: Sequence[str],
    codes: Sequence[str],
) -> Iterator[Offices]:
    """Make a home for each name, with these agencies' records; plugins are at ``path``. None is started."""
    with ExitStack() as stack:
        url = create_database()
        first, *others = agencies_here
        name_database(place / first, url)
        a_home(place / first)
        for name in others:
            (place / name).mkdir(mode=0o700)
            shutil.copytree(place / first / "keys", place / name / "keys")
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for each in path:
            patch.syspath_prepend(each)
        made: dict[str, Office] = {}
        for name, here in agencies_here.items():
            home = place / name
            chosen = {} if here is None else {"agencies_here": list(here)}
            settle(home, database_url=url, runner_poll_seconds=1, **chosen)
            lend(home, server)
            made[name] = Office(home, path)
        clock = SetClock(datetime.now(UTC))
        runtime = stack.enter_context(open_runtime({"STAC_HOME": str(place / first)}, clock=clock))
        desk = Desk(runtime, clock, COORDINATOR.acting(), CHAIR.acting())
        for code in codes:
            desk.add(f"{code}-worker", Role.PRACTITIONER, code)
        try:
            yield Offices(desk, made)
        finally:
            for office in made.values():
                if office.worker is not None and office.worker.exitcode is None:
                    office.end(15)


def toys_at_version(folder: Path, version: str, *codes: str) -> tuple[str, ...]:
    """Announce copies of these toys with another version; return the places to put on Python's path."""
    announce(folder, *codes)
    for code in codes:
        shutil.copytree(TOYS / code, folder / code, ignore=shutil.ignore_patterns("__pycache__"))
        manifest = folder / code / "agency.toml"
        before = manifest.read_text()
        assert 'version = "1.0"\n' in before
        manifest.write_text(before.replace('version = "1.0"\n', f'version = "{version}"\n', 1))
    return (str(folder),)
