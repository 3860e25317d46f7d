"""A developer begins a plugin and installs it in a fresh environment; nothing of ours is changed for it.

The environment is made as they would make it. So that it needs no network, what the engine depends on is lent
by the environment of this run, and where nothing there can build a package, the wheel is put together here.
"""

from __future__ import annotations

import json
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.engine.hooks.conformance.packages import LOADED
from tests.wheels import a_wheel_of, ran

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


def test_it_installs_and_shows_up_and_answers_without_any_change_here(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    venv.create(
        fresh, symlinks=True
    )  # its installer is that of this run: to install one takes longer than all
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
    install = ("pip", "--python", python, "install", "-q", "--no-index", "--no-deps")
    ran(sys.executable, "-m", *install, str(wheel), cwd=tmp_path)

    listed = json.loads(ran(*stac, "agency", "list", "--json", cwd=tmp_path, STAC_HOME=home))
    assert "harbourside" in {agency["code"] for agency in listed["agencies"]}
    report = json.loads(ran(*stac, "plugin", "check", "harbourside", "--json", cwd=tmp_path, STAC_HOME=home))
    assert report["level"] in ("silver", "gold")
    of_wheel = json.loads(ran(*stac, "plugin", "check", str(wheel), "--json", cwd=tmp_path, STAC_HOME=home))
    assert of_wheel["digest"] == report["digest"]
    tested = ran(python, "-m", "pytest", *LOADED, "-p", "no:cacheprovider", "-q", cwd=project)
    assert " passed" in tested
    assert " failed" not in tested
