"""A new plugin is written whole or not at all, and is Python and TOML as it stands."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from engine.domain.errors import InvalidInputError
from engine.hooks.manifest import read_manifest
from engine.hooks.new_plugin import write_plugin

ROOT = Path(__file__).parents[3]


def test_every_file_is_filled_in_and_can_be_read(tmp_path: Path) -> None:
    written = write_plugin("youth-justice", name="Children's Services (York) & Son", out=tmp_path)

    assert written.folder == tmp_path / "stac-youth-justice"
    assert written.package == "stac_youth_justice"
    for file in written.files:
        text = (written.folder / file).read_text(encoding="utf-8")
        assert text
        assert "{{" not in text
        if file.endswith(".py"):
            ast.parse(text)
        if file.endswith(".toml"):
            tomllib.loads(text)
    manifest = read_manifest(written.folder / "src" / written.package, agency="youth-justice")
    assert manifest.name == "Children's Services (York) & Son"


@pytest.mark.slow
def test_what_is_written_keeps_our_own_rules_for_code_and_types(tmp_path: Path) -> None:
    written = write_plugin("harbourside", name=None, out=tmp_path)
    source = written.folder / "src" / "stac_harbourside"
    looked = [
        [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--isolated",
            "--select",
            "E,F,I,UP,B",
            "--line-length",
            "110",
        ],
        [sys.executable, "-m", "ruff", "format", "--isolated", "--check", "--line-length", "110"],
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(tmp_path / "mypy")],
    ]
    for command in looked:
        done = subprocess.run(
            [*command, str(source)],
            cwd=written.folder / "src",
            env={"PYTHONPATH": str(ROOT), "MYPYPATH": str(ROOT), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "code", ["Housing", "a--b", "-a", "a-", "", "x", "9a", "../evil", "a b", "caf\u00e9", "a" * 31]
)
def test_what_is_no_code_is_refused_and_nothing_is_written(code: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="name: an agency's code is 2 to 30 lower-case letters"):
        write_plugin(code, name=None, out=tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ['Say "x"', "{x}", "two\nlines", "back\\slash", "x", ""])
def test_a_title_that_would_break_a_file_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="title: give 2 to 79 letters"):
        write_plugin("harbourside", name=name, out=tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    there = tmp_path / "stac-harbourside"
    there.mkdir()
    (there / "mine.txt").write_text("mine")

    with pytest.raises(InvalidInputError, match="the folder stac-harbourside exists already"):
        write_plugin("harbourside", name=None, out=tmp_path)

    assert [file.name for file in there.iterdir()] == ["mine.txt"]


def test_the_code_of_an_installed_agency_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="an installed agency has the code police; choose another"):
        write_plugin("police", name=None, out=tmp_path)


def test_a_place_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(InvalidInputError, match="nothing can be written there"):
        write_plugin("harbourside", name=None, out=tmp_path / "file" / "below")


def test_what_was_begun_is_taken_away_when_it_cannot_be_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.hooks.new_plugin._TEMPLATES", tmp_path / "nowhere")

    with pytest.raises(InvalidInputError, match="nothing can be written there"):
        write_plugin("harbourside", name=None, out=tmp_path / "out")

    assert list((tmp_path / "out").iterdir()) == []
