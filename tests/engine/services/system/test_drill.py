"""A drill says what would be lost and leaves nothing: no file, no entry."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from engine.domain.errors import InvalidInputError, SetupError
from engine.runtime import settings_of
from engine.services.system import backup_key
from engine.services.system.drill import Drilled, drill
from engine.settings import Settings
from tests.builders import Desk, a_referral
from tests.engine.services.system.backed_up import Places


@pytest.fixture
def places(tmp_path: Path, desk: Desk) -> Places:
    """Folders of backups, named in the settings of the desk."""
    made = Places.under(tmp_path)
    made.name_in(desk)
    return made


def settings(desk: Desk) -> Settings:
    """The settings as a command reads them."""
    return settings_of({"STAC_HOME": str(desk.runtime.settings.home)})


def drilled(desk: Desk) -> Drilled:
    return drill(**desk.common, settings=settings(desk))


def test_it_counts_what_was_recorded_after_the_newest_backup(desk: Desk, places: Places) -> None:
    desk.refer(a_referral())
    places.back_up(desk)
    before = drilled(desk)
    desk.clock.forward(timedelta(minutes=7))
    desk.refer(a_referral("2"))
    after = drilled(desk)
    assert after.backup == before.backup
    assert (after.lost_entries > before.lost_entries, after.lost_seconds) == (True, 7 * 60)
    newest = places.back_up(desk)
    assert drilled(desk).backup == newest.name
    assert drilled(desk).lost_seconds == 0


def test_the_record_has_no_entry_of_it_and_the_home_no_file(desk: Desk, places: Places) -> None:
    places.back_up(desk)
    home = desk.runtime.settings.home
    with desk.runtime.uow.unrecorded() as work:
        head = work.audit.head()
    files = sorted(home.rglob("*"))
    assert drilled(desk).rows > 0
    with desk.runtime.uow.unrecorded() as work:
        assert work.audit.head() == head
    assert sorted(home.rglob("*")) == files


def test_a_backup_that_was_sealed_with_a_former_key_is_tried_too(desk: Desk, places: Places) -> None:
    made = places.back_up(desk)
    backup_key.rotate(uow=desk.runtime.uow, clock=desk.clock, settings=settings(desk))
    assert drilled(desk).backup == made.name


def test_a_backup_that_cannot_be_restored_is_said(desk: Desk, places: Places) -> None:
    with pytest.raises(SetupError, match="there is no backup to try"):
        drilled(desk)
    made = places.back_up(desk)
    content = bytearray(made.file.read_bytes())
    content[-1] ^= 1
    made.file.write_bytes(content)
    with pytest.raises(InvalidInputError, match="incomplete or was changed"):
        drilled(desk)
    made.keys_file.unlink()
    with pytest.raises(SetupError, match=r"the keys of stac-[^ ]+ are missing"):
        drilled(desk)
