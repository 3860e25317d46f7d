"""Why a file could not be read or written: each way in words, and nowhere the name of a class."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest

from engine.domain.file_faults import OTHERWISE, why_not

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_no_fault_of_the_system_is_told_by_the_name_of_a_class(number: int) -> None:
    error = OSError(number, os.strerror(number), "/home/someone/private.toml")
    reason = why_not(error)
    assert "Error" not in reason
    assert "private" not in reason


def test_the_usual_ways_are_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"\xff")
    ways = {
        tmp_path / "none": "no such file or folder",
        tmp_path: "it is a folder",
        file / "in": "a part of its path is not a folder",
        tmp_path / ("n" * 300): "its name is too long",
        file: "it is not UTF-8 text",
    }
    for path, words in ways.items():
        with pytest.raises((OSError, UnicodeError)) as found:
            path.read_text(encoding="utf-8")
        assert why_not(found.value) == words
    assert why_not(OSError("odd")) == OTHERWISE


def test_no_module_puts_the_class_of_an_error_into_brackets_of_a_sentence() -> None:
    places = [
        path.relative_to(ROOT)
        for folder in ("engine", "cli", "dashboard", "flows")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"\(\{type\(\w+\).__name__\}\)", path.read_text(encoding="utf-8"))
    ]
    assert places == []
