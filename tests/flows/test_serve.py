"""All that stands behind ``stac serve``, with a plain web server where the dashboard goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from engine.clock import SystemClock
from engine.domain.errors import SetupError
from engine.domain.responses.answers import AnswerState
from engine.exchange.rows import ReferralRow
from engine.hooks.registry import agencies_folder
from engine.runtime import Runtime, open_runtime
from engine.services.accounts import users
from engine.services.cases import lists as case_lists
from engine.services.cases import worklists
from engine.services.referrals import imports as referral_imports
from engine.services.referrals import screening
from engine.services.system import outbox
from flows import process_registry
from flows.serve import serving
from flows.server import answers, lasting_server
from tests.builders import a_desk, a_referral, a_screening
from tests.flows.given import have_database, screened
from tests.plugins.probation.extract import a_period, write
from tests.seals import sealed

pytestmark = [pytest.mark.prefect, pytest.mark.slow]

PAGE = ("http.server", "{port}", "--bind", "127.0.0.1")
PROGRAM = f"""
import sys
from pathlib import Path
from flows.serve import serving
with serving(Path(sys.argv[1]), dashboard={PAGE!r}) as served:
    print(served.addresses.dashboard, served.addresses.prefect, flush=True)
    served.wait(lambda said: print(said, flush=True))
print("stopped", flush=True)
"""
PARTS = ("server", "runner", "dashboard")


@dataclass
class Served:
    """A home that another process serves."""

    home: Path
    process: subprocess.Popen[str]
    dashboard: str
    prefect: str

    def standing(self, part: str) -> process_registry.ProcessNote | None:
        return process_registry.standing(self.home, part)

    def pid(self, part: str) -> int:
        found = self.standing(part)
        assert found is not None
        return found.pid

    def all_processes(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


def within(seconds: float, what: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def port_of(address: str) -> int:
    return int(address.rpartition(":")[2])


@contextmanager
def a_served_home(home: Path, database: Path, *, asked: Sequence[str] = ()) -> Iterator[Served]:
    """A home, with these referrals waiting for agencies to be asked, served by a process of its own.

    Probation has an extract, so that a process of its own is asked.
    """
    with a_desk(home) as desk:
        folder = agencies_folder(home, "probation")
        folder.mkdir(parents=True)
        write(folder, a_period(1))
        sealed(folder, on=SystemClock().today())
        have_database(home, database)
        for number in asked:
            screened(desk, number)
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(home)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )
    try:
        assert process.stdout is not None
        dashboard, prefect = process.stdout.readline().split()
        yield Served(home, process, dashboard, prefect)
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, prefect_database: Path) -> Iterator[Served]:
    """One for all tests after which it is served as before; the last of them ends it."""
    with a_served_home(tmp_path_factory.mktemp("served") / "home", prefect_database) as home:
        yield home


@pytest.fixture
def ends(tmp_path: Path, prefect_database: Path) -> Iterator[Served]:
    """One that the test ends."""
    with a_served_home(tmp_path / "home", prefect_database) as home:
        yield home


@pytest.mark.full  # the same guard ends a temporary server in every run (test_server)
def test_nothing_outlives_it_when_it_is_killed(ends: Served) -> None:
    family = ends.all_processes()
    ends.process.kill()
    ends.process.wait()
    assert within(20, lambda: not [process for process in family if process.is_running()])


@pytest.mark.full
def test_it_stops_at_once_though_an_agency_is_at_work_and_what_was_under_way_is_given_back(
    tmp_path: Path, prefect_database: Path
) -> None:
    home = tmp_path / "home"
    with (
        a_served_home(home, prefect_database, asked=["1"]) as served,
        open_runtime({"STAC_HOME": str(home)}) as runtime,
    ):
        assert within(60, lambda: outbox.waiting(uow=runtime.uow) == 0)
        runner = psutil.Process(served.pid("runner"))
        agencies = [process for process in runner.children(recursive=True) if not process.children()]
        assert agencies
        for starts_agencies in runner.children():
            starts_agencies.suspend()
        for agency in agencies:
            agency.kill()  # to be asked again it must be started, which hangs
        _screen_another(runtime)
        assert within(90, lambda: _is_being_asked(runtime))
        family = served.all_processes()
        served.process.send_signal(signal.SIGINT)
        assert served.process.wait(timeout=15) == 0
        assert not [process for process in family if _is_at_work(process)]
        assert not list((home / "run").glob("*.json"))
        assert outbox.take_next(uow=runtime.uow, clock=runtime.clock, by="the next runner") is not None


def _is_at_work(process: psutil.Process) -> bool:
    """Whether it has not ended: one that waits for its burial has."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _screen_another(runtime: Runtime) -> None:
    cora = users.find_user(uow=runtime.uow, name="cora").acting()
    report = referral_imports.import_referrals(
        runtime.context(cora),
        rows=[ReferralRow(row=2, referral=a_referral("another"), original="{}")],
        file_digest="1" * 64,
    )
    screening.screen(
        runtime.context(cora).with_agencies(()), reference=report.referrals[0], screening=a_screening()
    )


