"""A plugin that an outside agency wrote for the contract is installed and passes, whatever changes here."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import pytest

from tests.wheels import a_wheel_of, ran

ROOT = Path(__file__).parents[2]
ALLOTMENTS = ROOT / "tests" / "outside" / "allotments"
pytestmark = pytest.mark.slow


def test_it_is_found_by_its_entry_point_and_passes_every_check(tmp_path: Path) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(a_wheel_of(ALLOTMENTS, tmp_path)) as wheel:
        wheel.extractall(site)
    beside = {"PYTHONPATH": f"{site}:{ROOT}", "STAC_HOME": str(tmp_path / "home")}
    stac = (sys.executable, "-m", "cli.main")

    listed = json.loads(ran(*stac, "agency", "list", "--json", cwd=tmp_path, **beside))
    report = json.loads(ran(*stac, "plugin", "check", "allotments", "--json", cwd=tmp_path, **beside))

    assert "allotments" in {agency["code"] for agency in listed["agencies"]}
    assert [each for each in report["results"] if each["standing"] == "failed"] == []
    assert report["level"] in ("silver", "gold")
