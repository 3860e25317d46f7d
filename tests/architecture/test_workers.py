"""Tests of one file share a server, so they stay on one worker, as scripts/test asks pytest."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

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


def test_tests_that_share_a_server_run_on_one_worker(tmp_path: Path) -> None:
    for shared in ("pyproject.toml", "tests/conftest.py"):
        shutil.copy(ROOT / shared, tmp_path)
    for kind in KINDS:
        (tmp_path / f"test_{kind}.py").write_text(SHARING_A_SERVER.format(kind=kind))

    subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", tmp_path],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=120,
    )

    for kind in KINDS:
        workers = [note.read_text() for note in tmp_path.glob(f"{kind}-*")]
        assert len(workers) == 6
        assert len(set(workers)) == 1