def _is_being_asked(runtime: Runtime) -> bool:
    """Whether requests are open that have no answer yet."""
    cora = users.find_user(uow=runtime.uow, name="cora").acting()
    listed = case_lists.list_page(runtime.context(cora).with_agencies(()), count=None).rows
    return any(answer.state is AnswerState.AWAITED for row in listed for answer in row.answers)


def test_a_part_that_crashes_is_told_and_started_again(served: Served) -> None:
    assert served.process.stdout is not None
    for part in PARTS:
        before = served.pid(part)
        os.kill(before, signal.SIGKILL)
        said = served.process.stdout.readline()
        assert "stopped by signal 9; it is started again in 1 s" in said
        assert within(
            20,
            lambda part=part, before=before: (
                served.standing(part) is not None  # type: ignore[misc]
                and served.pid(part) != before
            ),
        )
    assert within(30, lambda: lasting_server(served.home) == f"{served.prefect}/api")
    assert within(30, lambda: answers(port_of(served.dashboard), "/"))


def test_the_runner_is_alive_in_a_served_home(served: Served) -> None:
    with open_runtime({"STAC_HOME": str(served.home)}) as runtime:
        cora = users.find_user(uow=runtime.uow, name="cora").acting()

        def warning() -> str | None:
            return worklists.worklist(runtime.context(cora)).first_line

        assert within(30, lambda: warning() is None)


def test_a_second_one_on_the_same_home_is_refused_by_the_number_of_the_first(served: Served) -> None:
    refused = rf"already served by process {served.process.pid}; stop that one first"
    with pytest.raises(SetupError, match=refused), serving(served.home, dashboard=PAGE):
        pass
    assert lasting_server(served.home) == f"{served.prefect}/api"


def test_it_stops_cleanly_and_leaves_no_process(served: Served) -> None:
    assert answers(port_of(served.dashboard), "/")
    assert answers(port_of(served.prefect), "/api/health")
    assert lasting_server(served.home) == f"{served.prefect}/api"
    family = served.all_processes()
    assert len(family) == len(PARTS)
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(timeout=30) == 0
    assert served.process.stdout is not None
    assert served.process.stdout.read().splitlines() == ["stopped"]
    assert not [process for process in family if process.is_running()]
    assert not list((served.home / "run").glob("*.json"))


def test_a_dashboard_that_cannot_start_ends_it_all_and_says_where_to_look(
    tmp_path: Path, prefect_database: Path
) -> None:
    home = tmp_path / "home"
    with a_desk(home):
        have_database(home, prefect_database)
    before = psutil.Process().children(recursive=True)
    why = (
        r"the dashboard did not start \(with exit status 1\); "
        r"run/dashboard\.log in the home folder shows why"
    )
    with pytest.raises(SetupError, match=why), serving(home, dashboard=("no_such_module_at_all",)):
        pass
    assert not list((home / "run").glob("*.json"))
    assert psutil.Process().children(recursive=True) == before
    assert "No module named no_such_module_at_all" in (home / "run" / "dashboard.log").read_text()
