"""Nothing is written outside the home, not even in the user's own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import a_desk
from tests.flows.given import screened, toys_for

# Python imports this by itself at its start, in the server's process too; it notes every write elsewhere.
SPY = """
import os, sys
def spy(event, arguments, home=os.environ.get("STAC_HOME", ""), notes=os.environ.get("SPY_NOTES")):
    if event == "open":
        path, mode, flags = arguments
        if not isinstance(path, (str, bytes)) or not isinstance(flags, int):
            return
        if not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            return
    elif event in ("os.mkdir", "os.rename", "os.remove", "shutil.copyfile", "os.chmod"):
        path = arguments[1] if event in ("os.rename", "shutil.copyfile") else arguments[0]
    elif event == "sqlite3.connect":
        path = arguments[0]
    else:
        return
    where = os.path.abspath(os.fsdecode(path).removeprefix("file:")) if isinstance(path, (str, bytes)) else ""
    if not where.startswith((home, "/dev/", "/proc/")) and where != notes and ":memory:" not in where:
        with_notes = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(with_notes, f"{event} {where}\\n".encode())
        os.close(with_notes)
if os.environ.get("SPY_NOTES"):
    sys.addaudithook(spy)
"""


@pytest.mark.prefect
@pytest.mark.full
def test_a_drain_with_a_server_of_its_own_writes_in_its_home_alone(tmp_path: Path) -> None:
    home, users_own, notes = tmp_path / "home", tmp_path / "users-own", tmp_path / "notes"
    with a_desk(home) as desk:
        toys_for(desk)
        screened(desk)
        now = desk.clock.now().isoformat()
    users_own.mkdir(mode=0o500)
    (tmp_path / "spy").mkdir()
    (tmp_path / "spy" / "sitecustomize.py").write_text(SPY)
    program = (
        "import sys\nfrom datetime import datetime\nfrom engine.clock import SetClock\n"
        "from engine.runtime import open_runtime\nfrom flows.runner import drain\n"
        "from tests.flows.given import use_toys\n"
        "with open_runtime(clock=SetClock(datetime.fromisoformat(sys.argv[1]))) as runtime:\n"
        "    use_toys(runtime, only_here=True)\n    print(drain(runtime))"
    )
    stored = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", program, now],
        env={
            **stored,
            "HOME": str(users_own),
            "PYTHONPATH": os.pathsep.join([str(tmp_path / "spy"), os.getcwd()]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "STAC_HOME": str(home),
            "SPY_NOTES": str(notes),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("1\n", "", 0)
    assert (notes.read_text() if notes.exists() else "") == ""
    assert list(users_own.iterdir()) == []


def test_the_spy_of_this_test_sees_a_write_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(SPY)
    subprocess.run(
        [sys.executable, "-c", f"open({str(tmp_path / 'elsewhere')!r}, 'w').close()"],
        env={
            "PYTHONPATH": str(tmp_path),
            "STAC_HOME": str(tmp_path / "home"),
            "SPY_NOTES": str(tmp_path / "notes"),
        },
        check=True,
    )
    assert (tmp_path / "notes").read_text() == f"open {tmp_path / 'elsewhere'}\n"
