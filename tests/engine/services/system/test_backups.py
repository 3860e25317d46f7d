"""A backup is sealed, apart from its keys, tried before it counts, and gone when its time is over."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zlib
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine.domain.errors import InvalidInputError, RecordError, SetupError, StacError
from engine.exchange.sealed_files import Sealed, read_key, read_sealed, write_sealed
from engine.services.access import restrictions
from engine.services.accounts.passwords import give_start_password
from engine.services.system import audit, backups, restoring
from engine.services.system.backup_files import BackupRead
from engine.services.system.backups import SCRATCH, list_backups
from engine.services.system.repeated_acts import WAITING
from engine.settings import Settings
from engine.store.record_state import RESTORING
from engine.store.table_rows import _TO_SQLITE, Kind
from tests.builders import SAFE_HOUSE, Desk, a_referral
from tests.engine.services.system.backed_up import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.under(tmp_path)


def left_in(home: Path) -> set[str]:
    """The names of the files in a home, at any depth."""
    return {file.name for file in home.rglob("*") if file.is_file()} if home.exists() else set()


def test_a_backup_shows_nothing_and_its_keys_are_elsewhere(desk: Desk, places: Places) -> None:
    (case,) = desk.refer(a_referral()).referrals
    made = places.back_up(desk)
    settings = desk.runtime.settings
    secrets = [settings.key_file.read_bytes(), settings.vault_key_file.read_bytes().strip()]
    for file in (made.file, made.keys_file):
        content = file.read_bytes()
        assert file.stat().st_mode & 0o777 == 0o600
        assert not any(text in content for text in (*secrets, case.encode(), b"Roe", SAFE_HOUSE.encode()))
    key = read_key(settings.backup.key_file(settings.home))
    tables = {shape.table for shape in BackupRead(made.file, key).head.shapes}
    assert "involvement" in tables
    assert not tables & {"draft", "one_use", "sign_in", "sign_in_attempt", "runner"}
    parts = list(read_sealed(made.file, Sealed.RECORD, key))
    opened = b"".join(zlib.decompress(part) for part in parts)
    assert b"Roe" in opened
    assert not any(secret in opened for secret in secrets)
    assert not list(settings.home.glob(f"{SCRATCH}*"))
    with desk.runtime.uow.unrecorded() as work:
        entry = json.loads(list(work.audit.entries())[-1].body)
    assert (entry["what"], entry["facts"]["tried"]) == ("back up record", "restored and removed")
    assert (entry["facts"]["backup"], entry["facts"]["digest"]) == (made.name, made.digest)


def test_a_file_that_is_not_as_it_was_made_does_not_open(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(bytes(range(32)))
    key, file = read_key(tmp_path / "key"), tmp_path / "file"
    write_sealed(file, Sealed.RECORD, [b"one", b"", b"three"], key)
    assert list(read_sealed(file, Sealed.RECORD, key)) == [b"one", b"", b"three"]
    whole = file.read_bytes()
    head, (first, second, third) = whole[:PARTS_BEGIN], parts_of(whole)
    changed = bytearray(whole)
    changed[-1] ^= 1
    for content in (
        head + first + second,  # cut at the end of a part
        whole[:-5],
        bytes(changed),
        whole + bytes(64),
        whole + third,
        head + second + first + third,
        head + first + third,
        head,
        b"",
        b"not one of ours" * 20,
        whole[:14] + bytes([Sealed.KEYS]) + whole[15:],
    ):
        file.write_bytes(content)
        with pytest.raises(InvalidInputError, match=r"^backup: [^.]+$"):
            list(read_sealed(file, Sealed.RECORD, key))
    with pytest.raises(InvalidInputError, match="a part is larger than 64 MiB"):  # it would not be read again
        write_sealed(tmp_path / "large", Sealed.RECORD, [b"", bytes(64 * 1024 * 1024)], key)
    with pytest.raises(StacError, match="cannot be written"):  # a sealed file is never replaced
        write_sealed(file, Sealed.RECORD, [b"other"], key)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "key"]


PARTS_BEGIN = 14 + 1 + 8 + 32


def parts_of(content: bytes) -> list[bytes]:
    """The parts of a sealed file, each with its length before it."""
    place, parts = PARTS_BEGIN, []
    while place < len(content):
        end = place + 4 + int.from_bytes(content[place : place + 4])
        parts.append(content[place:end])
        place = end
    return parts


def test_a_wrong_key_keys_of_another_backup_and_one_that_is_cut_leave_nothing(
    desk: Desk, places: Places
) -> None:
    made, second = places.back_up(desk), places.back_up(desk)
    other_key = places.folder.parent / "other.key"
    other_key.write_bytes(bytes(32))
    cut = places.folder / "cut.backup"
    cut.write_bytes(made.file.read_bytes()[:-1])
    for given, sentence in (
        ({"backup": cut}, "incomplete or was changed"),
        ({"key": other_key}, "made with another backup key"),
        ({"keys": second.keys_file}, "the file is of another backup"),
        ({"keys": made.file}, "of the other kind"),
        ({"key": made.file}, "not 32 bytes long"),
        ({"key": places.folder / "none"}, "cannot be read"),
    ):
        with pytest.raises(InvalidInputError, match=sentence):
            places.restore(desk, made, **given)  # type: ignore[arg-type]
    assert left_in(places.new_home) == set()


def test_the_next_backup_of_a_restored_record_has_the_key_that_opened_the_last(
    desk: Desk, places: Places
) -> None:
    made = places.back_up(desk)
    settings = desk.runtime.settings
    elsewhere = places.folder.parent / "third-place.key"
    shutil.copy(settings.backup.key_file(settings.home), elsewhere)
    places.restore(desk, made, key=elsewhere)
    with places.opened(desk) as runtime:
        own = runtime.settings.backup.key_file(runtime.settings.home)
        assert (own.read_bytes(), own.stat().st_mode & 0o777) == (elsewhere.read_bytes(), 0o600)
        again = backups.back_up(
            uow=runtime.uow,
            clock=desk.clock,
            settings=runtime.settings,
            folder=places.folder,
            keys_folder=places.keys_folder,
        )
        assert not again.made_key
    assert BackupRead(again.file, read_key(elsewhere)).head.name == again.name


def test_a_backup_of_a_newer_version_is_refused_in_one_sentence(
    desk: Desk, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = places.back_up(desk)
    monkeypatch.setattr("engine.store.whole_tables.revision_needed", lambda: "0200")
    with pytest.raises(SetupError, match=r"install the newer version of stac-engine that made it$"):
        places.restore(desk, made)
    assert left_in(places.new_home) == set()


def test_a_register_that_was_changed_or_is_of_another_record_is_refused(desk: Desk, places: Places) -> None:
    (case,) = desk.refer(a_referral()).referrals
    made = places.back_up(desk)
    restrictions.restrict(desk.context(desk.chair), reference=case, why="A party works here.")
    settings = desk.runtime.settings
    register = settings.backup.register_file(settings.home)
    lines = register.read_text().splitlines(keepends=True)
    assert "party works here" not in register.read_text()
    changed = places.folder.parent / "changed.jsonl"
    for content in (lines[1:], [lines[0].replace("cora", "dora"), *lines[1:]], ["{}\n", *lines]):
        changed.write_text("".join(content))
        with pytest.raises(InvalidInputError, match="was changed, or is of another record"):
            places.restore(desk, made, registers=[changed])
    changed.write_text("")
    with pytest.raises(InvalidInputError, match=r"it has no line; give .*--without-register"):
        places.restore(desk, made, registers=[changed])
    changed.write_text("".join(lines) + lines[0][:20])  # cut while it was written
    done = places.restore(desk, made, registers=[changed])
    assert done.repeated.by_kind == {"case restricted": 1}
    assert done.newest_act is not None
    assert (done.register_lines, done.newest_act.entry) == (len(lines), json.loads(lines[-1])["entry"])
    carried = places.new_home / "repeated-acts.jsonl"
    assert len(carried.read_text().splitlines()) == len(lines) + 1, "and that its acts were repeated"


def test_an_act_is_recorded_although_the_register_cannot_be_written_and_its_line_waits(
    desk: Desk, places: Places
) -> None:
    first, second, third = desk.refer(a_referral(), a_referral("2"), a_referral("3")).referrals
    made = places.back_up(desk)
    settings = desk.runtime.settings
    register, waiting = settings.backup.register_file(settings.home), settings.home / WAITING
    before = register.read_bytes()
    register.unlink()
    register.mkdir()
    restrictions.restrict(desk.context(desk.chair), reference=first, why="A party works here.")
    assert len(waiting.read_text().splitlines()) == 2, "the act, and that it was recorded"
    register.rmdir()
    register.write_bytes(before)
    restrictions.restrict(desk.context(desk.chair), reference=second, why="A party works here.")
    assert waiting.read_text() == ""
    shutil.copy(register, waiting)  # lines of this record that wait again
    places.back_up(desk)
    assert waiting.read_text() == ""
    restrictions.restrict(desk.context(desk.chair), reference=third, why="A party works here.")
    restrictions.lift(desk.context(desk.chair), reference=third, why="It was a mistake.")  # not repeated
    assert places.restore(desk, made).repeated.by_kind == {"case restricted": 2}


def test_folders_that_are_one_within_the_other_or_hold_the_key_are_refused(
    desk: Desk, places: Places
) -> None:
    common = {**desk.common, "settings": desk.runtime.settings}
    within = places.folder / "keys"
    within.mkdir()
    for folder, keys_folder, sentence in (
        (places.folder, places.folder, "must not be in the folder of backups"),
        (places.folder, within, "must not be in the folder of backups"),
        (places.folder, desk.runtime.settings.home / "keys", "must not be where backups"),
        (places.folder / "none", within, "does not exist"),
        (None, None, "name a folder elsewhere"),
    ):
        with pytest.raises(InvalidInputError, match=sentence):
            backups.back_up(**common, folder=folder, keys_folder=keys_folder)
    assert list(places.folder.iterdir()) == [within]


def test_a_backup_that_cannot_be_restored_does_not_stay(
    desk: Desk, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = audit.verify(uow=desk.runtime.uow).entries
    monkeypatch.setattr("engine.store.table_rows._TO_SQLITE", {**_TO_SQLITE, Kind.INSTANT: lambda _: "1999"})
    with pytest.raises(SetupError, match="was not restored as it was made"):
        places.back_up(desk)
    assert [*places.folder.iterdir(), *places.keys_folder.iterdir()] == []
    assert audit.verify(uow=desk.runtime.uow).entries == before


def test_a_backup_has_its_name_only_after_its_trial_and_what_a_killed_one_left_is_removed(
    desk: Desk, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = desk.runtime.settings
    places.back_up(desk)
    key = read_key(settings.backup.key_file(settings.home)).name.hex()
    named = [*places.folder.iterdir(), *places.keys_folder.iterdir()]
    left = [
        folder / f"{dots}stac-20260101T000000Z-00000000.{key}.untried{end}"
        for folder in (places.folder, places.keys_folder)
        for dots, end in ((".", ""), ("..", ".77"))
    ]
    for each in (*left, places.folder / ".stac-of-another-record.0123.untried"):
        each.touch()
    scratch = settings.home / f"{SCRATCH}killed"
    scratch.mkdir()
    assert backups.expire(**desk.common, settings=settings) == (0, 0)
    assert not scratch.exists()

    try_out = backups.try_out

    def while_only_the_former_is_listed(*given: Path, **more: Path) -> None:
        assert [each.file for each in list_backups(settings=settings, folder=places.folder)] == named[:1]
        assert not any(each.exists() for each in left)
        try_out(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(backups, "try_out", while_only_the_former_is_listed)
    made = places.back_up(desk)
    there = {*places.folder.iterdir(), *places.keys_folder.iterdir()}
    assert {each.name for each in there - {*named, made.file, made.keys_file}} == {
        ".stac-of-another-record.0123.untried"
    }


def test_large_rows_are_divided_into_parts_that_a_restore_may_read(desk: Desk, places: Places) -> None:
    for _ in range(3):
        with desk.runtime.uow.writing(acting=desk.chair, what="import", at=desk.clock.now()) as work:
            work.notes(rows="1" * 3_000_000)
    made = places.back_up(desk)
    key = read_key(desk.runtime.settings.backup.key_file(desk.runtime.settings.home))
    sizes = [len(zlib.decompress(part)) for part in read_sealed(made.file, Sealed.RECORD, key)]
    assert 3_000_000 < max(sizes) < 5_000_000
    assert places.restore(desk, made).rows == made.rows


@pytest.mark.sqlite
def test_a_restore_beside_the_journal_of_another_record_is_refused(desk: Desk, places: Places) -> None:
    made = places.back_up(desk)
    places.new_home.mkdir()
    for end in ("-wal", "-shm", "-journal"):
        left = places.new_home / f"stac.db{end}"
        left.write_bytes(b"of another record")
        with pytest.raises(SetupError, match=rf"\(stac.db{end}\); move stac.db and the files beside it away"):
            places.restore(desk, made)
        assert left_in(places.new_home) == {left.name}
        left.unlink()


@pytest.mark.sqlite
def test_a_journal_that_appears_during_a_restore_is_not_applied_to_it(
    desk: Desk, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = places.back_up(desk)
    place_keys = restoring._place_keys

    def then_a_journal(settings: Settings, staged: Settings, *, backup_key: Path) -> None:
        place_keys(settings, staged, backup_key=backup_key)
        (places.new_home / "stac.db-wal").write_bytes(b"of another record")

    monkeypatch.setattr(restoring, "_place_keys", then_a_journal)
    with pytest.raises(SetupError, match=r"\(stac.db-wal\)"):
        places.restore(desk, made)
    assert "stac.db" not in left_in(places.new_home)


def test_an_act_of_after_an_earlier_restore_is_repeated_although_its_entry_has_a_lower_number(
    desk: Desk, places: Places
) -> None:
    (case,) = desk.refer(a_referral()).referrals
    give_start_password(desk.context(desk.coordinator), name=desk.coordinator.user)
    first = places.back_up(desk)
    for number in range(10):
        desk.refer(a_referral(f"later-{number}"))
    second = places.back_up(desk)
    desk.clock.forward(timedelta(hours=1))
    places.restore(desk, first)
    with places.opened(desk) as runtime:
        restrictions.restrict(runtime.context(desk.chair), reference=case, why="A party works here.")
        assert audit.verify(uow=runtime.uow).entries < second.entries
    register = places.new_home / "repeated-acts.jsonl"
    again = replace(places, new_home=places.new_home.with_name("third-home"))
    done = again.restore(desk, second, registers=[register])
    assert done.repeated.by_kind == {"case restricted": 1}
    assert not done.repeated.start_passwords  # its password is the one that the backup has


def test_expired_backups_and_their_keys_are_deleted_and_the_newest_stays(desk: Desk, places: Places) -> None:
    old = places.back_up(desk)
    chosen = desk.runtime.settings.backup.model_copy(
        update={"folder": places.folder, "keys_folder": places.keys_folder}
    )
    settings = desk.runtime.settings.model_copy(update={"backup": chosen})
    (places.folder / "notes.txt").touch()
    desk.clock.forward(timedelta(days=36))
    assert backups.expire(**desk.common, settings=settings) == (0, 0)
    new = places.back_up(desk)
    assert new.expired == 1
    assert [each.name for each in list_backups(settings=settings)] == [new.name]
    assert {file.name for file in places.folder.iterdir()} == {new.file.name, "notes.txt"}
    assert {file.name for file in places.keys_folder.iterdir()} == {new.keys_file.name}
    assert old.name != new.name
    for name in ("stac-20260101T000000Z-00000000.backup", "stac-20260101T000000Z-00000000.keys"):
        (places.folder / name).mkdir()  # which cannot be deleted as a file
    assert backups.expire(**desk.common, settings=settings) == (0, 1)


@pytest.mark.sqlite
def test_a_restore_that_was_killed_is_refused_to_everybody_and_begun_again(
    desk: Desk, places: Places
) -> None:
    made = places.back_up(desk)
    left = places.new_home / "restoring-killed"
    left.mkdir(parents=True)
    (left / "stac.db").touch()
    places.restore(desk, made)
    assert not left.exists()
    with closing(sqlite3.connect(places.new_home / "stac.db")) as there:
        there.execute("UPDATE alembic_version SET version_num = ?", (RESTORING,))
        there.commit()
    with (
        places.opened(desk) as runtime,
        pytest.raises(RecordError, match="a restore is in progress or was interrupted"),
        runtime.uow.unrecorded(),
    ):
        pass
