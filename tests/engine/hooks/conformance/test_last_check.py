"""The level of an installed plugin's last check: kept small, cheap to read, and out of the plugin's reach."""

from __future__ import annotations

from pathlib import Path

from engine.hooks.conformance.last_check import last_level, store_level
from engine.hooks.conformance.levels import Level, Standing
from engine.hooks.registry import agencies_folder
from tests.engine.hooks.conformance.test_levels import a_report


def test_what_was_kept_is_read_again(tmp_path: Path) -> None:
    level_known = store_level(
        tmp_path, a_report(needed=Standing.FAILED).model_copy(update={"version": "1.2"})
    )

    assert last_level(tmp_path, "harbourside") == level_known
    assert level_known.level is Level.SILVER
    assert level_known.next_level is Level.GOLD
    assert level_known.missing == ("Each field that it asks for makes a difference",)


def test_the_last_check_replaces_the_one_before(tmp_path: Path) -> None:
    store_level(tmp_path, a_report())
    store_level(tmp_path, a_report(answers=Standing.FAILED))

    found = last_level(tmp_path, "harbourside")

    assert found is not None
    assert found.level is None
    assert found.in_words() == "below bronze"


def test_an_agency_that_was_never_checked_has_no_level_and_is_not_called_below_bronze(tmp_path: Path) -> None:
    assert last_level(tmp_path, "harbourside") is None


def test_a_result_that_cannot_be_read_is_no_level(tmp_path: Path) -> None:
    store_level(tmp_path, a_report())
    (tmp_path / "conformance" / "harbourside.json").write_text("{")

    assert last_level(tmp_path, "harbourside") is None


def test_a_level_of_another_version_is_told_as_such(tmp_path: Path) -> None:
    level_known = store_level(tmp_path, a_report().model_copy(update={"version": "1.2"}))

    assert level_known.in_words(version="1.2") == "gold"
    assert level_known.in_words(version="1.3") == "version 1.3 is not checked; version 1.2 reached gold"


def test_a_level_is_that_of_the_files_that_were_checked(tmp_path: Path) -> None:
    level_known = store_level(tmp_path, a_report().model_copy(update={"version": "1.2", "digest": "a" * 64}))

    assert level_known.in_words(version="1.2", digest="a" * 64) == "gold"
    sentence = level_known.in_words(version="1.2", digest="b" * 64)
    assert sentence == "not checked since its files changed; on 15 January 2026 it reached gold"


def test_it_does_not_lie_where_the_plugin_may_write(tmp_path: Path) -> None:
    store_level(tmp_path, a_report())

    assert not agencies_folder(tmp_path, "harbourside").exists()
