"""The one script that the browser is given: built from the source here, shipped, and asking nobody."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import dashboard

HERE = Path(dashboard.__file__).parent / "link_graph"
BUNDLE = HERE / "assets" / "index.js"
SOURCES = ("graph.js", "labels.js", "menu.js", "play.js", "package.json")


def test_the_script_was_built_from_this_source() -> None:
    digest = hashlib.sha256(b"".join((HERE / "source" / name).read_bytes() for name in SOURCES)).hexdigest()
    first = BUNDLE.read_text(encoding="utf-8").splitlines()[0]
    assert f"source {digest};" in first, "run 'npm install && npm run build' in dashboard/link_graph/source"


@pytest.mark.slow
def test_building_it_again_gives_the_same_script(tmp_path: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm here; the digest of the source was compared instead")
    source, built = tmp_path / "source", tmp_path / "index.js"
    shutil.copytree(HERE / "source", source, ignore=shutil.ignore_patterns("node_modules"))
    quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
    got = subprocess.run(
        [npm, "install", *quiet], cwd=source, capture_output=True, text=True, timeout=180, check=False
    )
    if got.returncode:
        pytest.skip("npm could not bring Cytoscape.js and esbuild; the digest of the source was compared")
    subprocess.run(["node", "build.mjs", str(built)], cwd=source, check=True, timeout=60)
    assert built.read_bytes() == BUNDLE.read_bytes()


def test_the_script_names_no_address_from_which_it_could_load() -> None:
    script = BUNDLE.read_text(encoding="utf-8")
    asking = r"\b(?:fetch|importScripts|XMLHttpRequest|WebSocket|sendBeacon|eval)\b\s*\("
    assert not re.findall(asking, script)
    assert not re.findall(r"\bimport\s*\(", script)
    assert set(re.findall(r"https?://[\w./-]+", script)) <= {"http://www.w3.org/2000/svg"}


def test_the_licences_of_what_is_in_it_lie_beside_it() -> None:
    text = (BUNDLE.parent / "LICENSES.txt").read_text(encoding="utf-8")
    version = re.search(r'"cytoscape": "([\d.]+)"', (HERE / "source" / "package.json").read_text())
    assert version is not None
    assert f"Cytoscape.js {version[1]} (MIT licence)" in text
    assert "Permission is hereby granted, free of charge" in text
