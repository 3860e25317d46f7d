"""On a full disk a case can be read and an alarm acknowledged, and the sentence is "the disk is full"."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.domain.drafts import DraftForm
from engine.domain.errors import RecordError
from engine.domain.referrals.intake import AlarmTopic
from engine.runtime import Runtime
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.drafts import open_draft
from engine.services.referrals.incidents import record_incident
from engine.services.referrals.screening import acknowledge_alarm
from engine.services.system import audit
from engine.services.system.reserve import FILE, ON_RESERVE, SIZE, Reserve
from tests.builders import Desk, a_desk, a_referral, an_incident, type_draft

pytestmark = pytest.mark.sqlite
TYPED = "He stood outside the library."


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 160 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", place], check=False)
    if mounted.returncode:
        pytest.skip("a disk of a known size needs the right to mount one")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def fill(place: Path) -> Path:
    """Another program writes until there is no byte left."""
    filler = place / "another-program"
    with filler.open("wb", buffering=0) as out:
        while (free := os.statvfs(place)).f_bavail:
            os.posix_fallocate(out.fileno(), out.seek(0, os.SEEK_END), free.f_bavail * free.f_frsize)
            out.seek(0, os.SEEK_END)
    assert os.statvfs(place).f_bavail == 0
    return filler


def again(desk: Desk, case: str) -> None:
    record_incident(desk.context(desk.coordinator), reference=case, incident=an_incident("2026-02-25"))


def test_the_reserve_is_given_up_for_reading_and_alarms_and_made_again(small_disk: Path) -> None:
    with a_desk(small_disk / "home") as desk:
        home = desk.runtime.settings.home
        (case,) = desk.refer(a_referral(alarms=(AlarmTopic.WEAPON,))).referrals
        reserve = Reserve(desk.runtime.settings)
        reserve.keep()
        assert (home / FILE).stat().st_blocks * 512 >= SIZE
        filler = fill(small_disk)
        with pytest.raises(RecordError, match=r"^the disk is full"):
            again(desk, case)
        assert not (home / FILE).exists()
        for _ in range(50):
            view_case(desk.context(desk.coordinator), reference=case)
        assert worklist(desk.context(desk.coordinator)).first_line == ON_RESERVE
        type_draft(desk, desk.coordinator, case, DraftForm.INCIDENT, TYPED)
        acknowledge_alarm(desk.context(desk.coordinator), reference=case)
        with pytest.raises(RecordError, match=r"^the disk is full"):
            again(desk, case)
        filler.unlink()
        again(desk, case)
        draft = open_draft(desk.context(desk.coordinator), form=DraftForm.INCIDENT, case=case)
        assert TYPED in str(dict(draft.fields))
        assert worklist(desk.context(desk.coordinator)).first_line != ON_RESERVE
        reserve.keep()
        assert (home / FILE).exists()
        assert audit.verify(uow=desk.runtime.uow).ok


def test_a_process_that_starts_on_a_full_disk_reads(small_disk: Path) -> None:
    with a_desk(small_disk / "home") as desk:
        (case,) = desk.refer(a_referral()).referrals
        Reserve(desk.runtime.settings).keep()
        fill(small_disk)
        with Runtime(desk.runtime.settings, clock=desk.clock, environ={}) as runtime:
            view_case(runtime.context(desk.coordinator), reference=case)


def test_without_a_full_disk_nothing_is_given_up(small_disk: Path) -> None:
    with a_desk(small_disk / "home") as desk:
        (case,) = desk.refer(a_referral()).referrals
        Reserve(desk.runtime.settings).keep()
        filler = fill(small_disk)
        os.truncate(filler, filler.stat().st_size - 20_000_000)
        again(desk, case)
        assert (desk.runtime.settings.home / FILE).exists()
        assert worklist(desk.context(desk.coordinator)).first_line != ON_RESERVE
