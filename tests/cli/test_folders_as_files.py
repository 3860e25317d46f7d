"""A folder where a command asks for a file: each says that it is a folder, and none that it was not found."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.cli.command import Stac
from tests.cli.test_examples import EXAMPLES, OF_TOOLS

FILES = (".csv", ".json", ".toml", ".xlsx", ".jsonl", ".graphml", ".xml", ".txt", ".md", ".stacnet", ".stix")
WRITES = ("--out", "--to")
ASKS_BEFORE = {
    "agency import": "its agency is asked first",
    "record restore": "the key that its example names is read first",
}
"""Commands whose example names something else that is not there."""


def first_file(example: str) -> int | None:
    """Return where the first file stands among its words."""
    words = shlex.split(example)[1:]
    return next(
        (
            place
            for place, each in enumerate(words)
            if each.endswith(FILES) and words[place - 1] not in WRITES and not each.startswith("-")
        ),
        None,
    )


WITH_FILE = {
    name: each for name, each in EXAMPLES.items() if each is not None and first_file(each) is not None
}


def run(stac: Stac, name: str, path: Path) -> str:
    """Run an example with this path in place of its file, which is refused; return what it says."""
    given = shlex.split(WITH_FILE[name])[1:]
    place = first_file(WITH_FILE[name])
    assert place is not None
    given[place] = str(path)
    answer = stac(*given)
    assert answer.code == 1
    return answer.err + answer.out


@pytest.mark.parametrize("name", sorted(WITH_FILE.keys() - ASKS_BEFORE.keys() - OF_TOOLS))
def test_each_command_says_that_it_is_a_folder(stac: Stac, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    reason = run(stac, name, tmp_path / "folder")
    assert "it is a folder" in reason
    assert "not found" not in reason


READS = (
    "case screen",
    "order create",
    "referral import",
    "response create",
)


@pytest.mark.parametrize("name", READS)
def test_near_miss_a_file_that_is_not_there_is_not_found(stac: Stac, tmp_path: Path, name: str) -> None:
    reason = run(stac, name, tmp_path / "none.csv")
    assert "the file was not found; check its name" in reason
