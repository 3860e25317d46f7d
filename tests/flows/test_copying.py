"""The thread of the runner that copies the record: a fault is logged once and ends nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from engine.runtime import settings_of
from engine.services.system.copies import copies_there
from flows.copying import Copying
from flows.schedules import COPIES
from flows.timing import Timing
from tests.builders import Desk, a_referral
from tests.engine.services.system.backed_up import Places

pytestmark = pytest.mark.sqlite


@pytest.fixture
def places(tmp_path: Path, desk: Desk) -> Places:
    """A desk whose settings name both folders, and a first backup, which makes the key."""
    made = Places.under(tmp_path)
    made.name_in(desk)
    made.back_up(desk)
    desk.runtime.settings = settings_of({"STAC_HOME": str(desk.runtime.settings.home)})
    return made


def no_folder(desk: Desk, places: Places) -> Callable[[], object]:
    aside = places.folder.rename(places.folder.with_name("elsewhere"))
    return lambda: aside.rename(places.folder)


def no_lock(desk: Desk, places: Places) -> Callable[[], object]:
    (desk.runtime.settings.home / "copy.lock").mkdir()
    return (desk.runtime.settings.home / "copy.lock").rmdir


def no_key(desk: Desk, places: Places) -> Callable[[], object]:
    key = desk.runtime.settings.backup.key_file(desk.runtime.settings.home)
    aside = key.rename(key.with_name("aside"))
    return lambda: aside.rename(key)


@pytest.mark.parametrize("fault", [no_folder, no_lock, no_key])
def test_a_fault_is_logged_once_and_the_next_turn_copies(
    desk: Desk,
    places: Places,
    fault: Callable[[Desk, Places], Callable[[], object]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    timing = Timing(desk.runtime)
    copying = Copying(desk.runtime, Event(), timing=timing)
    desk.refer(a_referral())
    mend = fault(desk, places)
    with caplog.at_level(logging.ERROR):
        copying.turn()
        copying.turn()
    (line,) = [each.getMessage() for each in caplog.records if each.name == "flows.copying"]
    assert line.startswith("no copy of the record was made: ")
    assert str(places.folder.parent) not in line
    mend()
    copying.turn()
    assert len(copies_there(desk.runtime.settings)) == 1
    assert COPIES in timing.unwritten()
