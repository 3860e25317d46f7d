"""For developers: two versions of a plugin on the same invented cases."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.clock import SetClock
from engine.domain.errors import InvalidInputError
from engine.services.agencies import plugins
from engine.services.tools.plugin_replay import replay
from tests.engine.hooks.conformance.packages import EXAMPLE, a_plugin

CLOCK = SetClock(datetime(2026, 11, 25, 9, tzinfo=UTC))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An operator's home with the agency without Python in it."""
    home = tmp_path / "home"
    shutil.copytree(EXAMPLE, home / "agencies.d" / "housing")
    return home


def test_saved_answers_are_replayed_against(tmp_path: Path) -> None:
    home, saved = tmp_path / "nowhere", tmp_path / "before.json"
    assert replay(plugin=str(EXAMPLE), against=None, home=home, save=saved) is None

    found = replay(plugin=str(EXAMPLE), against=str(saved), home=home)

    assert found is not None
    assert found.changes == ()


def test_another_agencys_plugin_is_not_compared(tmp_path: Path) -> None:
    place = a_plugin(tmp_path)

    with pytest.raises(InvalidInputError, match="it is the plugin of 'harbourside', not of 'housing'"):
        replay(plugin=str(EXAMPLE), against=str(place), home=tmp_path / "nowhere")


def test_the_answers_that_a_check_stored_are_replayed_against_by_their_version(home: Path) -> None:
    plugins.check(clock=CLOCK, plugin="housing", home=home)

    same = replay(plugin="housing", against="1.0", home=home)

    assert same is not None
    assert same.changes == ()
