"""A folder where a tool asks for a file, and a file that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Stac
from tests.cli.test_examples import OF_TOOLS
from tests.cli.test_folders_as_files import WITH_FILE, run

ASKS_BEFORE = {"person match"}
"""The mapping that its example names is read first."""


@pytest.mark.parametrize("name", sorted((WITH_FILE.keys() & OF_TOOLS) - ASKS_BEFORE))
def test_each_tool_says_that_it_is_a_folder(stac: Stac, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    reason = run(stac, name, tmp_path / "folder")
    assert "it is a folder" in reason
    assert "not found" not in reason


@pytest.mark.parametrize("name", ["links import", "outcome analyse"])
def test_near_miss_a_file_that_is_not_there_is_not_found(stac: Stac, tmp_path: Path, name: str) -> None:
    reason = run(stac, name, tmp_path / "none.csv")
    assert "the file was not found; check its name" in reason
