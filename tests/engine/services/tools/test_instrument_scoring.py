"""A file of inputs is scored line by line."""

from __future__ import annotations

import io
import json
import os
import sys
import tracemalloc
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.domain.agencies.scoring import ScoreResult
from engine.hooks.registry import Agencies, load_agencies
from engine.services.agencies.instruments import InstrumentKnown, find_instrument
from engine.services.tools.instrument_scoring import score_lines
from tests.engine.services.agencies.packages import a_package

ON = date(2026, 11, 25)


@pytest.fixture
def agencies(tmp_path: Path) -> Iterator[Agencies]:
    with load_agencies(tmp_path / "home", extra={"quay": a_package(tmp_path)}) as loaded:
        yield loaded


def found(name: str, agencies: Agencies, home: Path) -> InstrumentKnown:
    return find_instrument(agencies=lambda: agencies, home=home, name=name)


def scored(known: InstrumentKnown, agencies: Agencies, *lines: object) -> list[tuple[int, ScoreResult]]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    line_scoreds = score_lines(known=known, agencies=lambda: agencies, lines=io.BytesIO(text.encode()), on=ON)
    return [(each.line, each.result) for each in line_scoreds]


def never() -> Agencies:
    raise AssertionError("no agency is needed for an instrument of the engine")


def test_a_function_runs_in_its_agencys_own_process(agencies: Agencies, tmp_path: Path) -> None:
    ((_, score),) = scored(found("tides", agencies, tmp_path), agencies, {"height": 4})
    assert score.result is not None
    assert score.result["doubled"] == 8
    assert score.result["process"] != os.getpid()
    assert "quay" not in sys.modules


def test_one_bad_line_fails_nothing_else(agencies: Agencies, tmp_path: Path) -> None:
    pairs = scored(
        found("tides", agencies, tmp_path),
        agencies,
        {"height": 1},
        "{",
        "",
        {"height": 13},
        {"heigth": 1},
        {"height": 14},
        {"height": 15},
        {"height": 16},
        {"height": "2"},
        {"height": 3},
    )
    assert [number for number, _ in pairs] == [1, 2, 4, 5, 6, 7, 8, 9, 10]
    good = {number: each.result["doubled"] for number, each in pairs if each.result is not None}
    assert good == {1: 2, 10: 6}
    assert not any("Toyson" in (each.error or "") for _, each in pairs)


def test_more_lines_than_one_message_holds_come_back_in_order(agencies: Agencies, tmp_path: Path) -> None:
    lines = [{"height": 100 + number} if number % 7 else {"height": None} for number in range(1, 451)]
    pairs = scored(found("tides", agencies, tmp_path), agencies, *lines)
    assert [number for number, _ in pairs] == list(range(1, 451))
    good = {number: each.result["doubled"] for number, each in pairs if each.result is not None}
    assert good == {number: 2 * (100 + number) for number in range(1, 451) if number % 7}


def test_a_suspended_agencys_function_is_not_run_and_every_line_says_so(tmp_path: Path) -> None:
    with load_agencies(
        tmp_path / "home", extra={"quay": a_package(tmp_path)}, suspended=["quay"]
    ) as suspended:
        pairs = scored(found("tides", suspended, tmp_path), suspended, {"height": 1}, {"height": 2})
    assert [each.error for _, each in pairs] == ["quay: the plugin is suspended and was not asked"] * 2


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "not JSON"),
        ("[]", "not an object"),
        ("3", "not an object"),
        ("null", "not an object"),
        ('{"fixated": "present", "fixated": "absent"}', "names one thing twice"),
        ('{"fixated": NaN}', "a number that is not valid"),
        ('{"fixated": 1e999}', "a number that is not valid"),
        ('{"fixated": "\\ud800"}', "not UTF-8"),
        ("[" * 200_000, "nested too deeply"),
        ('{"fixated": ' + "9" * 5_000 + "}", "too large"),
        ('{"x": "' + "y" * 256_000 + '"}', "longer than 256 kB"),
    ],
)
def test_a_line_that_cannot_be_read_has_its_own_error(line: str, sentence: str, tmp_path: Path) -> None:
    known = find_instrument(agencies=never, home=tmp_path, name="four")
    text = f'{{"fixated": "present"}}\n{line}\n{{"fixated": "absent"}}\n'.encode()
    scores = [each.result for each in score_lines(known=known, agencies=never, lines=io.BytesIO(text), on=ON)]
    assert [each.error is None for each in scores] == [True, False, True]
    assert sentence in (scores[1].error or "")


def test_a_mark_at_the_beginning_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    known = find_instrument(agencies=never, home=tmp_path, name="four")
    text = b'\xef\xbb\xbf{"fixated": "present"}\r\n\r\n{"fixated": "absent"}'
    line_scoreds = list(score_lines(known=known, agencies=never, lines=io.BytesIO(text), on=ON))
    assert [(each.line, each.result.error) for each in line_scoreds] == [(1, None), (3, None)]


class Endless(io.RawIOBase):
    """A file of one good line, over and over, which counts how much of it was read."""

    def __init__(self, lines: int) -> None:
        self.left = lines

    def readline(self, size: int | None = -1, /) -> bytes:
        self.left -= 1
        return b'{"fixated": "present"}\n' if self.left >= 0 else b""


def test_a_long_file_is_never_held_whole(tmp_path: Path) -> None:
    known = find_instrument(agencies=never, home=tmp_path, name="four")
    tracemalloc.start()
    there: Any = Endless(5_000)
    lines = len([None for _ in score_lines(known=known, agencies=never, lines=there, on=ON)])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert lines == 5_000
    assert most < 3_000_000
