"""For developers: what a check keeps, and where."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine.clock import SetClock
from engine.services.agencies import plugins
from tests.engine.hooks.conformance.packages import EXAMPLE, Spoilt, a_plugin

CLOCK = SetClock(datetime(2026, 11, 25, 9, tzinfo=UTC))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An operator's home with the agency without Python in it."""
    home = tmp_path / "home"
    shutil.copytree(EXAMPLE, home / "agencies.d" / "housing")
    return home


def test_a_check_of_an_installed_agency_keeps_its_level_and_its_answers(home: Path) -> None:
    checked = plugins.check(clock=CLOCK, plugin="housing", home=home)

    level_known = checked.level
    assert level_known is not None
    assert level_known.checked_on == date(2026, 11, 25)
    assert plugins.last_level(home, "housing") == level_known
    assert level_known.level is checked.report.level
    assert [file.name for file in (home / "conformance" / "runs" / "housing").iterdir()] == ["1.0.json"]


def test_a_check_of_a_folder_keeps_no_level(home: Path, tmp_path: Path) -> None:
    spoilt = Spoilt(file="hooks.py", was="def stac_assess", now="def stac_asess")
    checked = plugins.check(clock=CLOCK, plugin=str(a_plugin(tmp_path, spoilt)), home=home)

    assert checked.report.level is None
    assert (checked.level, checked.not_kept) == (None, None)
    assert not (home / "conformance").exists()


def test_a_check_without_a_home_makes_none(tmp_path: Path) -> None:
    spoilt = Spoilt(file="hooks.py", was="def stac_assess", now="def stac_asess")
    plugins.check(clock=CLOCK, plugin=str(a_plugin(tmp_path, spoilt)), home=tmp_path / "nowhere")

    assert not (tmp_path / "nowhere").exists()


def test_a_level_that_cannot_be_kept_is_told_and_the_report_is_not_lost(home: Path) -> None:
    (home / "conformance").write_text("a file where the folder should be")

    checked = plugins.check(clock=CLOCK, plugin="housing", home=home)

    assert checked.report.level is not None
    assert checked.level is None
    assert (
        checked.not_kept
        == "The level could not be saved in the home folder (a part of its path is not a folder)."
    )
