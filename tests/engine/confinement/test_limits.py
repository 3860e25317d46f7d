"""A confined process does what it may and nothing else, where the machine has the means."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.hooks.sandbox_checks import enforced

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has the means")


def confined(program: str, **confines: object) -> dict[str, str]:
    """What each statement came to in a process of its own that is confined like an agency's."""
    given = {"memory_mb": 512, "file_mb": 1, **confines}
    process = subprocess.run(
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
    return json.loads(process.stdout)


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
