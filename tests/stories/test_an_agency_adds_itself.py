"""A developer begins a plugin and installs it in a fresh environment; nothing of ours is changed for it.

The environment is made as they would make it. So that it needs no network, what the engine depends on is lent
by the environment of this run, and where nothing there can build a package, the wheel is put together here.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from tests.engine.hooks.conformance.packages import LOADED

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


def ran(*command: str, cwd: Path, **environ: str) -> str:
    ours = ("PYTHON", "PYTEST", "STAC")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(
        command, cwd=cwd, env={**kept, **environ}, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def a_wheel_of(project: Path, place: Path) -> Path:
    """The package as its pyproject.toml describes it: by its own builder if that is here, else by hand."""
    if importlib.util.find_spec("hatchling") is not None:
        ran(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place), cwd=project)
        return next(place.glob("*.whl"))
    told = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    stem = f"{told['name'].replace('-', '_')}-{told['version']}"
    groups = "".join(
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in entries.items())
        for group, entries in told["entry-points"].items()
    )
    held = {
        file.relative_to(project / "src").as_posix(): file.read_bytes()
        for file in sorted((project / "src").rglob("*"))
        if file.is_file()
    }
    held[f"{stem}.dist-info/METADATA"] = (
        f"Metadata-Version: 2.1\nName: {told['name']}\nVersion: {told['version']}\n"
    ).encode()
    held[f"{stem}.dist-info/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    held[f"{stem}.dist-info/entry_points.txt"] = groups.encode()
    record = "".join(f"{name},sha256={_digest(content)},{len(content)}\n" for name, content in held.items())
    held[f"{stem}.dist-info/RECORD"] = f"{record}{stem}.dist-info/RECORD,,\n".encode()
    wheel = place / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as opened:
        for name, content in held.items():
            opened.writestr(name, content)
    return wheel


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")


def test_it_installs_and_shows_up_and_answers_without_any_change_here(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    venv.create(fresh, with_pip=True, symlinks=True)
    python = str(fresh / "bin" / "python")
    packages = ran(
        python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path
    ).strip()
    lent = f"{ROOT}\n{sysconfig.get_path('purelib')}\n"
    (Path(packages) / "lent.pth").write_text(lent, encoding="utf-8")
    home = str(tmp_path / "home")
    stac = (python, "-m", "cli.main")

    ran(*stac, "plugin", "new", "harbourside", "--title", "Harbourside", "--out", str(tmp_path), cwd=tmp_path)
    project = tmp_path / "stac-harbourside"
    built = tmp_path / "built"
    built.mkdir()
    wheel = a_wheel_of(project, built)
    ran(python, "-m", "pip", "install", "-q", "--no-index", "--no-deps", str(wheel), cwd=tmp_path)

    listed = json.loads(ran(*stac, "agencies", "--json", cwd=tmp_path, STAC_HOME=home))
    assert "harbourside" in {agency["code"] for agency in listed["agencies"]}
    report = json.loads(ran(*stac, "plugin", "check", "harbourside", "--json", cwd=tmp_path, STAC_HOME=home))
    assert report["level"] in ("silver", "gold")
    of_wheel = json.loads(ran(*stac, "plugin", "check", str(wheel), "--json", cwd=tmp_path, STAC_HOME=home))
    assert of_wheel["digest"] == report["digest"]
    tested = ran(python, "-m", "pytest", *LOADED, "-p", "no:cacheprovider", "-q", cwd=project)
    assert " passed" in tested
    assert " failed" not in tested
