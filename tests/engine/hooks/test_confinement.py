"""What keeps an agency's process in its place holds when it is tried, and what does not is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.domain.answers import FailureReason
from engine.domain.limits import LimitInForce
from engine.hooks import trying
from engine.hooks.forking import ForkingLauncher
from engine.hooks.launching import CallFailedError, Launch, Running, start_interpreter
from engine.hooks.trying import enforced, tried

KEPT_BY_THE_ENGINE = {"time", "size of an answer"}
KEPT_ON_EVERY_LINUX = {*KEPT_BY_THE_ENGINE, "memory", "size of a file", "core dumps"}
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has the means")


def confined(program: str, **confines: object) -> dict[str, str]:
    """What each statement came to in a process of its own that is confined like an agency's."""
    given = {"memory_mb": 512, "file_mb": 1, **confines}
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            f"""
import json, os, socket, sys, threading
from engine.confinement.limits import Confines, confine
confine(Confines(**json.loads({json.dumps(given)!r})))
came = {{}}
for line in {program.strip().splitlines()!r}:
    try:
        exec(line)
        came[line] = "done"
    except BaseException as error:
        came[line] = type(error).__name__
print(json.dumps(came))
""",
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    return json.loads(told.stdout)


def test_each_limit_is_told_once_with_how_it_is_kept_or_why_it_is_not() -> None:
    limits = enforced()

    assert len({limit.name for limit in limits}) == len(limits)
    for limit in limits:
        assert (limit.how is None) == (not limit.enforced)
        assert (limit.why_not is None) == limit.enforced
    assert {limit.name for limit in limits if limit.enforced} >= KEPT_BY_THE_ENGINE
    assert enforced() is limits  # it is tried once in the life of a process


@linux
@pytest.mark.parametrize("warm", [True, False])
def test_what_every_linux_gives_holds_however_the_process_was_started(warm: bool) -> None:
    launcher = ForkingLauncher(warm=warm)
    held = {limit.name for limit in tried(launcher) if limit.enforced}
    launcher.close()

    assert held >= KEPT_ON_EVERY_LINUX
    assert ("what is left behind" in held) is warm  # only the warden of a forked child can sweep


def test_a_machine_on_which_no_process_can_be_started_is_told_and_nothing_is_called_enforced() -> None:
    def cannot(launch: Launch) -> Running:
        raise CallFailedError(FailureReason.NOT_RUNNING, "its process could not be started (OSError)")

    limits = tried(cannot)

    assert not any(limit.enforced for limit in limits)
    assert {limit.why_not for limit in limits} == {
        "it could not be tried here (its process could not be started (OSError))"
    }


def test_a_limit_that_does_not_hold_when_tried_is_told_as_not_enforced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = trying._launch

    def lax(own: Path, *, processes: bool = False) -> Launch:
        launch = real(own, processes=processes)
        return Launch(**{**vars(launch), "network": True, "memory_mb": 2048, "reads": (own.parent,)})

    monkeypatch.setattr(trying, "_launch", lax)

    limits = {limit.name: limit for limit in tried(start_interpreter)}

    for name in ("network", "memory", "reading outside its folder"):
        assert limits[name] == LimitInForce(name=name, enforced=False, why_not=limits[name].why_not)
    assert limits["time"].enforced


@linux
def test_a_process_reads_and_writes_where_it_may_and_nowhere_else(tmp_path: Path) -> None:
    limits = {limit.name: limit.enforced for limit in enforced()}
    if not limits["writing outside its folder"]:
        pytest.skip("this machine has no Landlock")
    own, read, other = (tmp_path / name for name in ("own", "read", "other"))
    for folder in (own, read, other):
        folder.mkdir()
        (folder / "file").write_text("x")

    came = confined(
        f"""
open({str(own / "file")!r}).read()
open({str(own / "new")!r}, "w").write("x")
os.makedirs({str(own / "a" / "b")!r}); os.replace({str(own / "new")!r}, {str(own / "a" / "b" / "moved")!r})
os.remove({str(own / "file")!r})
open({str(read / "file")!r}).read()
open({str(read / "file")!r}, "w")
open({str(read / "new")!r}, "w")
os.remove({str(read / "file")!r})
open({str(other / "file")!r}).read()
os.listdir({str(other)!r})
os.listdir({str(tmp_path)!r})
os.symlink({str(other / "file")!r}, {str(own / "link")!r})
open("/etc/passwd").read()
import sqlite3, decimal, zoneinfo; zoneinfo.ZoneInfo("Europe/London")
""",
        reads=[str(read)],
        lists=[str(tmp_path)],
        writes=[str(own)],
    )

    assert list(came.values()) == [
        "done",
        "done",
        "done",
        "done",
        "done",
        "PermissionError",
        "PermissionError",
        "PermissionError",
        "PermissionError",
        "done",
        "done",
        "PermissionError",
        "PermissionError",
        "done",
    ]
    assert (other / "file").exists()


@linux
@pytest.mark.parametrize("network", [True, False])
def test_a_socket_is_had_only_with_the_network_declared_and_threads_always(
    network: bool, tmp_path: Path
) -> None:
    if not {limit.name: limit.enforced for limit in enforced()}["network"]:
        pytest.skip("this machine has no filter of system calls")

    came = confined(
        """
socket.socket(socket.AF_INET, socket.SOCK_STREAM)
socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
socket.socket(socket.AF_UNIX)
socket.socketpair()
thread = threading.Thread(target=sys.stderr.flush); thread.start(); thread.join()
os.fork()
os.execv("/bin/true", ["true"])
os.kill(os.getppid(), 0)
os.memfd_create("x")
""",
        network=network,
    )

    sockets = "done" if network else "PermissionError"
    assert list(came.values()) == [sockets] * 3 + ["done", "done"] + ["PermissionError"] * 4


@linux
def test_root_keeps_none_of_its_powers_but_to_pass_file_modes() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root has powers to lose")

    came = confined(
        """
os.setuid(65534)
os.nice(-5)
socket.sethostname("toy")
os.chroot("/")
""",
        network=True,
    )

    assert list(came.values()) == ["PermissionError"] * 4
