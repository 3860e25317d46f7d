"""Agencies are found without importing any of them: installed packages, and folders without Python."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine.hooks.discovery import DEFINITION, agencies_in, announced_agencies, announced_at
from tests.engine.hooks.conformance.packages import EXAMPLE, a_plugin


def test_the_built_in_agencies_come_by_their_entry_points() -> None:
    found, faults = announced_agencies({})

    assert {"advocacy", "health", "police", "probation"} <= set(found)
    assert faults == ()
    assert found["police"].definition is None


def test_folders_in_the_home_are_agencies_and_what_is_hidden_or_no_folder_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "agencies.d"
    shutil.copytree(EXAMPLE, folder / "housing")
    (folder / ".old").mkdir()
    (folder / "notes.txt").write_text("no agency")

    assert agencies_in(tmp_path) == {"housing": folder / "housing"}
    assert agencies_in(tmp_path / "nowhere") == {}


def test_a_folder_without_python_runs_the_engines_hooks_and_is_told_where_it_lies() -> None:
    found = announced_at(EXAMPLE)

    assert (found.code, found.package) == ("housing", "engine.hooks.nocode")
    assert found.environment == {DEFINITION: str(EXAMPLE)}
    assert found.definition == EXAMPLE


def test_a_package_with_hooks_is_imported_by_its_own_name(tmp_path: Path) -> None:
    package = a_plugin(tmp_path) / "src" / "stac_harbourside"
    found = announced_at(package)

    assert (found.code, found.package, found.import_root) == (
        "harbourside",
        "stac_harbourside",
        package.parent,
    )
    assert found.environment == {}


def test_a_folder_with_the_code_of_an_installed_agency_is_a_fault() -> None:
    found, faults = announced_agencies({"police": EXAMPLE})

    assert [str(fault) for fault in faults] == [
        "police: two packages announce it: plugins.police and housing"
    ]
    assert found["police"].package == "plugins.police"
