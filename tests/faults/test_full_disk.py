"""A disk that fills up while a backup or a copy is written: one sentence, and no file that looks like one."""

from __future__ import annotations

import resource
import signal
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from engine.domain.errors import StacError
from engine.runtime import settings_of
from engine.services.system import audit
from engine.services.system.copies import copy_if_changed
from tests.builders import a_desk, a_referral
from tests.engine.services.system.backed_up import Places
from tests.faults.test_killed_databases import _opened
from tests.forking import forked_from

pytestmark = pytest.mark.sqlite


def _back_up_with_room_for(most: int, home: str, place: str, is_copy: bool, said: Connection) -> None:
    """Back a record up, or copy it, where no file may grow beyond this, as on a disk that is full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with _opened(home) as desk:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        try:
            places = Places(Path(place) / "backups", Path(place) / "backup-keys", Path(place) / "new")
            if is_copy:
                copy_if_changed(**desk.common, settings=settings_of({"STAC_HOME": home}))
            else:
                places.back_up(desk)
        except StacError as error:
            said.send(str(error))
        except (OSError, RuntimeError, ValueError) as error:
            said.send(f"raised {type(error).__name__}: {error}")
        else:
            said.send("made")


def backed_up(home: Path, place: Path, most: int, *, is_copy: bool = False) -> str:
    """What a backup or a copy says in a process of its own."""
    context = forked_from(__name__)
    here, there = context.Pipe(duplex=False)
    process = context.Process(
        target=_back_up_with_room_for, args=(most, str(home), str(place), is_copy, there)
    )
    process.start()
    there.close()
    try:
        return str(here.recv()) if here.poll(60) else "silent"
    finally:
        process.join(30)
        here.close()


@pytest.mark.parametrize(
    "most",
    [
        20_000,
        *(pytest.param(kilobytes * 1000, marks=pytest.mark.full) for kilobytes in (1, 60, 120, 300, 600)),
    ],
)
def test_a_full_disk_during_a_backup_leaves_none_and_the_record_as_it_was(tmp_path: Path, most: int) -> None:
    places = Places.under(tmp_path)
    with a_desk(tmp_path / "home") as desk:
        desk.refer(*(a_referral(str(number)) for number in range(20)))
        before = audit.verify(uow=desk.runtime.uow).entries
    said = backed_up(tmp_path / "home", tmp_path, most)
    assert "raised" not in said
    assert said not in ("made", "silent")
    assert list(places.folder.iterdir()) == []
    assert list(places.keys_folder.iterdir()) == []
    assert not list((tmp_path / "home").glob("scratch-*"))
    with _opened(str(tmp_path / "home")) as desk:
        verdict = audit.verify(uow=desk.runtime.uow)
        assert (verdict.ok, verdict.entries) == (True, before)
        assert places.back_up(desk).rows > 0


@pytest.mark.parametrize(
    "most",
    [
        300_000,
        *(pytest.param(kilobytes * 1000, marks=pytest.mark.full) for kilobytes in (20, 60, 600, 1200)),
    ],
)
def test_a_full_disk_during_a_copy_leaves_none_and_the_next_is_made(tmp_path: Path, most: int) -> None:
    places = Places.under(tmp_path)
    with a_desk(tmp_path / "home") as desk:
        places.name_in(desk)
        places.back_up(desk)
        desk.refer(*(a_referral(str(number)) for number in range(20)))
    before = {file.name for folder in (places.folder, places.keys_folder) for file in folder.iterdir()}
    said = backed_up(tmp_path / "home", tmp_path, most, is_copy=True)
    assert "raised" not in said
    assert said not in ("made", "silent")
    after = {file.name for folder in (places.folder, places.keys_folder) for file in folder.iterdir()}
    assert after == before
    with _opened(str(tmp_path / "home")) as desk:
        assert audit.verify(uow=desk.runtime.uow).ok
        copy = copy_if_changed(**desk.common, settings=settings_of({"STAC_HOME": str(tmp_path / "home")}))
        assert copy is not None
    assert not list((tmp_path / "home").glob("scratch-*"))
