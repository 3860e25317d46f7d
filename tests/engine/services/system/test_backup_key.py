"""A new key of backups: older ones open with the former key, and a kill at any step loses no key."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from engine.domain.errors import InvalidInputError
from engine.exchange.sealed_files import read_key
from engine.runtime import Runtime, open_runtime
from engine.services.system import backup_key
from engine.services.system.backups import back_up
from tests.builders import Desk, a_referral
from tests.engine.services.system.backed_up import Places

pytestmark = pytest.mark.sqlite


@pytest.fixture
def places(tmp_path: Path, desk: Desk) -> Places:
    """Folders of backups, named in the settings of the desk."""
    made = Places.under(tmp_path)
    (desk.runtime.settings.home / "settings.toml").write_text(
        f'[backup]\nfolder = "{made.folder}"\nkeys_folder = "{made.keys_folder}"\n'
    )
    return made


def opened(desk: Desk) -> Runtime:
    """Open the record again, as another process would."""
    return open_runtime({"STAC_HOME": str(desk.runtime.settings.home)}, clock=desk.clock)


def rotated(desk: Desk) -> backup_key.BackupKeyRotated:
    """Change the key as a process of its own would."""
    with opened(desk) as runtime:
        return backup_key.rotate(uow=runtime.uow, clock=runtime.clock, settings=runtime.settings)


def test_an_older_backup_opens_with_the_former_key_and_a_new_one_with_the_new(
    desk: Desk, places: Places
) -> None:
    desk.refer(a_referral())
    old = places.back_up(desk)
    done = rotated(desk)
    assert (done.older_backups, done.went_on, done.not_needed) == (1, False, ())
    assert done.former_file.stat().st_mode & 0o077 == 0
    new = places.back_up(desk)
    with pytest.raises(InvalidInputError, match="made with another backup key"):
        places.restore(desk, old)
    with pytest.raises(InvalidInputError, match="made with another backup key"):
        places.restore(desk, new, key=done.former_file, registers=None)
    assert places.restore(desk, old, key=done.former_file, registers=None).backup == old.name


def test_a_former_key_that_no_backup_needs_is_named(desk: Desk, places: Places) -> None:
    old = places.back_up(desk)
    first = rotated(desk)
    for file in (old.file, old.keys_file):
        file.unlink()
    second = rotated(desk)
    assert set(second.not_needed) == {first.former_file, second.former_file}


def test_there_must_be_a_key(desk: Desk) -> None:
    with pytest.raises(InvalidInputError, match="backup key: it cannot be read"):
        rotated(desk)


def test_killed_at_each_step_it_goes_on_and_loses_no_key(desk: Desk, places: Places) -> None:
    home = desk.runtime.settings.home
    keys = home / "keys"
    places.back_up(desk)
    steps = 0
    while killed_at(steps, desk):
        names = {read_key(file).name for file in keys.glob("backup*.key")}
        made = [file for file in keys.glob("backup.key.new") if file.stat().st_size]
        waiting = read_key(made[0]).name.hex() if made else None
        done = rotated(desk)
        assert waiting in (None, done.key), steps
        assert names | {bytes.fromhex(done.key)} == {read_key(file).name for file in keys.glob("backup*.key")}
        assert not (keys / "backup.key.new").exists()
        assert read_key(keys / "backup.key").name.hex() == done.key
        steps += 1
    assert steps >= 5
    with opened(desk) as runtime:
        back_up(uow=runtime.uow, clock=runtime.clock, settings=runtime.settings)


def killed_at(step: int, desk: Desk) -> bool:
    """Change the key in a process that is killed before it touches a file of the key for this time."""
    child = os.fork()
    if child == 0:
        left = step

        def hook(event: str, given: tuple[object, ...]) -> None:
            nonlocal left
            if event in ("open", "os.link", "os.rename", "os.remove") and "backup.key" in str(given[0]):
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1

        sys.addaudithook(hook)
        try:
            rotated(desk)
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1] == signal.SIGKILL
