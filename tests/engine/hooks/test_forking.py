"""Children forked from a warm process: whoever of the family is killed, nobody of it is left."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

import engine
from engine.domain.agencies.scoring import ScoreResult
from engine.domain.responses.answers import FailureReason
from engine.hooks.forking import ForkingLauncher
from engine.hooks.isolation import AgencyProcess
from engine.hooks.launching import CallFailedError, Launch, Launcher, start_interpreter
from engine.hooks.questions import SCORE
from engine.hooks.wire import BESIDE, Request

ROOT = Path(engine.__path__[0]).resolve()
TOYS = Path(__file__).parent / "toys"


@pytest.fixture(scope="module")
def warm() -> Iterator[ForkingLauncher]:
    with contextlib.closing(ForkingLauncher()) as launcher:
        yield launcher


def a_launch(folder: Path, *, processes: bool = False, package: str = "processes_made") -> Launch:
    return Launch(
        python=sys.executable,
        package=package,
        package_folder=TOYS / package,
        import_roots=(ROOT.parent, TOYS),
        folder=folder,
        environment={"PATH": "/usr/bin:/bin"},
        processes=processes,
        memory_mb=512,
    )


def call(process: AgencyProcess, function: str, *, seconds: float = 10) -> ScoreResult:
    request = Request(
        question=SCORE.name,
        function=f"processes_made.hooks:{function}",
        seconds=seconds,
        most_bytes=10_000,
    )
    replies: list[bytes] = []
    body = request.sent([SCORE.written({})])
    process.ask(body, seconds=seconds, most_bytes=10_000, take=replies.append)
    return ScoreResult.model_validate_json(replies[0][BESIDE:])


def is_gone(number: int) -> bool:
    try:
        return psutil.Process(number).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_until(happened: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def those_in(folder: Path) -> set[int]:
    found = set()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.cwd() == str(folder) and process.status() != psutil.STATUS_ZOMBIE:
                found.add(process.pid)
    return found


@pytest.mark.parametrize("launcher", ["warm", "fresh"])
def test_a_child_answers_and_its_exit_status_is_told(
    warm: ForkingLauncher, tmp_path: Path, launcher: str
) -> None:
    start: Launcher = warm if launcher == "warm" else start_interpreter
    with contextlib.closing(AgencyProcess(a_launch(tmp_path), launcher=start)) as process:
        assert call(process, "answer").result == {"folder": str(tmp_path)}
        with pytest.raises(CallFailedError, match="stopped with exit status 7") as raised:
            call(process, "stop")
        assert raised.value.reason is FailureReason.CRASHED
        assert call(process, "answer").result == {"folder": str(tmp_path)}


def test_children_of_one_warm_process_share_neither_folder_nor_modules(
    warm: ForkingLauncher, tmp_path: Path
) -> None:
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
    with contextlib.ExitStack() as opened:
        processes = [
            opened.enter_context(contextlib.closing(AgencyProcess(a_launch(folder), launcher=warm)))
            for folder in folders
        ]
        assert [call(each, "count").result for each in processes] == [{"calls": 1}, {"calls": 1}]
        assert call(processes[0], "count").result == {"calls": 2}
        assert [call(each, "answer").result for each in processes] == [
            {"folder": str(folder)} for folder in folders
        ]


@pytest.mark.parametrize("launcher", ["warm", "fresh"])
def test_a_child_holds_its_three_pipes_and_nothing_else_of_the_engine_s(
    warm: ForkingLauncher, tmp_path: Path, launcher: str
) -> None:
    start: Launcher = warm if launcher == "warm" else start_interpreter
    (tmp_path / "database").write_text("x")
    with (tmp_path / "database").open() as held, contextlib.ExitStack() as opened:
        os.set_inheritable(held.fileno(), True)
        processes = [
            opened.enter_context(contextlib.closing(AgencyProcess(a_launch(tmp_path), launcher=start)))
            for _ in range(3)
        ]
        answer = [call(each, "handles").result for each in processes]

    assert answer == [{"handles": 5}] * 3  # nothing to read, two of what it prints, requests and replies


def test_what_one_agency_alone_is_given_is_in_no_memory_that_another_is_a_copy_of(
    warm: ForkingLauncher, tmp_path: Path
) -> None:
    secret = "only-for-one-" + "agency"
    launch = a_launch(tmp_path)
    launch = dataclasses.replace(launch, environment={**launch.environment, "TOY_KEY": secret})
    with contextlib.closing(AgencyProcess(launch, launcher=warm)) as process:
        call(process, "answer")
        assert warm._warm is not None
        assert process.pid is not None

        assert in_memory_of(process.pid, secret.encode())
        assert not in_memory_of(warm._warm._process.pid, secret.encode())


def in_memory_of(number: int, sought: bytes) -> bool:
    """Whether a process holds some bytes anywhere that it can write."""
    try:
        with open(f"/proc/{number}/maps") as maps, open(f"/proc/{number}/mem", "rb") as memory:
            for line in maps:
                where, rights, *_ = line.split()
                if not rights.startswith("rw") or "[v" in line:
                    continue
                start, end = (int(each, 16) for each in where.split("-"))
                memory.seek(start)
                if sought in memory.read(end - start):
                    return True
    except PermissionError:
        pytest.skip("this user may not look into the memory of its own processes")
    return False


def test_what_a_child_left_in_a_session_of_its_own_ends_with_it(
    warm: ForkingLauncher, tmp_path: Path
) -> None:
    process = AgencyProcess(a_launch(tmp_path, processes=True), launcher=warm)
    call(process, "leave_a_grandchild")
    assert len(those_in(tmp_path)) == 2

    process.close()

    assert those_in(tmp_path) == set()


def test_a_child_that_stops_takes_with_it_what_it_left(warm: ForkingLauncher, tmp_path: Path) -> None:
    process = AgencyProcess(a_launch(tmp_path, processes=True), launcher=warm)
    call(process, "leave_a_grandchild")

    with pytest.raises(CallFailedError, match="stopped with exit status 7"):
        call(process, "stop")

    assert those_in(tmp_path) == set()


def test_the_warm_process_is_replaced_when_it_was_killed(warm: ForkingLauncher, tmp_path: Path) -> None:
    process = AgencyProcess(a_launch(tmp_path), launcher=warm)
    call(process, "answer")
    before = warm._warm
    assert before is not None
    before._process.kill()
    before._process.wait()

    assert call(process, "count").result == {"calls": 1}  # a child that it forked goes on
    process.end()
    assert call(process, "count").result == {"calls": 1}
    assert warm._warm is not before
    process.close()


def test_a_child_whose_warden_was_killed_is_ended_and_replaced(warm: ForkingLauncher, tmp_path: Path) -> None:
    process = AgencyProcess(a_launch(tmp_path), launcher=warm)
    call(process, "answer")
    assert process.pid is not None
    child = psutil.Process(process.pid)
    warden = child.parent()
    assert warden is not None
    warden.send_signal(signal.SIGKILL)

    wait_until(lambda: is_gone(child.pid))

    assert call(process, "count").result == {"calls": 1}
    process.close()


def test_when_the_engine_is_killed_everything_that_it_started_ends_at_once(tmp_path: Path) -> None:
    program = f"""
