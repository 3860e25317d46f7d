"""What is installed from a wheel is what stands here: each file of the five packages, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.test_house import PACKAGES, ROOT

LEFT_OUT = shutil.ignore_patterns(".*", "tests", "docs", "__pycache__", "node_modules")
NEVER_COMPILED = {".pyc", ".pyo"}


@pytest.mark.slow
def test_a_wheel_brings_every_file_of_the_packages_and_nothing_else(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    command = [sys.executable, "-m", "uv", "build", "--wheel", "-q", "-o", str(tmp_path / "out")]
    built = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=180, check=False)
    if built.returncode:
        pytest.skip("the builder of wheels could not be brought here")
    here = {
        file.relative_to(copy).as_posix()
        for package in PACKAGES
        for file in (copy / package).rglob("*")
        if file.is_file() and file.suffix not in NEVER_COMPILED
    }
    with zipfile.ZipFile(next((tmp_path / "out").glob("*.whl"))) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}
        entries = next(
            wheel.read(name).decode() for name in wheel.namelist() if name.endswith("/entry_points.txt")
        )
    assert here - held == set(), "missing in the wheel"
    assert held - here == set(), "in the wheel without standing here"
    assert "plugins/police/agency.toml" in held
    assert "dashboard/link_graph/assets/LICENSES.txt" in held
    assert "stac = cli.main:main" in entries
