"""A desk with the agencies that are installed, the pages that show it, and cases that are played once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.dashboard.conftest import (
    _a_run_is_waited_for,
    _a_script_is_compiled_once,
    _installed_packages_are_looked_through_once,
    _nothing_is_counted_for_streamlit,
    _questions_are_forked,
    _the_program_stays_what_it_was,
    desk,
    visits,
)
from tests.reviews.case_files import read
from tests.reviews.playing import Played, Player

__all__ = [
    "_a_run_is_waited_for",
    "_a_script_is_compiled_once",
    "_installed_packages_are_looked_through_once",
    "_nothing_is_counted_for_streamlit",
    "_questions_are_forked",
    "_the_program_stays_what_it_was",
    "desk",
    "visits",
]


@cache
def _played_before() -> dict[str, Played]:
    return {}


@pytest.fixture
def play(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Played]:
    """Play a case of this name. A process plays each once: every test of it reads the same."""

    def once(name: str) -> Played:
        if name not in _played_before():
            player = Player(request.getfixturevalue("desk"), request.getfixturevalue("visits"), tmp_path)
            _played_before()[name] = player.play(read(name))
        return _played_before()[name]

    return once
