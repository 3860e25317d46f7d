"""A copy has all that was recorded, is restored as a backup is, and is removed when its time is over."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.system.doctor_backups import copy_checks
from engine.domain.accounts.acting import flow_acting
from engine.domain.errors import InvalidInputError, SetupError
from engine.exchange.sealed_files import read_key
from engine.runtime import settings_of
from engine.services.system import audit, backup_key, backups, copies, self_verified
from engine.services.system.backup_files import BackupRead
from engine.services.system.copies import Copy, copies_there, copy_if_changed, is_late, not_copied, over
from engine.services.system.drill import drill
from engine.services.system.metrics import metrics
from engine.services.system.regular_work import report_work
from engine.settings import Settings
from tests.builders import SAFE_HOUSE, Desk, a_referral
from tests.engine.services.system.backed_up import Places
from tests.engine.services.test_drafts import a_case, drafts_stored, typed

pytestmark = pytest.mark.sqlite
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def places(tmp_path: Path, desk: Desk) -> Places:
    """Folders that the settings of the desk name, and a first backup, which makes the key."""
    made = Places.under(tmp_path)
    made.name_in(desk)
    made.back_up(desk)
    return made


def settings(desk: Desk) -> Settings:
    return settings_of({"STAC_HOME": str(desk.runtime.settings.home)})


def copied(desk: Desk) -> Copy | None:
    return copy_if_changed(**desk.common, settings=settings(desk))


def made(desk: Desk) -> Copy:
    found = copied(desk)
    assert found is not None
    return found


def names(place: Path) -> set[str]:
    return {file.name for file in place.iterdir()}


def test_a_copy_is_restored_as_a_backup_is_and_has_every_entry(desk: Desk, places: Places) -> None:
    (case,) = desk.refer(a_referral()).referrals
    copy = made(desk)
    with desk.runtime.uow.unrecorded() as work:
        assert (copy.entries, copy.audit_head) == work.audit.head()
    keys = places.keys_folder / f"{copy.name}.keys"
    done = places.restore(desk, None, backup=copy.file, keys=keys)
    assert (done.backup, done.entries) == (copy.name, copy.entries)
    with places.opened(desk) as runtime:
        assert audit.verify(uow=runtime.uow).ok
        with runtime.uow.unrecorded() as work:
            assert work.cases.get(case).reference == case


def test_a_copy_shows_nothing_and_has_no_draft(desk: Desk, places: Places, tmp_path: Path) -> None:
    typed(desk, desk.coordinator, a_case(desk))
    assert drafts_stored(desk) == 1
    copy = made(desk)
    with tempfile.TemporaryDirectory() as place:
        key = settings(desk).backup.key_file(desk.runtime.settings.home)
        BackupRead(copy.file, read_key(key)).unpack(Path(place))
        with closing(sqlite3.connect(Path(place) / "copied.db")) as there:
            assert there.execute("SELECT count(*) FROM draft").fetchone() == (0,)
    content = copy.file.read_bytes()
    assert copy.file.stat().st_mode & 0o777 == 0o600
    assert not any(text in content for text in (b"Roe", SAFE_HOUSE.encode(), b"SQLite format"))
    assert not list(desk.runtime.settings.home.glob(f"{copies.SCRATCH}*"))


def test_no_copy_is_made_where_nothing_was_recorded_and_the_entry_of_a_copy_is_in_it(
    desk: Desk, places: Places
) -> None:
    desk.refer(a_referral())
    first = made(desk)
    assert copied(desk) is None
    desk.clock.forward(timedelta(minutes=5))
    assert copied(desk) is None
    with desk.runtime.uow.unrecorded() as work:
        entry = json.loads(list(work.audit.entries())[-1].body)
    assert (entry["what"], entry["facts"]) == ("begin copy of record", {"copy": first.name})
    desk.refer(a_referral("2"))
    assert not_copied(uow=desk.runtime.uow, settings=settings(desk)).lost_entries > 0
    second = made(desk)
    assert second.entries > first.entries
    assert not_copied(uow=desk.runtime.uow, settings=settings(desk)).lost_entries == 0
    (desk.runtime.settings.home / "retention.toml").write_text("# another choice\n")
    assert made(desk).settings != second.settings


def test_without_a_key_of_backups_none_is_made_and_no_key(desk: Desk, places: Places) -> None:
    key = desk.runtime.settings.backup.key_file(desk.runtime.settings.home)
    key.unlink()
    with pytest.raises(InvalidInputError, match="run 'stac record backup', which makes it"):
        copied(desk)
    assert not key.exists()


def test_copies_of_a_former_key_count_and_those_of_another_record_do_not(desk: Desk, places: Places) -> None:
    first = made(desk)
    backup_key.rotate(**desk.common, settings=settings(desk))
    assert [each.name for each in copies_there(settings(desk))] == [first.name]
    other = places.folder / "stac-20260302T090000Z-00000000.copy"
    other.write_bytes(first.file.read_bytes().replace(b"stac-sealed-1\n", b"stac-sealed-2\n"))
    assert [each.name for each in copies_there(settings(desk))] == [first.name]


def test_a_key_of_the_record_that_changes_meanwhile_leaves_no_copy(
    desk: Desk, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys_of, before = backups.keys_of, (names(places.folder), names(places.keys_folder))
    asked: list[str] = []

    def then_another(name: str, chosen: Settings) -> object:
        asked.append(name)
        found = keys_of(name, chosen)
        return found if len(asked) == 1 else found.model_copy(update={"vault_key": "b3RoZXI="})

    monkeypatch.setattr(copies, "keys_of", then_another)
    with pytest.raises(SetupError, match="keys of the record were changed meanwhile"):
        copied(desk)
    assert (names(places.folder), names(places.keys_folder)) == before


@pytest.mark.parametrize(
    "spoil",
    [lambda content: content[:-1], lambda content: content[:-40] + bytes([content[-40] ^ 1]) + content[-39:]],
    ids=["cut", "changed"],
)
def test_a_copy_that_was_cut_or_changed_is_not_restored(
    desk: Desk, places: Places, spoil: Callable[[bytes], bytes]
) -> None:
    copy = made(desk)
    copy.file.write_bytes(spoil(copy.file.read_bytes()))
    keys = places.keys_folder / f"{copy.name}.keys"
    with pytest.raises(InvalidInputError, match="incomplete or was changed"):
        places.restore(desk, None, backup=copy.file, keys=keys)


def test_the_newest_copy_is_the_one_with_the_newest_entry_though_the_clock_went_back(
    desk: Desk, places: Places
) -> None:
    desk.refer(a_referral())
    desk.clock.forward(timedelta(hours=1))
    first = made(desk)
    desk.clock.move_to(desk.clock.now() - timedelta(seconds=90))
    desk.refer(a_referral("2"))
    second = made(desk)
    assert (second.at < first.at, second.entries > first.entries) == (True, True)
    found = not_copied(uow=desk.runtime.uow, settings=settings(desk))
    assert (found.newest, found.lost_entries, found.since) == (second, 0, None)
    drilled = drill(**desk.common, settings=settings(desk))
    assert (drilled.backup, drilled.is_copy) == (second.name, True)


def test_a_drill_tries_the_copy_and_says_what_is_in_none(desk: Desk, places: Places) -> None:
    copy = made(desk)
    desk.clock.forward(timedelta(minutes=4))
    desk.refer(a_referral())
    desk.clock.forward(timedelta(minutes=1))
    drilled = drill(**desk.common, settings=settings(desk))
    assert (drilled.backup, drilled.is_copy, drilled.archive) == (copy.name, True, None)
    assert (drilled.lost_entries > 0, drilled.lost_seconds, drilled.age_seconds) == (True, 240, 300)
    newer = places.back_up(desk)
    assert drill(**desk.common, settings=settings(desk)).backup == newer.name


def seen_alive(desk: Desk, began: datetime) -> None:
    """A background service that began then gives a sign of life."""
    report_work(**desk.common, by="runner 1 this-machine 7", done={}, every={}, is_alive=True, began_at=began)


def test_what_is_in_no_copy_for_two_intervals_is_late_in_metrics_doctor_and_verification(
    desk: Desk, places: Places
) -> None:
    def late() -> bool:
        found = not_copied(uow=desk.runtime.uow, settings=settings(desk))
        return is_late(found, clock=desk.clock, settings=settings(desk))

    def check() -> tuple[str, str]:
        (found,) = copy_checks(desk.runtime)
        return found.state, found.finding

    desk.runtime.settings = settings(desk)
    made(desk)
    assert check() == ("ok", "the newest copy is of 2026-03-02 09:00 UTC")
    desk.clock.forward(timedelta(hours=3))
    assert not late()  # nothing was recorded since
    desk.refer(a_referral())
    desk.clock.forward(timedelta(minutes=10))
    assert not late()
    desk.clock.forward(timedelta(seconds=1))
    assert late()
    state, finding = check()
    assert state == "WRONG"
    assert finding.startswith("the newest copy is of 2026-03-02 09:00 UTC, and ")
    figures = metrics(**desk.common, settings=settings(desk))
    assert "stac_copy_age_seconds 11401" in figures
    assert "stac_not_copied_seconds 601" in figures
    context = desk.context(flow_acting("verify record", "runner"))
    places.back_up(desk)
    chosen = replace(context, settings=settings(desk))
    assert not self_verified._is_copied(chosen)
    began = desk.clock.now()
    seen_alive(desk, began)
    assert self_verified._is_copied(chosen)  # its first copy may not be there yet
    desk.clock.forward(timedelta(minutes=10, seconds=1))
    seen_alive(desk, began)
    assert not self_verified._is_copied(chosen)
    made(desk)
    assert self_verified._is_copied(chosen)
    assert check()[0] == "ok"


@pytest.mark.parametrize("which", ["folder", "keys_folder"])
def test_a_folder_that_is_gone_is_a_sentence_and_the_next_copy_is_made_when_it_is_back(
    desk: Desk, places: Places, which: str, tmp_path: Path
) -> None:
    desk.runtime.settings = settings(desk)
    there: Path = getattr(places, which)
    there.rename(tmp_path / "elsewhere")
    with pytest.raises((InvalidInputError, SetupError)) as refused:
        copied(desk)
    assert "\n" not in str(refused.value)
    (check,) = copy_checks(desk.runtime)
    assert check.state == "WRONG"
    (tmp_path / "elsewhere").rename(there)
    assert made(desk).file.exists()


def test_while_another_process_copies_this_one_makes_none(desk: Desk, places: Places) -> None:
    with copies._alone(desk.runtime.settings.home) as is_ours:
        assert is_ours
        assert copied(desk) is None
    assert copied(desk) is not None


def test_what_was_erased_leaves_the_copies_with_their_time_also_where_no_copy_can_be_made(
    desk: Desk, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = [made(desk)]
    for number in range(2):
        desk.clock.forward(timedelta(minutes=5))
        desk.refer(a_referral(str(number)))
        old.append(made(desk))
    desk.clock.forward(timedelta(days=8))
    assert copied(desk) is None  # nothing was recorded, and their time is over all the same
    assert [each.name for each in copies_there(settings(desk))] == [old[-1].name]
    desk.refer(a_referral("3"))
    made(desk)
    desk.refer(a_referral("4"))
    monkeypatch.setattr(copies, "SIZE", 10**15)  # no disk has so much room
    with pytest.raises(SetupError, match=r"no copy of the record is made: the disk of the folder"):
        copied(desk)
    assert old[-1].name not in {each.name for each in copies_there(settings(desk))}
    assert {file.stem for file in places.keys_folder.glob("*.keys")} >= {
        each.name for each in copies_there(settings(desk))
    }
    assert not (places.keys_folder / f"{old[0].name}.keys").exists()


def a_copy(at: datetime, number: int = 0) -> Copy:
    name = f"stac-{at:%Y%m%dT%H%M%S}Z-{number:08x}"
    return Copy(name=name, at=at, file=Path(name), entries=number, audit_head="", settings="")


def stay(*ages: timedelta, days: int = 35, newest: int = 0) -> list[timedelta]:
    """The ages of the copies that stay, where the copy of one of them is the newest of the record."""
    there = [a_copy(NOON - age, number) for number, age in enumerate(ages)]
    gone = {each.name for each in over(there, there[newest], now=NOON, days=days)}
    return [NOON - each.at for each in there if each.name not in gone]


def minutes(*some: float) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=each) for each in some)


def test_all_of_two_hours_stay_then_one_of_an_hour_and_then_one_of_a_date() -> None:
    young = minutes(0, 5, 10, 115)
    assert stay(*young) == [*young]
    assert stay(*minutes(0, 185, 190, 235, 245)) == [*minutes(0, 185, 245)]
    days = [timedelta(days=each) for each in (0, 2, 2.1, 3, 6.9, 7)]
    assert stay(*days) == [days[0], days[1], days[3], days[4]]
    assert stay(*days, days=3) == [days[0], days[1]]


def test_the_newest_stays_whatever_its_age_and_what_a_fast_clock_named_does_not_displace_it() -> None:
    assert stay(timedelta(days=400)) == [timedelta(days=400)]
    ahead = [timedelta(minutes=30), timedelta(days=-30), timedelta(days=-30, minutes=5)]
    assert stay(*ahead) == [ahead[0], ahead[1]]
    old = (timedelta(days=-30), timedelta(days=20))
    assert stay(*old, newest=1) == [*old]
