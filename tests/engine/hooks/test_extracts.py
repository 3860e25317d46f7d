"""An agency's folder may hold anything that its plugin put there: nothing of it is followed or waited for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.hooks import extract_reading
from engine.hooks.extracts import SETTINGS_FILE, Extract
from engine.hooks.records import RecordsUnreadableError


@pytest.fixture
def extract(tmp_path: Path) -> Extract:
    made = Extract(tmp_path / "agency")
    made.make()
    (made.folder / "register.csv").write_text("one\n")
    return made


def test_a_link_is_not_read_and_what_it_leads_to_still_changes_the_digest(
    extract: Extract, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.write_text("x")
    (extract.folder / "link").symlink_to(outside)
    first = extract.records().digest
    outside.chmod(0o000)

    assert extract.records().digest == Extract(extract.folder).records().digest
    outside.chmod(0o600)
    outside.write_text("longer")
    os.utime(outside, (1, 1))
    assert extract.records().digest != first


@pytest.mark.parametrize("what", ["pipe", "link to a device without end", "link to nothing"])
def test_what_is_no_file_is_passed_over(extract: Extract, what: str) -> None:
    before = extract.records().digest
    there = extract.folder / "there"
    match what:
        case "pipe":
            os.mkfifo(there)
        case "link to a device without end":
            there.symlink_to("/dev/zero")
        case _:
            there.symlink_to(extract.folder / "absent")

    assert extract.records().digest == before


@pytest.mark.parametrize("what", ["link", "pipe", "folder", "too large"])
def test_settings_that_are_no_plain_file_are_not_read(extract: Extract, tmp_path: Path, what: str) -> None:
    settings = extract.folder / SETTINGS_FILE
    (tmp_path / "others.toml").write_text('secret = "of another agency"\n')
    match what:
        case "link":
            settings.symlink_to(tmp_path / "others.toml")
        case "pipe":
            os.mkfifo(settings)
        case "folder":
            settings.mkdir()
        case _:
            settings.write_text("a = 1\n" + "# x\n" * extract_reading._LARGEST_SETTINGS)

    with pytest.raises(RecordsUnreadableError, match=f"{SETTINGS_FILE} could not be opened"):
        extract.records()


def test_settings_nested_without_end_are_a_sentence_and_no_crash(extract: Extract) -> None:
    (extract.folder / SETTINGS_FILE).write_text("a = " + "[" * 50_000)

    with pytest.raises(RecordsUnreadableError, match=f"{SETTINGS_FILE} has a line that breaks its format"):
        extract.records()


def test_a_file_without_end_costs_no_more_than_its_size_and_date(
    extract: Extract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extract_reading, "_MOST_HASHED", 100)
    large = extract.folder / "large"
    large.write_bytes(b"x" * 1000)
    monkeypatch.setattr(extract_reading, "_content", _only_small(extract_reading._content))
    before = extract.records().digest

    large.write_bytes(b"x" * 1001)

    assert extract.records().digest != before


def _only_small(read: object) -> object:
    def content(place: Path, size: int) -> tuple[str, int | None]:
        assert size <= 100
        return read(place, size)  # type: ignore[operator]

    return content


def test_too_many_files_or_too_deep_folders_are_a_sentence_and_no_crash(
    extract: Extract, monkeypatch: pytest.MonkeyPatch
) -> None:
    extract.folder.joinpath(*["d"] * (extract_reading._DEEPEST + 2)).mkdir(parents=True)
    with pytest.raises(RecordsUnreadableError, match="d could not be opened"):
        extract.records()

    many = Extract(extract.folder.with_name("many"))
    many.make()
    monkeypatch.setattr(extract_reading, "_MOST_FILES", 10)
    for number in range(12):
        (many.folder / f"{number}.csv").touch()
    with pytest.raises(RecordsUnreadableError, match="many could not be opened"):
        many.records()