import sys, pathlib
sys.path.insert(0, {str(ROOT.parent)!r})
from tests.engine.hooks.test_forking import AgencyProcess, ForkingLauncher, a_launch, call
process = AgencyProcess(a_launch(pathlib.Path({str(tmp_path)!r}), processes=True), launcher=ForkingLauncher())
call(process, "leave_a_grandchild")
print("ready", flush=True)
call(process, "hang", seconds=60)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == "ready\n"
        family = psutil.Process(started.pid).children(recursive=True)
        assert len(family) >= 3
        started.kill()

    wait_until(lambda: all(is_gone(each.pid) for each in family))
    wait_until(lambda: those_in(tmp_path) == set())


def test_without_a_warm_process_a_fresh_interpreter_is_started(tmp_path: Path) -> None:
    launcher = ForkingLauncher(warm=False)
    with contextlib.closing(AgencyProcess(a_launch(tmp_path), launcher=launcher)) as process:
        assert call(process, "answer").result == {"folder": str(tmp_path)}
        assert not launcher.is_warm
        assert process.pid is not None
        assert psutil.Process(process.pid).ppid() == os.getpid()


def test_a_folder_that_is_gone_is_a_child_that_could_not_start(warm: ForkingLauncher, tmp_path: Path) -> None:
    process = AgencyProcess(a_launch(tmp_path / "gone"), launcher=warm)

    with pytest.raises(CallFailedError, match="stopped at its start") as raised:
        call(process, "answer")

    assert raised.value.reason is FailureReason.NOT_RUNNING
