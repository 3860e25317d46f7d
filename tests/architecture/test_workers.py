"""Tests of one file share a server, so they stay on one worker, as scripts/test asks pytest."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

ASKED = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
KINDS = ("prefect", "browser", "postgres")

SHARING_A_SERVER = """
import os
from pathlib import Path
import pytest

@pytest.mark.parametrize("number", range(6))
@pytest.mark.{kind}
def test_{kind}(number):
    Path(__file__).with_name(f"{kind}-{{number}}").write_text(os.environ["PYTEST_XDIST_WORKER"])
"""


def test_the_run_asks_pytest_to_leave_a_file_on_one_worker() -> None:
    (asks,) = re.findall("set -- -n .*", (ROOT / "scripts/test").read_text())
    assert " ".join(ASKED[2:]) in asks


@pytest.mark.full  # starts pytest with workers; in each run the test above sees that it is asked for the same
def test_tests_that_share_a_server_run_on_one_worker(tmp_path: Path) -> None:
    for shared in ("pyproject.toml", "tests/conftest.py"):
        shutil.copy(ROOT / shared, tmp_path)
    for kind in KINDS:
        (tmp_path / f"test_{kind}.py").write_text(SHARING_A_SERVER.format(kind=kind))

    subprocess.run(
        [sys.executable, "-m", "pytest", *ASKED, tmp_path],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=120,
    )

    for kind in KINDS:
        workers = [note.read_text() for note in tmp_path.glob(f"{kind}-*")]
        assert len(workers) == 6
        assert len(set(workers)) == 1
