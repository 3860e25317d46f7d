"""Two runners with homes of their own on one PostgreSQL: each agency is asked where its records are."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.clock import SetClock
from engine.domain.accounts.acting import Role, flow_acting
from engine.domain.responses.answers import Failed, FailureReason
from engine.domain.responses.requests import PersonAsked
from engine.hooks.questions import FIND_PEOPLE
from engine.runtime import open_runtime
from engine.services.system import audit, outbox
from tests.builders import CHAIR, COORDINATOR, Desk, a_contribution, a_home, let_answer
from tests.databases import create_database, name_database
from tests.flows.given import lend, screened
from tests.flows.installed_toys import announce, settle

ROOT = Path(__file__).parents[2]
HELD = "A report was held by the harbour office."
SECONDS = 180.0


@dataclass
class Office:
    """A home of its own, with the records of one agency, on a record that several share."""

    home: Path
    agency: str
    environ: dict[str, str]
    started: list[int] = field(default_factory=list)
    worker: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start its background service."""
        with (self.home / "worker.log").open("ab") as log:
            self.worker = subprocess.Popen(
                [sys.executable, "-m", "flows.watch"], env=self.environ, cwd=ROOT, stdout=log, stderr=log
            )
        self.started.append(self.worker.pid)

    def end(self, number: int) -> None:
        """End it, as asked or not."""
        assert self.worker is not None
        self.worker.send_signal(number)
        self.worker.wait(60)


@dataclass(frozen=True)
class TwoOffices:
    """The desk of the first, and both."""

    desk: Desk
    harbour: Office
    lantern: Office

    def rows(self, which: str) -> list[tuple[object, ...]]:
        """Rows of the outbox."""
        with self.desk.runtime._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(f"SELECT {which} FROM outbox"))]

    def wait_until_done(self) -> None:
        """Wait until no row waits."""
        until = time.monotonic() + SECONDS
        while outbox.waiting(uow=self.desk.runtime.uow):
            assert time.monotonic() < until, self.rows("flow, queue, taken_by, attempts, last_error")
            time.sleep(0.1)


@pytest.fixture
def offices(tmp_path: Path, prefect_server: str) -> Iterator[TwoOffices]:
    """Two homes with the same keys, one PostgreSQL, and an agency's records in each."""
    with ExitStack() as stack:
        url = create_database()
        name_database(tmp_path / "lantern", url)
        a_home(tmp_path / "lantern")
        (tmp_path / "harbour").mkdir(mode=0o700)
        shutil.copytree(tmp_path / "lantern" / "keys", tmp_path / "harbour" / "keys")
        path = announce(tmp_path / "site", "harbour", "lantern")
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for place in path:
            patch.syspath_prepend(place)
        made = []
        for agency in ("harbour", "lantern"):
            home = tmp_path / agency
            settle(home, database_url=url, agencies_here=[agency], runner_poll_seconds=1)
            lend(home, prefect_server)
            environ = {**os.environ, "STAC_HOME": str(home), "PYTHONPATH": os.pathsep.join(path)}
            made.append(Office(home, agency, environ))
        harbour, lantern = made
        clock = SetClock(datetime.now(UTC))
        runtime = stack.enter_context(open_runtime({"STAC_HOME": str(lantern.home)}, clock=clock))
        desk = Desk(runtime, clock, COORDINATOR.acting(), CHAIR.acting())
        for code in ("harbour", "lantern"):
            desk.add(f"{code}-worker", Role.PRACTITIONER, code)
        folder = harbour.home / "agencies" / "harbour"
        folder.mkdir(parents=True)
        (folder / "answer.json").write_text(a_contribution(HELD).model_dump_json())
        let_answer(desk, "lantern", a_contribution("The lantern was seen."))
        for office in made:
            office.start()
        try:
            yield TwoOffices(desk, harbour, lantern)
        finally:
            for office in made:
                if office.worker is not None and office.worker.poll() is None:
                    office.end(signal.SIGTERM)


@pytest.mark.prefect
@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.parametrize("cases", [2, pytest.param(40, marks=pytest.mark.full)])
def test_each_agency_is_asked_where_its_records_are_and_a_worker_may_be_exchanged(
    offices: TwoOffices, cases: int
) -> None:
    desk = offices.desk
    references = [screened(desk, str(number)) for number in range(cases)]
    if cases > 2:  # under load: one is exchanged as an upgrade does, the other is killed
        offices.lantern.end(signal.SIGTERM)
        offices.lantern.start()
        references += [screened(desk, f"later-{number}") for number in range(cases // 2)]
        offices.harbour.end(signal.SIGKILL)
        offices.harbour.start()
    offices.wait_until_done()
    rows = offices.rows("flow, subject, queue, taken_by, attempts")
    assert {subject for flow, subject, *_ in rows if flow == "assess_referral"} == set(references)
    for agency, office in (("harbour", offices.harbour), ("lantern", offices.lantern)):
        takers = {str(by).split()[1] for _, _, queue, by, _ in rows if queue == agency}
        assert takers <= {str(pid) for pid in office.started}
    assert len([row for row in rows if row[2] is not None]) == len(references)  # one agency is elsewhere
    if cases == 2:
        assert {attempts for *_, attempts in rows} == {1}
    stored = answers_stored(desk)
    assert stored == dict.fromkeys(("harbour contribution", "lantern contribution"), len(references))
    copies = [file for file in offices.lantern.home.rglob("*") if file.is_file() and HELD in _read(file)]
    assert copies == []
    assert audit.verify(uow=desk.runtime.uow).ok


def answers_stored(desk: Desk) -> dict[str, int]:
    """The number of stored answers by agency and kind."""
    counted = text(
        "SELECT agency || ' ' || answer.kind, count(*) FROM answer JOIN request ON request.id = request_id "
        "GROUP BY 1"
    )
    with desk.runtime._engine.connect() as connection:
        return {str(name): int(count) for name, count in connection.execute(counted)}


def _read(file: Path) -> str:
    return file.read_bytes().decode(errors="replace")


def test_an_agency_of_another_home_fails_and_never_answers_from_an_empty_folder(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in announce(tmp_path / "site", "harbour"):
        monkeypatch.syspath_prepend(place)
    settings = desk.runtime.settings
    settle(settings.home, database_url=settings.database_url, agencies_here=[])
    with open_runtime({"STAC_HOME": str(desk.runtime.settings.home)}, clock=desk.clock) as runtime:
        assert runtime.agencies.elsewhere == ("harbour",)
        answer = runtime.agencies.ask("harbour", FIND_PEOPLE, PersonAsked(surname="Roe"))
        assert isinstance(answer, Failed)
        assert answer.reason is FailureReason.ELSEWHERE
        assert runtime.context(flow_acting("test", "test")).agencies.process_number("harbour") is None
